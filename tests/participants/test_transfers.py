"""A woman goes over to another station at once, in every room, and stays in the arm where she was enrolled."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from interviews.queries import candidates
from monitoring.queries import station_lines
from participants import queries, services
from participants.models import (
    Participant,
    Transfer,
)
from participants.safe_contact import CardPurpose
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
from visits.models import Visit, VisitLog
from visits.services import VisitAnswers, log_visit, plan_week, replan_participant
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
    assert [(woman.id, woman.group) for woman in candidates(TODAY)] == [(two.woman.pk, "risk_scale")]
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
        thread.join()

    assert sorted(results) == ["decided", "done"]
    transfer.refresh_from_db()
    woman = Participant.objects.get(pk=two.woman.pk)
    assert woman.station == (two.there if transfer.state == State.ACCEPTED else two.here)
