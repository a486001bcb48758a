"""Each morning in counts: those of one's own first page, only where something waits, once a day, in Lima's morning."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from monitoring.models import StaffMessage
from monitoring.presenters.messages import messages_due
from monitoring.presenters.needs import need_rows
from monitoring.telling import ROLES_TOLD, WEEKLY_ROLES
from quality.models import QualityQuery
from quality.rules import RuleCode
from stations.models import Station
from tests.complaints.told import written
from tests.factories import NOW, OfficerFactory, ProtocolVersionFactory, StationFactory, UserFactory
from tests.monitoring.sent import addresses, all_jobs_ran, keep, send
from tests.panel.planning import proposed
from visits.models import StationDigest

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Wednesday, 18 November 2026, nine in the morning in Lima.
MORNING = NOW.replace(hour=14, minute=0)
MONDAY = MORNING - 2 * DAY
MORNINGS = ("morning", "surveys")


@pytest.fixture(autouse=True)
def sending(settings, db):
    keep(settings)
    ProtocolVersionFactory()
    all_jobs_ran(MORNING)


def person(role: Role, **more) -> User:
    return UserFactory(role=role, work_email=f"{role}@example.org", language="es", **more)


def station_of(supervisor: User) -> Station:
    return OfficerFactory(user=supervisor, posted_at=StationFactory()).postings.get().station


def doubtful(**owner) -> QualityQuery:
    day = timezone.localdate(MORNING)
    return QualityQuery.objects.create(
        rule=RuleCode.values[0], key=str(QualityQuery.objects.count()), happened_at=MORNING, state_changed_at=MORNING,
        opened_at=MORNING, due_on=day, **owner,
    )  # fmt: skip


def lines_of(user: User, now=MORNING) -> dict[str, dict[str, int]]:
    found = [one for one in messages_due(now) if one.kind in MORNINGS and one.reader.to == f"account:{user.pk}"]
    return {line.code: dict(line.counts) for one in found for line in one.lines}


@pytest.mark.requirement("F55", "N8")
@pytest.mark.parametrize("role", sorted(ROLES_TOLD["morning"] | ROLES_TOLD["surveys"]))
def test_the_counts_are_those_of_the_first_page(role):
    user = person(role)
    if role == Role.SUPERVISOR:
        doubtful(desk="station", station=station_of(user))
    if role == Role.INTERVIEWER:
        doubtful(desk="interviewer", person=user)
    # A plan waits for the statistician and the administrator, nobody is on duty, no backup was ever made.
    proposed()
    rows = need_rows(user, now=MORNING)
    by_urgency = {"bad": "now", "warn": "today", "neutral": "later"}
    counts = {"now": 0, "today": 0, "later": 0}
    for row in rows:
        counts[by_urgency[row.kind]] += row.number

    assert lines_of(user).get("waiting") == (counts if rows else None)
    assert bool(rows) is (role != Role.RESEARCHER)


@pytest.mark.parametrize(
    ("role", "asked"), [(Role.SUPERVISOR, {"asked": 2}), (Role.INTERVIEWER, {"asked": 2}), (Role.ADMINISTRATOR, None)]
)
def test_whoever_is_asked_about_data_reads_how_often_in_one_line(role, asked):
    user = person(role)
    owner = {"desk": "interviewer", "person": user}
    if role == Role.SUPERVISOR:
        owner = {"desk": "station", "station": station_of(user)}
    for _number in range(2):
        doubtful(**owner)

    assert lines_of(user).get("asked") == asked
    if role == Role.INTERVIEWER:
        assert send(MORNING, *MORNINGS) == [
            (
                "interviewer@example.org",
                """Preguntas que esperan su respuesta: 2.
