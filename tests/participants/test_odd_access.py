"""Odd access, found in the audit as it grows: one notice for a person and window, however often it is swept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import due_visits, queries, services
from participants.looking import Look
from participants.models import AccessNotice, AccessSweep
from participants.presenters.looking import look_rows
from participants.services.notices import review_notice
from participants.tasks import WATCHER, watch_access
from protocol.queries import current_protocol
from tests.factories import NOW, OfficerFactory, ParticipantFactory, UserFactory, VisitFactory
from tests.participants.conftest import make_care
from tests.participants.test_openings import opened
from tests.participants.test_views import signed_in

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # in Lima
NIGHT = datetime(2026, 11, 19, 4, 30, tzinfo=UTC)  # 23:30 in Lima
MINUTE = timedelta(minutes=1)
LIMIT = 20


@pytest.fixture(autouse=True)
def _chained(request):
    """Let the database link each event at once: here nothing is ever committed."""
    if "committed_study" not in request.fixturenames:
        request.getfixturevalue("db")
        connection.cursor().execute("SET CONSTRAINTS audit_event_linked IMMEDIATE")


@pytest.fixture
def safety_officer(_chained):
    return UserFactory(role=Role.SAFETY_OFFICER)


def act(user, woman="P1", at=NOON, action="participants.open_card", **details) -> Event:
    return Event.objects.create(
        at=at, actor=user.audit_name, actor_role=user.role, action=action, object_type="participant",
        object_id=woman, details=details or {"purpose": "visit"},
    )  # fmt: skip


def many(user, count: int, *, at=NOON) -> None:
    for number in range(count):
        act(user, f"P{number}", at + number * MINUTE)


def swept(now=NOW) -> list[tuple[str, int, int]]:
    services.watch_access(by=WATCHER, now=now)
    return list(AccessNotice.objects.order_by("kind", "pk").values_list("kind", "user", "times"))


@pytest.mark.requirement("N27")
@pytest.mark.parametrize(("cards", "expected"), [(LIMIT, []), (LIMIT + 1, [1]), (LIMIT + 3, [3])])
def test_more_cards_than_the_protocol_says_are_put_before_the_safety_officer(care, cards, expected):
    assert current_protocol().cards.many_cards_an_hour == LIMIT
    many(care.officer, cards)

    assert swept() == [("many_cards", care.officer.pk, times) for times in expected]


@pytest.mark.requirement("N27")
def test_a_sweep_done_twice_tells_nothing_twice_and_a_later_act_counts_on_the_same_notice(care):
    many(care.officer, LIMIT + 1)
    act(care.supervisor, at=NIGHT)
    first = swept()
    assert first == [("at_night", care.supervisor.pk, 1), ("many_cards", care.officer.pk, 1)]
    assert services.watch_access(by=WATCHER, now=NOW) == 0
    AccessSweep.objects.update(position=0)  # as after a restore: all of it is read again
    assert swept() == first

    act(care.officer, "P99", NOON + 22 * MINUTE)
    act(care.supervisor, at=NIGHT + 60 * MINUTE)

    assert swept() == [("at_night", care.supervisor.pk, 2), ("many_cards", care.officer.pk, 2)]


def test_what_comes_after_a_verdict_is_a_notice_of_its_own(care, safety_officer):
    act(care.officer, at=NIGHT)
    swept()
    review_notice(by=safety_officer, notice=AccessNotice.objects.get(), verdict="in_order", now=NOW)
    assert swept() == [("at_night", care.officer.pk, 1)]

    act(care.officer, at=NIGHT + MINUTE)
    act(care.officer, at=NIGHT + 2 * MINUTE)

    assert swept() == [("at_night", care.officer.pk, 1), ("at_night", care.officer.pk, 2)]
    assert services.watch_access(by=WATCHER, now=NOW) == 0


def test_refusals_again_and_again_are_told(care):
    quiet = ParticipantFactory(station=care.station)
    for _ in range(current_protocol().cards.refusals_a_day):
        with pytest.raises(services.CardNotDue):
            opened(care.officer, quiet)
    assert swept() == []

    with pytest.raises(services.CardNotDue):
        opened(care.officer, quiet)

    assert swept() == [("not_due", care.officer.pk, 4)]


@pytest.mark.parametrize(
    ("window", "status", "told"),
    [
        ((time(20), time(22)), "planned", 0),
        ((time(20), time(21, 29)), "planned", 1),
        ((time(8), time(12)), "planned", 1),
        ((time(20), time(22)), "superseded", 1),
    ],
)
def test_a_card_at_night_is_not_odd_when_her_visit_is(care, woman, window, status, told):
    VisitFactory(plan__participant=ParticipantFactory(station=care.station))
    woman.visits.update(window_from=window[0], window_until=window[1], status=status, planned_on="2026-11-18")
    act(care.officer, woman.study_code, at=NIGHT)

    assert len(swept()) == told


@pytest.mark.parametrize(
    ("moment", "is_near"),
    [("13:59", False), ("14:00", True), ("15:00", True), ("20:00", True), ("20:01", False)],
)
def test_a_visit_is_near_from_an_hour_before_its_hours_until_two_after(care, woman, moment, is_near):
    woman.visits.update(window_from=time(15), window_until=time(18), planned_on="2026-11-18")
    hour, minute = map(int, moment.split(":"))

    at = datetime(2026, 11, 18, hour, minute, tzinfo=UTC) + timedelta(hours=5)

    assert due_visits.has_visit_near(woman.pk, at) is is_near
    assert not due_visits.has_visit_near(woman.pk, at + timedelta(days=1))


@pytest.mark.parametrize(
    ("window", "moment", "is_near"),
    [
        ((time(20), time(23, 30)), "2026-11-19T01:30", True),
        ((time(20), time(23, 30)), "2026-11-19T01:31", False),
        ((time(20), time(21)), "2026-11-19T00:00", False),
        ((time(0, 30), time(2)), "2026-11-17T23:30", True),
        ((time(0, 30), time(2)), "2026-11-17T23:29", False),
    ],
)
def test_a_visit_is_near_over_midnight_too(care, woman, window, moment, is_near):
    woman.visits.update(window_from=window[0], window_until=window[1], planned_on="2026-11-18")
    assert due_visits.has_visit_near(woman.pk, datetime.fromisoformat(f"{moment}-05:00")) is is_near


def test_other_acts_and_the_system_are_not_access(care):
    for number in range(LIMIT + 5):
        act(care.officer, f"P{number}", action="risk.assess")
    assert swept() == []
    assert queries.access_events(0, 10**9) == []


def test_only_the_part_of_the_system_that_watches_may_sweep(care):
    with pytest.raises(PermissionMissing):
        services.watch_access(by=care.supervisor, now=NOW)


def test_the_sweep_goes_on_where_it_stopped_and_keeps_a_record_only_of_what_it_told(care):
    act(care.officer, at=NIGHT)
    watch_access()
    head = AccessSweep.objects.get().position
    told = Event.objects.get(action="participants.watch_access")
    assert (told.actor, told.details) == ("system:access watcher", {"windows": 1, "until": head})

    watch_access()
    watch_access()

    assert Event.objects.filter(action="participants.watch_access").count() == 1
    assert AccessSweep.objects.get().position == head + 1


def test_one_open_notice_a_window_stands_in_the_database(care):
    window = {"window_from": NOON, "window_until": NIGHT}
    AccessNotice.objects.create(kind="at_night", user=care.officer, raised_at=NOW, **window)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessNotice.objects.create(kind="at_night", user=care.officer, raised_at=NOW, **window)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessNotice.objects.create(kind="at_night", raised_at=NOW, window_from=NIGHT, window_until=NOON)


@pytest.mark.requirement("N27")
def test_two_sweeps_at_once_tell_once(committed_study):
    care, together = make_care(), Barrier(2)
    many(care.officer, LIMIT + 2)

    def sweep(_number):
        together.wait()
        try:
            return services.watch_access(by=WATCHER, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, range(2))) == [0, 1]
    assert AccessNotice.objects.get().times == 2


@pytest.mark.requirement("N27")
def test_the_safety_officer_sees_the_openings_in_question(care, safety_officer, woman):
    for number in range(LIMIT):
        act(care.officer, f"P{number}", NOON - 30 * MINUTE + number * MINUTE)
    act(care.officer, woman.study_code, NOON + MINUTE)
    act(care.officer, "P777", NOON + 61 * MINUTE)
    act(care.supervisor, "P888")
    swept()
    client = signed_in(safety_officer)
    assert "Muchas fichas en una hora" in client.get(reverse("access_notice_list")).content.decode()

    page = client.get(reverse("access_notice", args=[AccessNotice.objects.get().pk])).content.decode()

    assert reverse("who_looked", args=[woman.study_code]) in page
    listed = [f"P{number}<" in page for number in (0, LIMIT - 1, 777, 888)]
    assert listed == [True, True, False, False]
    assert [row.order for row in look_rows(list(queries.looks_at(woman)), reader=safety_officer)] == ["To look at"]


def test_what_was_odd_shows_its_verdict_on_her_list(care, safety_officer, woman):
    act(care.officer, woman.study_code, NIGHT)
    swept()
    review_notice(by=safety_officer, notice=AccessNotice.objects.get(), verdict="followed_up", now=NOW)
    act(OfficerFactory(posted_at=care.station).user, woman.study_code, NIGHT)

    told = [(row.what, row.order) for row in look_rows(list(queries.looks_at(woman)), reader=safety_officer)]

    assert told == [(Look.CARD.label, "By the rules"), (Look.CARD.label, "Followed up with the station")]
