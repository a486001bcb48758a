"""A woman goes over to another station at once, in every room, and stays in the arm where she was enrolled."""

import threading
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from interviews.queries import candidates_by_arm
from monitoring.queries import station_lines
from participants import queries, services
from participants.consent_scopes import Part
from participants.models import (
    AccessNotice,
    Conflict,
    ContactOverride,
    OutgoingMessage,
    Participant,
    SafeContactPlan,
    Transfer,
)
from participants.safe_contact import CardPurpose, Contact
from safety.models import SafetyCase
from stations.models import AllocatedStation, AllocationCheck, Station, StationLoss
from tests.factories import (
    NOW,
    TODAY,
    AssessmentFactory,
    CurrentRiskFactory,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    lock_allocation,
)
from tests.participants.conftest import consent_text
from tests.participants.test_services import MORNINGS
from tests.participants.test_views import signed_in
from visits.forms import MissedReasonForm
from visits.models import Visit, VisitLog
from visits.services import VisitAnswers, escalate_missed, log_visit, mark_missed, plan_week, replan_participant
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of

Reason, Decline, State = Transfer.Reason, Transfer.Decline, Transfer.State


@dataclass(frozen=True)
class Two:
    """A station by risk and one as usual, with their police, and a woman of the first whose level is the highest."""

    here: Station
    there: Station
    supervisor: User
    officer: User
    receiver: User
    woman: Participant


def make_two() -> Two:
    ProtocolVersionFactory()
    consent_text()
    here, there = StationFactory(), StationFactory()
    lock_allocation({here: "risk_scale", there: "training"})

    def police(role: Role, at: Station) -> User:
        return OfficerFactory(user=UserFactory(role=role), posted_at=at).user

    woman = ParticipantFactory(station=here, interviewer=UserFactory(role=Role.INTERVIEWER))
    assessment = AssessmentFactory(participant=woman, level="severo_2", level_rank=3, computed_level="severo_2")
    CurrentRiskFactory(assessment=assessment)
    replan_participant(by=PLANNER, participant=woman, now=NOW)
    return Two(
        here, there, police(Role.SUPERVISOR, here), police(Role.OFFICER, here), police(Role.SUPERVISOR, there), woman
    )


@pytest.fixture
def two(db) -> Two:
    return make_two()


def asked(two: Two, agreed_on=TODAY) -> services.Agreement:
    return services.Agreement(asked_by=two.officer, agreed_on=agreed_on)


def propose(two: Two) -> Transfer:
    return services.propose_transfer(
        by=two.supervisor, participant=two.woman, to_station=two.there, reason=Reason.NEW_HOME, agreement=asked(two),
        now=NOW,
    )  # fmt: skip


def hand_over(two: Two, now=NOW) -> Transfer:
    transfer = services.accept_transfer(by=two.receiver, transfer=propose(two), now=now)
    two.woman.refresh_from_db()
    return transfer


def standing(woman, monday) -> set[int]:
    week = woman.visits.filter(status="planned", planned_on__range=(monday, monday + timedelta(days=6)))
    return set(week.filter(planned_on__gt=TODAY).values_list("station", flat=True))


@pytest.mark.requirement("F1")
def test_acceptance_moves_her_and_her_visits_in_one_act_and_keeps_her_arm(two):
    next_monday = monday_of(TODAY) + WEEK
    before = two.woman.visits.filter(status="planned", planned_on__gte=next_monday).count()
    assert before == 7

    hand_over(two)

    assert (two.woman.station, two.woman.enrolled_station) == (two.there, two.here)
    assert standing(two.woman, monday_of(TODAY)) == standing(two.woman, next_monday) == {two.there.pk}
    # Seven a week, as at the station where she was enrolled, though the other one visits twice.
    assert two.woman.visits.filter(status="planned", planned_on__gte=next_monday).count() == before
    assert set(two.woman.week_plans.filter(superseded_at=None).values_list("reason", flat=True)) == {"station_changed"}
    plan_week(by=PLANNER, monday=next_monday + WEEK, station_ids=[two.there.pk], now=NOW)
    assert two.woman.visits.filter(planned_on__gte=next_monday + WEEK).count() == 7


