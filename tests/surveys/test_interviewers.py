"""Women shared out and moved, absences, and the coordinator's pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.absences import AbsenceInvalid, AwayAlready
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.homes import HomeAnswer
from participants.identity import Identity
from participants.models import Conflict, Participant
from participants.services.cards import keep_hashes
from surveys.interviewing import Bar
from surveys.models import InterviewerAbsence, InterviewerChange, InterviewerProfile
from surveys.services import (
    ChangeOvertaken,
    InterviewerBarred,
    InterviewerUnchanged,
    NoInterviewer,
    reassign_woman,
    record_interviewer_absence,
    schedule_waves,
    set_interviewer_profile,
    share_out_women,
    undo_interviewer_change,
    withdraw_interviewer_absence,
)
from surveys.tasks import SWEEPER
from surveys.tasks import share_out_women as share_out_task
from tests.factories import NOW, TODAY, DistrictFactory, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY

Reason = InterviewerChange.Reason


def lives(user, district, most=20):
    return InterviewerProfile.objects.create(
        user=user, district=district, surveys_a_week=most, changed_at=NOW, changed_by=user
    )


@pytest.fixture
def coordinator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def other(study):
    user = UserFactory(role=Role.INTERVIEWER, display_name="Otra")
    lives(user, DistrictFactory())
    return user


@pytest.fixture
def settled(interviewer):
    """The interviewer's district is known, and no woman lives there."""
    lives(interviewer, DistrictFactory())
    return interviewer


def now_asked_by(woman):
    return Participant.objects.get(pk=woman.pk).interviewer


@pytest.mark.parametrize("women", [2, 6])
def test_sharing_out_costs_the_same_for_any_number_of_women(study, settled, django_assert_num_queries, women):
    for _n in range(women):
        ParticipantFactory(enrolled_on=TODAY)
    with django_assert_num_queries(19):
        assert share_out_women(by=SWEEPER, now=NOW) == women


def test_woman_without_interviewer_gets_one_who_does_not_live_near(study, interviewer):
    woman = ParticipantFactory(enrolled_on=TODAY)
    lives(interviewer, woman.station.district)
    assert share_out_women(by=SWEEPER, now=NOW) == 0
    far = UserFactory(role=Role.INTERVIEWER)
    lives(far, DistrictFactory())

    assert share_out_women(by=SWEEPER, now=NOW) == 1
    assert share_out_women(by=SWEEPER, now=NOW) == 0

    assert now_asked_by(woman) == far
    change = InterviewerChange.objects.get()
    assert (change.before, change.after, change.reason, change.changed_by) == (None, far, Reason.RULE, None)
    assert Event.objects.get(action="surveys.share_out").details == {"changed": 1}


def test_woman_who_moves_to_her_interviewers_district_goes_to_another(woman, settled, other):
    woman.station.district = settled.interviewer_profile.district
    woman.station.save()
    share_out_women(by=SWEEPER, now=NOW)
    assert now_asked_by(woman) == other


def test_woman_who_says_that_she_lives_where_her_interviewer_lives_goes_to_another(woman, settled, other, coordinator):
    keep_hashes(woman, Identity("Rosa", home_district=settled.interviewer_profile.district_id))
    assert woman.station.district_id != settled.interviewer_profile.district_id

    share_out_women(by=SWEEPER, now=NOW)

    assert now_asked_by(woman) == other
    with pytest.raises(InterviewerBarred):
        reassign_woman(by=coordinator, participant=woman, interviewer=settled, reason=Reason.LOAD, now=NOW)


def test_her_home_bars_beside_her_station_and_with_both_against_she_has_nobody(woman, settled, other):
    keep_hashes(woman, Identity("Rosa", home_district=settled.interviewer_profile.district_id))
    woman.station.district = other.interviewer_profile.district
    woman.station.save()
    share_out_women(by=SWEEPER, now=NOW)
    assert now_asked_by(woman) is None


def test_coordinator_does_not_read_in_which_district_she_lives(woman, settled, other, coordinator):
    keep_hashes(woman, Identity("Rosa", home_district=other.interviewer_profile.district_id))
    client = Client()
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")

    response = client.get(reverse("interviewer_reassign", args=[woman.study_code]))

    page = response.content.decode()
    with override("es"):
        assert str(Bar.CONFLICT.label) in page
        assert str(Bar.NEIGHBOURHOOD.label) not in page
    assert other.interviewer_profile.district.name not in page


def test_coordinator_reads_how_many_were_not_asked_where_they_live(woman, settled, coordinator):
    client = Client()
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("interviewer_list")).context["without_home"] == 1
    keep_hashes(woman, Identity("Rosa", home_district=HomeAnswer.UNSAID))
    assert client.get(reverse("interviewer_list")).context["without_home"] == 0


def test_police_and_those_who_left_are_never_sent(study):
    UserFactory(role=Role.OFFICER)
    lives(UserFactory(role=Role.INTERVIEWER, is_active=False), DistrictFactory())
    woman = ParticipantFactory()
    share_out_task()
    assert now_asked_by(woman) is None


def test_without_consent_to_surveys_nobody_is_sent(other):
    woman = ParticipantFactory(scopes=("visits",))
    share_out_women(by=SWEEPER, now=NOW)
    assert now_asked_by(woman) is None


def test_declared_conflict_sends_her_to_another(woman, settled, other):
    Conflict.objects.create(participant=woman, user=settled, declared_at=NOW)
    share_out_women(by=SWEEPER, now=NOW)
    assert now_asked_by(woman) == other