En la primera página de su agenda esperan: 0 sin demora, 0 para hoy, 2 para cuando pueda.
Por explicar: 2. Días de espera de lo más antiguo: 0. Fuera de plazo: 0. Ayer: –.""",
            )
        ]


def test_nobody_hears_of_nothing_nor_whoever_is_gone_has_no_address_or_is_an_officer_or_of_the_board():
    person(Role.RESEARCHER)
    person(Role.SUPERVISOR)
    person(Role.OFFICER)
    person(Role.ETHICS_BOARD)
    UserFactory(role=Role.ADMINISTRATOR)
    person(Role.SAFETY_OFFICER, is_active=False)
    assert addresses(MORNING, *MORNINGS) == []


@pytest.mark.requirement("F55")
def test_one_a_day_and_after_seven_dead_days_one_not_seven():
    person(Role.SAFETY_OFFICER)
    assert len(addresses(MORNING, *MORNINGS)) == 1
    assert addresses(MORNING + MINUTE, *MORNINGS) == []
    assert addresses(MORNING + timedelta(hours=2), *MORNINGS) == []
    assert len(addresses(MORNING + 7 * DAY, *MORNINGS)) == 1
    assert addresses(MORNING + 7 * DAY + MINUTE, *MORNINGS) == []
    assert StaffMessage.objects.filter(kind="morning").count() == 2


@pytest.mark.requirement("F55")
def test_those_to_whom_nothing_is_urgent_hear_on_the_first_morning_of_the_week():
    user = person(Role.STATISTICIAN)
    assert user.role in WEEKLY_ROLES
    proposed()
    # The worker was dead on Monday: it is told on Tuesday, once in the week.
    assert addresses(MONDAY + DAY, *MORNINGS) == ["statistician@example.org"]
    assert [addresses(MONDAY + number * DAY, *MORNINGS) for number in (2, 3, 6)] == [[], [], []]
    assert addresses(MONDAY + 7 * DAY, *MORNINGS) == ["statistician@example.org"]


@pytest.mark.parametrize(("hour", "minute", "told"), [(5, 59, 0), (6, 0, 1), (11, 59, 1), (12, 0, 0), (23, 0, 0)])
def test_it_leaves_in_the_morning_of_lima(hour, minute, told):
    proposed()
    person(Role.STATISTICIAN)
    at = timezone.localtime(MORNING).replace(hour=hour, minute=minute)
    assert len(addresses(at, *MORNINGS)) == told


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SAFETY_OFFICER])
@pytest.mark.parametrize(
    ("hour", "is_counted", "told"), [(6, False, 0), (7, False, 0), (8, False, 1), (6, True, 1), (8, True, 1)]
)
def test_it_waits_for_the_counts_of_the_stations_until_eight(role, hour, is_counted, told):
    user = person(role)
    station = station_of(user) if role == Role.SUPERVISOR else StationFactory()
    doubtful(desk="station", station=station)
    if is_counted:
        StationDigest.objects.create(
            station=station, made_for=timezone.localdate(MORNING), made_at=MORNING, planned=4, without_officers=0,
            late=0, unexplained=0, escalated=0, short=0,
        )  # fmt: skip
    at: datetime = timezone.localtime(MORNING).replace(hour=hour)
    assert len(addresses(at, *MORNINGS)) == told
    assert ("morning" in lines_of(user, at + MINUTE)) is False


@pytest.mark.requirement("F55")
def test_whoever_asked_to_be_left_alone_in_the_morning_still_hears_what_happens():
    person(Role.ADMINISTRATOR, hears_mornings=False)
    written()
    assert addresses(MORNING) == ["administrator@example.org"]
    assert list(StaffMessage.objects.values_list("kind", flat=True)) == ["complaint_new"]


def test_a_station_without_anything_to_do_writes_no_row_of_noughts():
    user = person(Role.SUPERVISOR)
    StationDigest.objects.create(
        station=station_of(user), made_for=timezone.localdate(MORNING), made_at=MORNING, planned=0, without_officers=0,
        late=0, unexplained=0, escalated=0, short=0,
    )  # fmt: skip
    assert addresses(MORNING, *MORNINGS) == []