def test_the_old_station_loses_sight_of_her_at_once_and_the_new_one_sees_her(two):
    visit = two.woman.visits.filter(planned_on__gt=TODAY).first()
    hand_over(two)

    for user, sees in ((two.supervisor, False), (two.receiver, True)):
        assert list(queries.participants_listed(user)) == ([two.woman] if sees else [])
        assert Visit.objects.visible_to(user).filter(participant=two.woman).exists() == sees
    client = signed_in(two.officer)
    assert client.get(reverse("safe_contact_card", args=[two.woman.study_code])).status_code == 404
    assert client.get(reverse("visit_detail", args=[visit.pk])).status_code == 404
    assert client.get(reverse("visit_api_list")).json() == []


def test_her_card_opens_for_the_new_station_until_her_safe_contact_was_gone_through(two):
    hand_over(two)
    two.woman.safe_contact.refresh_from_db()
    assert two.woman.safe_contact.review_wanted_at == NOW
    Visit.objects.filter(participant=two.woman).update(status="superseded")

    services.open_safe_contact_card(by=two.receiver, participant=two.woman, purpose=CardPurpose.REVIEW, now=NOW)
    services.update_safe_contact(
        by=two.receiver, participant=two.woman, safe_contact=MORNINGS, changes={}, now=NOW + timedelta(hours=1)
    )

    two.woman.safe_contact.refresh_from_db()
    assert two.woman.safe_contact.review_wanted_at is None


def test_counts_targets_and_choices_by_arm_stay_with_the_station_of_enrolment(two):
    consented = two.woman.consents.create(scope="interview", text_version="1", given_at=NOW)
    assert consented
    hand_over(two)

    progress = queries.enrolment_progress([two.here.pk, two.there.pk], today=TODAY)
    assert [progress[station.pk].enrolled for station in (two.here, two.there)] == [1, 0]
    assert candidates_by_arm(TODAY) == {"risk_scale": [two.woman.pk], "training": []}
    lines = station_lines(monday=monday_of(TODAY), today=TODAY)
    assert [line.enrolled for line in lines] == [1, 0]


@pytest.mark.parametrize(
    "change",
    [
        lambda two: Participant.objects.update(enrolled_station=two.there),
        lambda _two: Transfer.objects.update(state=State.DECLINED, declined_for=Decline.TIES),
        lambda _two: Transfer.objects.all().delete(),
    ],
)
def test_the_database_keeps_the_station_of_enrolment_and_what_was_decided(two, change):
    hand_over(two)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(two)


# --- Logs that were under way ----------------------------------------------------------------------------------------


@pytest.mark.requirement("F20")
def test_what_the_old_stations_officer_logged_before_is_kept_when_it_arrives_later(two):
    two.woman.visits.filter(planned_on=TODAY).delete()
    plan = two.woman.week_plans.filter(monday=monday_of(TODAY)).first()
    visit = Visit.objects.create(
        plan=plan, participant=two.woman, station=two.here, planned_on=TODAY, window_from="09:00", window_until="12:00",
        grace_ends_at=NOW + timedelta(days=2), status_changed_at=NOW,
    )  # fmt: skip
    hand_over(two, now=NOW + timedelta(hours=1))
    visit.refresh_from_db()
    assert visit.status == "planned"

    log = log_visit(
        by=two.officer, visit=visit, log_id=uuid4(), outcome=VisitLog.Outcome.UNSAFE, occurred_at=NOW,
        now=NOW + timedelta(hours=5), answers=VisitAnswers(reason="weapon", safety_concern=True),
    )  # fmt: skip

    visit.refresh_from_db()
    assert (log.logged_by, visit.status) == (two.officer, "attempted")
    assert SafetyCase.objects.filter(participant=two.woman).exists()


