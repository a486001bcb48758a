"""The lost-phone button: what ends, whom it lists, and for whom it works."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from data_protection import queries
from data_protection.models import DataIncident, DeskNotice, IncidentMeasure, IncidentWoman
from data_protection.services import AccountOutOfReach, MomentsOutOfOrder, close_incident, report_lost_phone
from participants.models import Participant
from participants.safe_contact import CardPurpose
from participants.services import open_safe_contact_card
from phone.models import PhoneCard
from stations.models import Posting
from tests.factories import NOW, TODAY, ParticipantFactory, StationFactory, UserFactory, VisitFactory, WeekPlanFactory
from visits.models import Visit
from visits.services import register_device, revoke_devices


def visit_to(woman: Participant, on, **fields) -> Visit:
    return VisitFactory(plan=WeekPlanFactory(participant=woman), planned_on=on, **fields)


def opened_by(user, woman) -> None:
    open_safe_contact_card(by=user, participant=woman, purpose=CardPurpose.REVIEW, now=NOW)


def opened_long_ago(user, woman, *, days: int) -> None:
    Event.objects.create(
        at=NOW - timedelta(days=days),
        actor=user.audit_name,
        action="participants.open_card",
        object_type="participant",
        object_id=woman.study_code,
    )


@pytest.mark.requirement("F23", "N19")
def test_one_act_ends_the_sessions_lists_the_women_and_starts_the_clock(desk, woman):
    visit_to(woman, TODAY)
    by = desk.care.supervisor

    incident = report_lost_phone(by=by, user=desk.care.officer, lost_at=NOW - timedelta(hours=3), now=NOW)

    desk.care.officer.refresh_from_db()
    assert (desk.care.officer.session_epoch, desk.care.officer.has_usable_password()) == (1, False)
    assert (incident.kind, incident.account, incident.status) == ("lost_device", desk.care.officer, "open")
    assert incident.due_at == NOW + timedelta(hours=48)
    assert [entry.participant for entry in queries.women_of(incident)] == [woman]
    assert IncidentMeasure.objects.get().measure == "sessions_ended"
    assert DeskNotice.objects.get().kind == "incident_opened"
    assert Event.objects.get(action="data_protection.report_lost_phone").details == {
        "user": desk.care.officer.pk,
        "women": 1,
        "own": False,
    }


def slowly_computed(user, stations) -> dict[str, str]:
    """The women on the phone, one by one and without the queries of the room: a card if opened, else on the list."""
    found = {}
    for woman in Participant.objects.all():
        days = [TODAY + timedelta(days=ahead) for ahead in range(4)]
        if woman.station in stations and any(
            visit.planned_on in days and visit.status != "superseded" for visit in woman.visits.all()
        ):
            found[woman.study_code] = "list"
        for event in Event.objects.all():
            seen = event.action in {"participants.open_card", "participants.update_safe_contact"}
            hers = event.actor == f"user:{user.pk}" and event.object_id == woman.study_code
            if seen and hers and NOW - event.at <= timedelta(days=30):
                found[woman.study_code] = "card"
    return found


@pytest.mark.requirement("N19")
def test_the_list_is_of_cards_opened_and_visits_ahead(desk):
    officer, station = desk.care.officer, desk.care.station
    women = [ParticipantFactory(station=station) for _ in range(8)]
    elsewhere = ParticipantFactory(station=StationFactory())
    opened, listed, both, last_day, too_late, replanned, long_ago, by_other = women
    for woman, day in ((listed, 0), (both, 1), (last_day, 3), (too_late, 4), (by_other, 5)):
        visit_to(woman, TODAY + timedelta(days=day))
    visit_to(replanned, TODAY, status="superseded")
    visit_to(elsewhere, TODAY)
    visit_to(opened, TODAY - timedelta(days=2))
    opened_by(officer, opened)
    opened_by(officer, both)
    opened_by(desk.colleague, last_day)
    opened_long_ago(officer, long_ago, days=31)

    incident = report_lost_phone(by=officer, user=officer, now=NOW)

    written = {entry.participant.study_code: entry.how for entry in queries.women_of(incident)}
    assert written == slowly_computed(officer, [station])
    assert written == {opened.study_code: "card", listed.study_code: "list", both.study_code: "card",
                       last_day.study_code: "list"}  # fmt: skip


def test_a_phone_lost_days_ago_showed_the_visits_since_then_of_the_station_of_that_time(desk):
    lost_at, officer = NOW - timedelta(days=2), desk.care.officer
    then, before, seen_then = (ParticipantFactory(station=desk.care.station) for _ in range(3))
    visit_to(then, TODAY - timedelta(days=2))
    visit_to(before, TODAY - timedelta(days=3))
    opened_long_ago(officer, seen_then, days=31)
    Posting.objects.filter(officer__user=officer).update(ends_on=TODAY - timedelta(days=1))

    incident = report_lost_phone(by=officer, user=officer, lost_at=lost_at, now=NOW)

    listed = {entry.participant: entry.how for entry in queries.women_of(incident)}
    assert listed == {then: "list", seen_then: "card"}


def test_an_interviewers_phone_holds_the_cards_she_opened_and_no_list_of_visits(desk, woman):
    interviewer = desk.care.interviewer
    visit_to(ParticipantFactory(station=desk.care.station), TODAY)
    opened_by(interviewer, woman)

    incident = report_lost_phone(by=interviewer, user=interviewer, now=NOW)

    assert [entry.participant for entry in queries.women_of(incident)] == [woman]


def test_reported_again_it_is_the_same_incident_with_whoever_came_on_the_list_since(desk, woman):
    officer = desk.care.officer
    first = report_lost_phone(by=officer, user=officer, now=NOW)
    visit_to(woman, TODAY)

    again = report_lost_phone(by=desk.care.supervisor, user=officer, now=NOW + timedelta(hours=1))

    officer.refresh_from_db()
    assert again == first
    assert (again.due_at, officer.session_epoch) == (NOW + timedelta(hours=48), 2)
    assert IncidentWoman.objects.get().participant == woman
    assert DeskNotice.objects.count() == 1


def test_lost_again_after_it_was_closed_is_another_incident(desk):
    officer = desk.care.officer
    first = report_lost_phone(by=officer, user=officer, now=NOW)
    close_incident(
        by=desk.administrator,
        incident=first,
        outcome=DataIncident.Outcome.FOUND_UNTOUCHED,
        not_notified_reason="no_exposure",
        now=NOW,
    )

    assert report_lost_phone(by=officer, user=officer, now=NOW) != first


def test_a_supervisor_reports_for_her_station_only(desk):
    with pytest.raises(AccountOutOfReach):
        report_lost_phone(by=desk.care.supervisor, user=desk.care.stranger, now=NOW)

    desk.care.stranger.refresh_from_db()
    assert desk.care.stranger.session_epoch == 0
    assert not DataIncident.objects.exists()


@pytest.mark.parametrize("role", ["officer", "interviewer"])
def test_who_reports_for_herself_cannot_for_a_colleague(desk, role):
    with pytest.raises(AccountOutOfReach):
        report_lost_phone(by=getattr(desk.care, role), user=desk.colleague, now=NOW)


def test_an_administrator_reports_for_anybody(desk):
    researcher = UserFactory(role=Role.RESEARCHER)
    incident = report_lost_phone(by=desk.administrator, user=researcher, now=NOW)
    assert list(queries.women_of(incident)) == []


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.STATISTICIAN, Role.ETHICS_BOARD])
def test_other_roles_have_no_button(desk, role):
    user = UserFactory(role=role)
    with pytest.raises(PermissionMissing):
        report_lost_phone(by=user, user=user, now=NOW)


def test_a_phone_is_not_lost_tomorrow(desk):
    with pytest.raises(MomentsOutOfOrder):
        report_lost_phone(by=desk.care.officer, user=desk.care.officer, lost_at=NOW + timedelta(days=1), now=NOW)


def test_the_station_is_the_one_of_the_day_in_lima(desk, woman):
    # 23:30 in Lima on the 18th is the 19th in UTC: the visit of the 22nd lies four days ahead, not three.
    late = timezone.make_aware(timezone.datetime(2026, 11, 18, 23, 30))
    visit_to(woman, TODAY + timedelta(days=4))

    incident = report_lost_phone(by=desk.care.officer, user=desk.care.officer, now=late)

    assert list(queries.women_of(incident)) == []


@pytest.mark.requirement("F23", "N19")
def test_the_women_whose_cards_lay_on_the_phone_are_told_apart(desk):
    """Of a phone in use, of one closed before, of a colleague's, of one long ago: the first alone lay on the phone."""
    station = desk.care.station
    women = [ParticipantFactory(station=station) for _ in range(4)]
    for woman in women:
        visit_to(woman, TODAY)
    here, before, colleagues, long_ago = women

    def given(user, woman, *, days=0):
        now = NOW - timedelta(days=days)
        phone = register_device(by=user, device_id=uuid4(), now=now)
        assert PhoneCard.objects.bulk_create(
            [PhoneCard(device=phone, participant=woman, given_on=TODAY - timedelta(days=days), given_at=now)]
        )

    given(desk.care.officer, before)
    revoke_devices(by=desk.care.supervisor, user=desk.care.officer, now=NOW - timedelta(days=2))
    given(desk.care.officer, here)
    given(desk.care.officer, long_ago, days=32)
    given(desk.care.supervisor, colleagues)

    incident = report_lost_phone(
        by=desk.care.supervisor, user=desk.care.officer, lost_at=NOW - timedelta(days=1), now=NOW
    )

    written = {entry.participant: entry.how for entry in queries.women_of(incident)}
    assert written == {here: "phone", before: "list", colleagues: "list", long_ago: "list"}
