"""What follows a woman's part stops and resumes with it, in the same transaction, in every room."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from audit.models import Event
from interviews.models import Interview, Selection
from participants import followers, services
from participants.checks import every_room_follows
from participants.consent_scopes import Part, Scope
from participants.models import Consent, Participant
from referrals.models import Referral
from stations.models import AllocationCheck
from surveys.models import SurveyCase
from surveys.services import mark_overdue, schedule_waves
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, ReferralFactory, VisitFactory
from tests.participants.test_services import consent_to
from tests.surveys.conftest import STUDY

Status = Participant.Status
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def followed(care) -> Participant:
    """A woman who agreed to everything: a visit tomorrow, all waves, an offer being followed, an interview to come."""
    ProtocolVersionFactory()
    woman = ParticipantFactory(
        station=care.station, interviewer=care.interviewer, enrolled_on=TODAY - timedelta(days=92), scopes=Scope.values
    )
    VisitFactory(plan__participant=woman, planned_on=TOMORROW)
    schedule_waves(by=STUDY, participant=woman, now=NOW)
    ReferralFactory(participant=woman)
    selection = Selection.objects.create(seed="1", rule="seeded_random", per_arm=1, selected_at=NOW)
    Interview.objects.create(selection=selection, participant=woman, position=1)
    return woman


def signs_anew(care, woman, *scopes) -> None:
    services.renew_consent(by=care.supervisor, participant=woman, consent=consent_to(*scopes), now=NOW)


def planned(woman) -> bool:
    return woman.visits.filter(status="planned", planned_on__gt=TODAY).exists()


def surveys(woman) -> set[tuple[str, str]]:
    return set(woman.survey_cases.values_list("status", "missed_reason"))


def others(woman) -> tuple[str, str]:
    return Referral.objects.get(participant=woman).status, Interview.objects.get(participant=woman).status


def test_exactly_these_rooms_follow_and_the_start_fails_without_one(monkeypatch):
    assert followers.ROOMS == ("participants", "referrals", "visits", "surveys", "interviews")
    assert every_room_follows() == []

    monkeypatch.delitem(followers._followers, "surveys")

    (error,) = every_room_follows()
    assert (error.id, error.msg) == ("participants.E002", "surveys does not follow a woman's part in the study")
    with pytest.raises(ImproperlyConfigured, match="training is not among"):
        followers.follow_with("training", followers._followers["visits"])


def test_nothing_of_her_part_changes_while_a_room_does_not_follow(care, followed, monkeypatch):
    monkeypatch.delitem(followers._followers, "visits")

    with pytest.raises(ImproperlyConfigured):
        services.withdraw_participant(by=care.supervisor, participant=followed, reason="her_wish", now=NOW)

    followed.refresh_from_db()
    assert followed.status == Status.ENROLLED
    assert followed.consents.filter(ended_at=None).count() == len(Scope)


@pytest.mark.requirement("F4")
def test_withdrawal_stops_every_room_at_once(care, followed):
    services.withdraw_participant(by=care.supervisor, participant=followed, reason="her_wish", now=NOW)

    assert not planned(followed)
    assert surveys(followed) == {("cancelled", "her_choice")}
    assert others(followed) == ("stopped", "stopped")
    actions = set(Event.objects.values_list("action", flat=True))
    assert {f"{room}.follow" for room in followers.ROOMS} <= actions


@pytest.mark.requirement("F4")
@pytest.mark.parametrize(
    ("part", "visits_go_on", "cases", "rest"),
    [
        (Part.VISITS, False, {("due", "")}, ("offered", "selected")),
        (Part.SURVEYS, True, {("cancelled", "her_choice")}, ("offered", "stopped")),
    ],
)
def test_a_part_that_ends_stops_what_follows_it_and_nothing_else(care, followed, part, visits_go_on, cases, rest):
    services.withdraw_in_part(by=care.supervisor, participant=followed, parts=[part], reason="time", now=NOW)

    assert (planned(followed), surveys(followed), others(followed)) == (visits_go_on, cases, rest)


@pytest.mark.requirement("F16")
def test_a_pause_holds_visits_and_surveys_and_a_return_takes_them_up_at_once(care, followed):
    services.change_status(by=care.supervisor, participant=followed, to=Status.PAUSED, reason="safety", now=NOW)
    assert not planned(followed)
    assert surveys(followed) == {("on_hold", "paused")}
    assert others(followed) == ("offered", "selected")

    services.change_status(by=care.supervisor, participant=followed, to=Status.ENROLLED, reason="returned", now=NOW)

    assert planned(followed)
    assert surveys(followed) == {("due", ""), ("late", "")}
    assert set(followed.survey_cases.filter(window_until__lt=TODAY).values_list("status", flat=True)) == {"late"}


@pytest.mark.parametrize(("to", "reason"), [(Status.DECEASED, "deceased"), (Status.COMPLETED, "end")])
def test_another_end_cancels_her_surveys_with_her_status_as_the_reason(care, followed, to, reason):
    services.change_status(by=care.supervisor, participant=followed, to=to, reason=reason, now=NOW)

    assert not planned(followed)
    assert surveys(followed) == {("cancelled", str(to))}
    assert others(followed) == ("stopped", "stopped")


@pytest.mark.parametrize(("to", "reason"), [(Status.MOVED, "moved"), (Status.LOST, "not_found")])
def test_who_moved_away_or_is_lost_is_not_visited_and_may_still_answer(care, followed, to, reason):
    services.change_status(by=care.supervisor, participant=followed, to=to, reason=reason, now=NOW)

    assert not planned(followed)
    assert surveys(followed) == {("due", "")}


def test_a_consent_that_lapses_holds_her_surveys_and_signing_again_takes_them_up(care, followed):
    Consent.objects.update(lapses_on=TODAY)
    followed.survey_cases.filter(wave="baseline").delete()
    mark_overdue(by=STUDY, now=NOW)
    assert surveys(followed) == {("on_hold", "not_renewed")}

    signs_anew(care, followed, "visits", "surveys")

    assert planned(followed)
    assert surveys(followed) == {("due", "")}
    assert Interview.objects.get().status == "stopped"


def test_a_scope_left_out_of_the_newer_text_stops_with_the_signature(care, followed):
    Consent.objects.update(lapses_on=TODAY + timedelta(days=30))

    signs_anew(care, followed, "surveys")
    assert not planned(followed)
    assert surveys(followed) == {("due", "")}

    Consent.objects.update(lapses_on=TODAY + timedelta(days=30))
    signs_anew(care, followed, "visits")
    assert planned(followed)
    assert surveys(followed) == {("cancelled", "her_choice")}

    Consent.objects.update(lapses_on=TODAY + timedelta(days=30))
    signs_anew(care, followed, "visits", "surveys")
    open_again = followed.survey_cases.filter(window_until__gte=TODAY)
    assert set(open_again.values_list("status", flat=True)) == {"due"}
    assert set(followed.survey_cases.filter(window_until__lt=TODAY).values_list("status", flat=True)) == {"cancelled"}


def test_following_twice_changes_nothing(care, followed):
    services.change_status(by=care.supervisor, participant=followed, to=Status.PAUSED, reason="travel", now=NOW)
    before = list(SurveyCase.objects.order_by("pk").values()), list(followed.visits.order_by("pk").values())

    woman = Participant.objects.get(pk=followed.pk)
    followers.follow(by=care.supervisor, change=followers.PartChange(woman, "travel", NOW + timedelta(hours=1)))

    assert before == (list(SurveyCase.objects.order_by("pk").values()), list(followed.visits.order_by("pk").values()))


def test_stopping_never_waits_for_a_draw_to_be_checked_and_a_return_waits_with_everybody(care, followed):
    AllocationCheck.objects.create(checked_at=timezone.now(), problem="the stored arms differ from the certificate")

    services.change_status(by=care.supervisor, participant=followed, to=Status.PAUSED, reason="safety", now=NOW)
    assert not planned(followed)

    services.change_status(by=care.supervisor, participant=followed, to=Status.ENROLLED, reason="returned", now=NOW)
    followed.refresh_from_db()
    assert followed.status == Status.ENROLLED
    assert not planned(followed)