def test_a_stranger_and_a_telephone_that_comes_weeks_later_log_nothing(two):
    visit = two.woman.visits.order_by("planned_on").first()
    hand_over(two)
    stranger = OfficerFactory(posted_at=StationFactory()).user
    for by, now in ((stranger, NOW), (two.officer, NOW + timedelta(days=15))):
        with pytest.raises(services.ParticipantOutOfReach):
            log_visit(
                by=by, visit=visit, log_id=uuid4(), outcome=VisitLog.Outcome.NOBODY_HOME, occurred_at=NOW, now=now
            )


# --- Refusals --------------------------------------------------------------------------------------------------------


def test_who_left_or_is_away_is_not_transferred(two):
    for status, error in (
        ("withdrawn", services.ParticipantLeft),
        ("deceased", services.ParticipantLeft),
        ("moved", services.NotTransferable),
    ):
        Participant.objects.filter(pk=two.woman.pk).update(status=status)
        with pytest.raises(error):
            propose(two)


def test_only_another_station_of_the_study_that_was_not_lost_receives(two):
    for station in (two.here, StationFactory()):
        with pytest.raises(services.ReceiverNotInStudy):
            services.propose_transfer(
                by=two.supervisor, participant=two.woman, to_station=station, reason=Reason.SAFETY,
                agreement=asked(two), now=NOW,
            )  # fmt: skip
    lose(two.there)
    with pytest.raises(services.ReceiverNotInStudy):
        propose(two)


@pytest.mark.requirement("F4")
@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("withdrawn", "not_said"),
        ("deceased", "deceased"),
        ("completed", "end"),
        ("moved", "moved"),
        ("lost", "not_found"),
    ],
)
def test_who_leaves_or_is_away_has_her_proposal_called_off_in_the_same_act(two, to, reason):
    transfer = propose(two)
    words = {"by": two.supervisor, "participant": two.woman, "reason": reason, "now": NOW}
    if to == "withdrawn":
        services.withdraw_participant(**words)
    else:
        services.change_status(**words, to=Participant.Status(to))

    transfer.refresh_from_db()
    assert (transfer.state, transfer.decided_by, transfer.decided_at) == ("called_off", two.supervisor, NOW)
    called_off = Event.objects.get(action="participants.call_off_transfer")
    assert (called_off.object_id, called_off.reason) == (two.woman.study_code, reason)
    with pytest.raises(services.TransferDecided):
        services.accept_transfer(by=two.receiver, transfer=transfer, now=NOW)


def test_who_rests_or_ends_a_part_is_still_proposed(two):
    transfer = propose(two)
    services.withdraw_in_part(by=two.supervisor, participant=two.woman, parts=[Part.SURVEYS], reason="tired", now=NOW)
    services.change_status(
        by=two.supervisor, participant=two.woman, to=Participant.Status.PAUSED, reason="travel", now=NOW
    )
    transfer.refresh_from_db()
    assert transfer.state == State.PROPOSED


# --- Her agreement ---------------------------------------------------------------------------------------------------