def test_absence_lets_others_take_over_and_overlaps_no_other(case, woman, settled, other, coordinator):
    words = {"by": coordinator, "user": settled, "reason": InterviewerAbsence.Reason.REST, "now": NOW}
    absence = record_interviewer_absence(starts_on=TODAY, ends_on=TODAY + timedelta(days=60), **words)
    assert now_asked_by(woman) == other
    with pytest.raises(AwayAlready):
        record_interviewer_absence(starts_on=TODAY + timedelta(days=9), ends_on=None, **words)
    with pytest.raises(AbsenceInvalid):
        record_interviewer_absence(starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1), **words)

    withdraw_interviewer_absence(by=coordinator, absence=absence, now=NOW)
    assert now_asked_by(woman) == other
    assert Event.objects.filter(action="surveys.record_absence").count() == 1


def test_change_by_hand_has_a_reason_and_can_be_undone_once(woman, settled, other, coordinator):
    change = reassign_woman(by=coordinator, participant=woman, interviewer=other, reason=Reason.LOAD, now=NOW)
    assert now_asked_by(woman) == other
    with pytest.raises(InterviewerUnchanged):
        reassign_woman(by=coordinator, participant=woman, interviewer=other, reason=Reason.LOAD, now=NOW)

    undo_interviewer_change(by=coordinator, change=change, now=NOW)
    assert now_asked_by(woman) == settled
    with pytest.raises(ChangeOvertaken):
        undo_interviewer_change(by=coordinator, change=change, now=NOW)
    event = Event.objects.get(action="surveys.reassign_woman")
    assert (event.reason, event.details["before"], event.details["after"]) == ("load", settled.pk, other.pk)


def test_whoever_she_did_not_want_is_not_sent_again(woman, settled, other, coordinator):
    reassign_woman(by=coordinator, participant=woman, interviewer=other, reason=Reason.SHE_ASKED, now=NOW)
    Conflict.objects.create(participant=woman, user=other, declared_at=NOW)
    share_out_women(by=SWEEPER, now=NOW)
    assert now_asked_by(woman) is None
    with pytest.raises(InterviewerBarred):
        reassign_woman(by=coordinator, participant=woman, interviewer=settled, reason=Reason.LOAD, now=NOW)


def test_neighbour_is_never_sent_by_hand_either(woman, settled, coordinator):
    near = UserFactory(role=Role.INTERVIEWER)
    lives(near, woman.station.district)
    with pytest.raises(InterviewerBarred):
        reassign_woman(by=coordinator, participant=woman, interviewer=near, reason=Reason.LOAD, now=NOW)
    with pytest.raises(NoInterviewer):
        reassign_woman(
            by=coordinator, participant=woman, interviewer=UserFactory(role=Role.OFFICER), reason=Reason.LOAD, now=NOW
        )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_the_coordinator_shares_out(role, interviewer):
    words = {"user": interviewer, "district": DistrictFactory(), "surveys_a_week": 3, "now": NOW}
    with pytest.raises(PermissionMissing):
        set_interviewer_profile(by=UserFactory(role=role), **words)


@pytest.mark.parametrize("people", [1, 3])
def test_coordinators_page_costs_the_same_for_any_number(study, coordinator, django_assert_num_queries, people):
    for number in range(people):
        user = UserFactory(role=Role.INTERVIEWER)
        lives(user, DistrictFactory())
        schedule_waves(by=STUDY, participant=ParticipantFactory(interviewer=user), now=NOW)
        InterviewerChange.objects.create(
            participant=ParticipantFactory(), after=user, reason=Reason.LOAD, changed_at=NOW, changed_by=coordinator
        )
        assert number < people
    client = Client()
    client.force_login(coordinator)
    client.get(reverse("interviewer_list"))
    with django_assert_num_queries(20):
        client.get(reverse("interviewer_list"))


def test_coordinator_writes_a_district_down_and_sees_who_waits(study, coordinator, interviewer):
    woman = ParticipantFactory()
    client = Client()
    client.force_login(coordinator)
    assert woman.study_code in client.get(reverse("interviewer_list")).content.decode()

    home = DistrictFactory()
    address = reverse("interviewer_edit", args=[interviewer.pk])
    assert f'<option value="{home.pk}">{home.name}</option>' in client.get(address).content.decode()
    client.post(address, {"profile": "1", "district": home.pk, "surveys_a_week": "7"})

    assert now_asked_by(woman) == interviewer
    assert InterviewerProfile.objects.get(user=interviewer).surveys_a_week == 7
    wrong = client.post(address, {"absence": "1", "starts_on": "2026-01-09", "ends_on": "2026-01-02", "reason": "rest"})
    assert wrong.context["away"].errors
    assert wrong.context["away"]["starts_on"].value() == "2026-01-09"


def test_coordinator_moves_a_woman_and_takes_it_back(woman, settled, other, coordinator):
    client = Client()
    client.force_login(coordinator)
    address = reverse("interviewer_reassign", args=[woman.study_code])
    assert "Rosa" not in client.get(address).content.decode()
    client.post(address, {"interviewer": other.pk, "reason": "load"})
    assert now_asked_by(woman) == other
    client.post(reverse("interviewer_change_undo", args=[InterviewerChange.objects.get().pk]))
    assert now_asked_by(woman) == settled
    assert timezone.now() > NOW