def test_who_asked_her_and_when_is_kept_and_the_database_wants_it(two):
    transfer = propose(two)
    assert (transfer.asked_by, transfer.agreed_on) == (two.officer, TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(asked_by=None)


@pytest.mark.parametrize(
    ("asked_by", "days", "error"),
    [
        ("officer", 0, None),
        ("officer", 1, services.AgreementDayWrong),
        ("officer", -400, services.AgreementDayWrong),
        ("receiver", 0, services.NotAskedHere),
    ],
)
def test_she_agreed_while_she_took_part_and_to_somebody_who_cares_for_her(two, asked_by, days, error):
    agreement = services.Agreement(getattr(two, asked_by), TODAY + timedelta(days=days))
    with pytest.raises(error) if error else nullcontext():
        services.propose_transfer(
            by=two.supervisor, participant=two.woman, to_station=two.there, reason=Reason.NEW_HOME,
            agreement=agreement, now=NOW,
        )  # fmt: skip


# --- What the old station began --------------------------------------------------------------------------------------


def allow(two, by, kind: Contact) -> ContactOverride:
    return services.override_contact(
        by=by, participant=two.woman, kind=kind, on=TODAY + timedelta(days=1), window=(time(22), time(23)),
        reason=ContactOverride.Reason.SHE_ASKED, sentence="She asked for it at the last visit", now=NOW,
    )  # fmt: skip


@pytest.mark.requirement("F40", "F55")
def test_what_the_old_station_wrote_and_allowed_ends_with_the_transfer_and_her_interviewers_stays(two):
    SafeContactPlan.objects.filter(participant=two.woman).update(channel="message")
    woman = Participant.objects.get(pk=two.woman.pk)
    later = {"participant": woman, "way": "sms", "text_code": "see_you", "queued_at": NOW, "state_changed_at": NOW}
    later |= {"not_before": NOW + timedelta(hours=20), "expires_at": NOW + timedelta(days=5)}
    of_police = OutgoingMessage.objects.create(**later, purpose="visits", queued_by=two.supervisor)
    of_surveys = OutgoingMessage.objects.create(**later, purpose="surveys", queued_by=two.woman.interviewer)
    visit, call = allow(two, two.supervisor, Contact.VISIT), allow(two, two.woman.interviewer, Contact.MESSAGE)

    hand_over(two)

    assert list(OutgoingMessage.objects.order_by("pk").values_list("pk", "state", "why")) == [
        (of_police.pk, "cancelled", "other_station"),
        (of_surveys.pk, "queued", ""),
    ]
    for override, ended_at in ((visit, NOW), (call, None)):
        override.refresh_from_db()
        assert override.ended_at == ended_at
    day, window = TODAY + timedelta(days=1), (time(22), time(23))
    assert queries.override_for(woman, Contact.VISIT, day, window) is None
    # The new station writes its own for the same day.
    assert allow(two, two.receiver, Contact.VISIT).ended_at is None


def test_every_exception_ends_when_she_leaves(two):
    override = allow(two, two.supervisor, Contact.VISIT)
    services.withdraw_participant(by=two.supervisor, participant=two.woman, reason="not_said", now=NOW)
    override.refresh_from_db()
    assert override.ended_at == NOW


@pytest.mark.requirement("F14")
def test_a_visit_of_the_old_station_that_nobody_logged_has_its_reason_and_is_on_nobodys_list(two):
    two.woman.visits.filter(planned_on__lte=TODAY).delete()
    plan = two.woman.week_plans.filter(monday=monday_of(TODAY)).first()
    words = {
        "plan": plan, "participant": two.woman, "station": two.here, "window_from": "09:00", "window_until": "12:00",
        "status_changed_at": NOW,
    }  # fmt: skip
    yesterday, today = TODAY - timedelta(days=1), TODAY
    missed = Visit.objects.create(**words, planned_on=yesterday, status="missed", grace_ends_at=NOW)
    begun = Visit.objects.create(**words, planned_on=today, grace_ends_at=NOW + timedelta(days=2))
    hand_over(two, now=NOW + timedelta(hours=1))

    mark_missed(by=PLANNER, now=NOW + timedelta(days=3))

    for visit in (missed, begun):
        visit.refresh_from_db()
        assert (visit.status, visit.missed_reason, visit.missed_explained_by) == ("missed", "handed_over", None)
    escalate_missed(by=PLANNER, now=NOW + timedelta(days=10))
    assert not Visit.objects.filter(pk__in=(missed.pk, begun.pk), escalated_at__isnull=False).exists()
    assert "handed_over" not in dict(MissedReasonForm().fields["reason"].choices)


def refused_and_reported(two, by) -> list:
    notices = AccessNotice.objects.filter(kind="conflict_refused", participant=two.woman, user=by)
    refused = Event.objects.filter(action="participants.refuse_act", object_id=two.woman.study_code)
    return [notices.count(), [event.details["refusal"] for event in refused]]


@pytest.mark.requirement("N28")
@pytest.mark.parametrize(
    "act",
    [
        lambda two: services.withdraw_participant(by=two.supervisor, participant=two.woman, reason="not_said", now=NOW),
        lambda two: services.withdraw_in_part(
            by=two.supervisor, participant=two.woman, parts=[Part.SURVEYS], reason="tired", now=NOW
        ),
        lambda two: services.change_status(
            by=two.supervisor, participant=two.woman, to=Participant.Status.PAUSED, reason="safety", now=NOW
        ),
        lambda two: services.postpone_return(
            by=two.supervisor, participant=two.woman, return_on=TODAY + timedelta(days=3), now=NOW
        ),
        propose,
    ],
)
def test_who_has_to_do_with_her_case_decides_nothing_for_her_and_it_is_reported(two, act):
    Conflict.objects.create(participant=two.woman, user=two.supervisor, declared_at=NOW)
    with pytest.raises(services.ActRefused):
        act(two)
    two.woman.refresh_from_db()
    assert (two.woman.status, Transfer.objects.count()) == ("enrolled", 0)
    assert refused_and_reported(two, two.supervisor) == [1, ["act_refused"]]


@pytest.mark.requirement("N28", "F4")
def test_no_conflict_keeps_her_in_the_study_for_an_administrator_records_what_she_ends(two):
    Conflict.objects.create(participant=two.woman, user=two.supervisor, declared_at=NOW)
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    url = reverse("participant_withdraw", args=[two.woman.study_code])
    assert two.woman.study_code in client.get(url).content.decode()

    ended = client.post(url, {"what": "whole", "past": "keep", "reason": "not_said", "confirmed": "on"})

    assert ended.status_code == 302, ended.context["form"].errors
    two.woman.refresh_from_db()
    assert two.woman.status == "withdrawn"
    assert not two.woman.visits.filter(status="planned", planned_on__gt=timezone.localdate()).exists()
    withdrawal = two.woman.withdrawals.get()
    papers = client.get(ended.headers["Location"]).content.decode()
    assert reverse("withdrawal_paper", args=[two.woman.study_code, withdrawal.pk]) in papers
    assert client.get(reverse("participant_status", args=[two.woman.study_code])).status_code == 403


@pytest.mark.requirement("N28")
def test_who_has_to_do_with_her_case_takes_her_into_no_care_of_his(two):
    transfer = propose(two)
    Conflict.objects.create(participant=two.woman, user=two.receiver, declared_at=NOW)
    with pytest.raises(services.ActRefused):
        services.accept_transfer(by=two.receiver, transfer=transfer, now=NOW)
    assert refused_and_reported(two, two.receiver) == [1, ["act_refused"]]

    two.woman.refresh_from_db()
    assert two.woman.station == two.here
    services.decline_transfer(by=two.receiver, transfer=transfer, reason=Decline.TIES, now=NOW)


def test_each_side_does_its_own_part_and_each_decision_is_made_once(two):
    transfer = propose(two)
    with pytest.raises(services.TransferOpenAlready):
        propose(two)
    with pytest.raises(services.ParticipantOutOfReach):
        services.accept_transfer(by=two.supervisor, transfer=transfer, now=NOW)
    with pytest.raises(services.ParticipantOutOfReach):
        services.call_off_transfer(by=two.receiver, transfer=transfer, now=NOW)
    with pytest.raises(PermissionMissing):
        services.accept_transfer(by=two.officer, transfer=transfer, now=NOW)

    services.decline_transfer(by=two.receiver, transfer=transfer, reason=Decline.TIES, now=NOW)

    with pytest.raises(services.TransferDecided):
        services.accept_transfer(by=two.receiver, transfer=transfer, now=NOW)
    services.call_off_transfer(by=two.supervisor, transfer=propose(two), now=NOW)
    assert list(Transfer.objects.order_by("pk").values_list("state", "declined_for")) == [
        ("declined", "ties"),
        ("called_off", ""),
    ]
    two.woman.refresh_from_db()
    assert two.woman.station == two.here


def test_while_planning_is_stopped_she_still_goes_over_and_nobody_of_the_old_station_visits_her(two):
    AllocationCheck.objects.create(checked_at=timezone.now(), problem="the stored arms differ from the certificate")
    hand_over(two)
    assert two.woman.station == two.there
    assert not two.woman.visits.filter(status="planned", planned_on__gt=TODAY).exists()


def test_who_rests_goes_over_without_visits_and_they_are_planned_there_when_she_returns(two):
    services.change_status(
        by=two.supervisor, participant=two.woman, to=Participant.Status.PAUSED, reason="safety", now=NOW
    )
    hand_over(two)
    assert standing(two.woman, monday_of(TODAY) + WEEK) == set()
    services.change_status(
        by=two.receiver, participant=two.woman, to=Participant.Status.ENROLLED, reason="returned", now=NOW
    )
    assert standing(two.woman, monday_of(TODAY) + WEEK) == {two.there.pk}


# --- A station that is lost ------------------------------------------------------------------------------------------


def lose(station) -> None:
    drawn = AllocatedStation.objects.get(station=station)
    StationLoss.objects.create(
        allocated=drawn, lost_on=TODAY, reason="closed", recorded_at=NOW, recorded_by=UserFactory()
    )


def test_an_administrator_gives_the_women_of_a_lost_station_to_another(two):
    admin = UserFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(services.StationNotLost):
        services.transfer_from_lost_station(by=admin, participant=two.woman, to_station=two.there, now=NOW)
    lose(two.here)
    client, url = signed_in(admin), reverse("lost_station_transfer", args=[two.woman.study_code])
    assert two.woman.study_code in client.get(reverse("lost_station_list")).content.decode()
    assert client.post(url, {"to_station": str(two.here.pk)}).context["form"].errors

    client.post(url, {"to_station": str(two.there.pk)})

    two.woman.refresh_from_db()
    assert two.woman.station == two.there
    assert Transfer.objects.get().reason == "station_lost"
    assert "Todas tienen estación" in client.get(reverse("lost_station_list")).content.decode()


def test_a_proposal_that_nobody_answers_is_called_off_by_an_administrator_and_frees_her(two):
    admin = UserFactory(role=Role.ADMINISTRATOR)
    transfer = propose(two)
    lose(two.here)
    client = signed_in(admin)
    with pytest.raises(services.TransferOpenAlready):
        services.transfer_from_lost_station(by=admin, participant=two.woman, to_station=two.there, now=NOW)
    call_off = reverse("transfer_call_off", args=[transfer.pk])
    assert call_off in client.get(reverse("lost_station_list")).content.decode()

    assert client.post(call_off).headers["Location"] == reverse("lost_station_list")

    transfer.refresh_from_db()
    assert (transfer.state, transfer.decided_by) == ("called_off", admin)
    services.transfer_from_lost_station(by=admin, participant=two.woman, to_station=two.there, now=timezone.now())
    two.woman.refresh_from_db()
    assert two.woman.station == two.there
    assert client.post(call_off).status_code == 404


def test_whom_she_left_learns_that_she_went_and_not_where_and_forgets_it_after_some_days(two):
    hand_over(two)
    url = reverse("transfer_list")
    page = signed_in(two.supervisor).get(url)
    (row,) = page.context["rows"]
    assert (row.to_station, row.transfer.state) == ("", "accepted")
    there = queries.station_codes()[two.there.pk]
    assert there not in page.content.decode()
    assert two.receiver.display_name not in page.content.decode()
    (taken,) = signed_in(two.receiver).get(url).context["rows"]
    assert taken.to_station == there

    went = timezone.now() - timedelta(days=15)
    Transfer.objects.create(
        participant=ParticipantFactory(station=two.there), from_station=two.here, to_station=two.there,
        reason="new_home", state="accepted", proposed_by=two.supervisor, asked_by=two.supervisor,
        agreed_on=went.date(), proposed_at=went, decided_by=two.receiver, decided_at=went,
    )  # fmt: skip
    assert len(signed_in(two.supervisor).get(url).context["rows"]) == 1
    assert len(signed_in(two.receiver).get(url).context["rows"]) == 2


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_two_supervisors_hand_a_woman_over_on_their_pages(two):
    url = reverse("transfer_propose", args=[two.woman.study_code])
    client = signed_in(two.supervisor)
    empty = client.post(url, {"to_station": str(two.there.pk), "reason": "new_home"})
    assert "confirmed" in empty.context["form"].errors
    told = {"asked_by": str(two.officer.pk), "agreed_on": timezone.localdate().isoformat()}
    client.post(url, {"to_station": str(two.there.pk), "reason": "new_home", "confirmed": "on", **told})
    transfer = Transfer.objects.get()
    assert transfer.asked_by == two.officer
    receiver = signed_in(two.receiver)
    decide = reverse("transfer_decide", args=[transfer.pk])
    assert decide in receiver.get(reverse("transfer_list")).content.decode()
    assert f'href="{decide}"' not in client.get(reverse("transfer_list")).content.decode()
    assert "declined_for" in receiver.post(reverse("transfer_decline", args=[transfer.pk])).context["form"].errors
    assert "Aceptar" in receiver.get(decide).content.decode()

    response = receiver.post(reverse("transfer_accept", args=[transfer.pk]))

    assert response.headers["Location"] == reverse("participant_history", args=[two.woman.study_code])
    assert client.get(reverse("participant_history", args=[two.woman.study_code])).status_code == 404
    again = receiver.post(reverse("transfer_accept", args=[transfer.pk]), follow=True)
    assert "ya fue decidido" in again.content.decode()


def test_the_ledger_shows_arms_to_their_readers_alone(two):
    hand_over(two)
    for role in Role:
        page = signed_in(UserFactory(role=role)).get(reverse("participant_crossings"))
        may = role in (Role.ADMINISTRATOR, Role.STATISTICIAN)
        assert page.status_code == (200 if may else 403)
        if may:
            (row,) = page.context["rows"]
            assert row.crosses_arms
            assert two.woman.study_code in page.content.decode()


@pytest.mark.parametrize("women", [1, 3])
def test_the_lists_ask_the_database_the_same_for_any_number(two, women, django_assert_num_queries):
    for _ in range(women - 1):
        other = ParticipantFactory(station=two.here)
        services.propose_transfer(
            by=two.supervisor, participant=other, to_station=two.there, reason=Reason.SAFETY, agreement=asked(two),
            now=NOW,
        )  # fmt: skip
    propose(two)
    client = signed_in(two.receiver)
    with django_assert_num_queries(6):
        assert len(client.get(reverse("transfer_list")).context["rows"]) == women


# --- Two at once -----------------------------------------------------------------------------------------------------


def test_two_who_decide_at_once_decide_once(committed_study):
    two = make_two()
    transfer = propose(two)
    results, start = [], threading.Barrier(2)

    def decide(act) -> None:
        try:
            start.wait()
            act()
            results.append("done")
        except services.TransferDecided:
            results.append("decided")
        finally:
            connection.close()

    acts = (
        lambda: services.accept_transfer(by=two.receiver, transfer=transfer, now=NOW),
        lambda: services.decline_transfer(by=two.receiver, transfer=transfer, reason=Decline.TIES, now=NOW),
    )
    threads = [threading.Thread(target=decide, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(results) == ["decided", "done"]
    transfer.refresh_from_db()
    woman = Participant.objects.get(pk=two.woman.pk)
    assert woman.station == (two.there if transfer.state == State.ACCEPTED else two.here)
