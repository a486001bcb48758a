"""A morning is asked for once: a minute in which nobody is to be told costs the same for any number of people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import cycle, islice
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from monitoring import services, tasks
from monitoring.models import LastMorning, StaffMessage
from monitoring.presenters.messages import morning_of
from monitoring.queries.mornings import mornings_to_ask
from monitoring.telling import ROLES_TOLD
from tests.factories import NOW, OfficerFactory, ProtocolVersionFactory, StationFactory, UserFactory
from tests.monitoring.sent import SENT, all_jobs_ran, keep
from tests.monitoring.test_mornings import doubtful

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Wednesday, 18 November 2026, nine in the morning in Lima.
MORNING = NOW.replace(hour=14, minute=0)
TOLD = sorted(ROLES_TOLD["morning"] | ROLES_TOLD["surveys"])


@pytest.fixture
def sending(settings):
    keep(settings)
    ProtocolVersionFactory()
    all_jobs_ran(MORNING)


def people(number: int) -> list[User]:
    """Return people of every role that hears of mornings, the supervisors at stations of their own."""
    roles = enumerate(islice(cycle(TOLD), number))
    found = [UserFactory(role=role, work_email=f"{place}@example.org") for place, role in roles]
    for user in found:
        if user.role == Role.SUPERVISOR:
            OfficerFactory(user=user, posted_at=StationFactory())
    return found


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """Return a moment of that Wednesday in Lima, or of a day after it."""
    local: datetime = timezone.localtime(MORNING).replace(hour=hour, minute=minute)
    return local + days * DAY


def told_at(now: datetime) -> list[str]:
    before = len(SENT)
    tasks.tell_everybody(now=now)
    return sorted(address for address, _text in SENT[before:])


@pytest.mark.requirement("F55")
@pytest.mark.parametrize("number", [10, 40])
@pytest.mark.parametrize(
    ("hour", "queries"),
    [
        # Before the stations are counted, in the morning once all were asked for, and in the rest of the day.
        (6, 23),
        (9, 21),
        (15, 17),
        (23, 10),
    ],
)
def test_an_idle_minute_asks_the_same_of_few_and_of_many(db, sending, number, hour, queries, django_assert_num_queries):
    people(number)
    tasks.tell_everybody(now=at(hour))

    with django_assert_num_queries(queries):
        tasks.tell_everybody(now=at(hour, 1))


@pytest.mark.requirement("F55")
def test_whoever_has_nothing_is_asked_for_once_a_day_and_hears_of_it_the_next(db, sending):
    user = UserFactory(role=Role.INTERVIEWER, work_email="interviewer@example.org")
    assert told_at(MORNING) == []
    assert list(LastMorning.objects.values_list("user", "day")) == [(user.pk, timezone.localdate(MORNING))]
    doubtful(desk="interviewer", person=user)

    assert mornings_to_ask(MORNING + MINUTE) == []
    assert told_at(MORNING + MINUTE) == []
    assert told_at(MORNING + DAY) == ["interviewer@example.org"]
    assert told_at(MORNING + DAY + MINUTE) == []
    assert LastMorning.objects.count() == 1


@pytest.mark.requirement("F55")
def test_those_who_hear_weekly_are_asked_for_each_day_until_something_waits(db, sending):
    user = UserFactory(role=Role.STATISTICIAN, work_email="statistician@example.org")
    monday = MORNING - 2 * DAY
    assert [told_at(monday), mornings_to_ask(monday + MINUTE)] == [[], []]
    assert mornings_to_ask(monday + DAY) == [user]


def test_a_worker_that_dies_between_the_counts_and_the_note_is_made_up_for(db, sending):
    user = UserFactory(role=Role.INTERVIEWER, work_email="interviewer@example.org")
    assert morning_of(user, MORNING).due is None
    doubtful(desk="interviewer", person=user)

    assert told_at(MORNING + MINUTE) == ["interviewer@example.org"]
    assert LastMorning.objects.get().counts == {"explain": 1}


def test_a_worker_that_dies_while_it_sends_said_it_once(db, sending, settings):
    user = UserFactory(role=Role.INTERVIEWER, work_email="interviewer@example.org")
    doubtful(desk="interviewer", person=user)
    settings.MESSAGE_SENDERS = dict.fromkeys(("email", "sms"), f"{__name__}.DyingSender")
    with pytest.raises(SystemExit):
        tasks.tell_everybody(now=MORNING)
    keep(settings)

    assert told_at(MORNING + MINUTE) == []
    assert told_at(MORNING + DAY) == ["interviewer@example.org"]


class DyingSender:
    def send(self, address: str, text: str) -> None:
        raise SystemExit


@pytest.mark.parametrize(("hour", "minute", "days", "is_asked"), [
    (11, 59, 0, False), (23, 59, 0, False), (0, 0, 1, False), (5, 59, 1, False), (6, 0, 1, True), (11, 59, 1, True),
])  # fmt: skip
def test_a_quiet_day_ends_at_midnight_in_lima(db, sending, hour, minute, days, is_asked):
    user = UserFactory(role=Role.INTERVIEWER, work_email="interviewer@example.org")
    services.note_morning(user=user, counts={}, now=at(9))
    assert mornings_to_ask(at(hour, minute, days=days)) == ([user] if is_asked else [])


def test_a_note_that_comes_late_takes_no_newer_day_back(db, sending):
    user = UserFactory(role=Role.INTERVIEWER, work_email="interviewer@example.org")
    services.note_morning(user=user, counts={}, now=at(9, days=1))
    # A worker that hung since yesterday.
    services.note_morning(user=user, counts={}, now=at(9))
    assert LastMorning.objects.get().day == timezone.localdate(at(9, days=1))


@pytest.mark.parametrize(
    ("moment", "day"),
    # 04:59 and 05:00 UTC: Lima's midnight.
    [(NOW.replace(hour=4, minute=59), -1), (NOW.replace(hour=5, minute=0), 0)],
)
def test_the_day_is_lima_s(db, moment, day):
    user = UserFactory(role=Role.INTERVIEWER)
    services.note_morning(user=user, counts={}, now=moment)
    assert LastMorning.objects.get().day == NOW.date() + day * DAY


@pytest.mark.requirement("F55")
def test_two_workers_in_the_same_minute_write_once_to_each_and_note_once(committed_study, settings):
    keep(settings)
    ProtocolVersionFactory()
    all_jobs_ran(MORNING)
    busy, idle = (UserFactory(role=Role.INTERVIEWER, work_email=f"{name}@example.org") for name in ("busy", "idle"))
    doubtful(desk="interviewer", person=busy)
    together = Barrier(2)

    def worker(_number: int) -> None:
        together.wait()
        try:
            tasks.tell_everybody(now=MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(worker, range(2)))

    assert [address for address, _text in SENT] == ["busy@example.org"]
    assert list(StaffMessage.objects.values_list("kind", "to")) == [("surveys", f"account:{busy.pk}")]
    assert {row.user_id: row.counts for row in LastMorning.objects.all()} == {busy.pk: {"explain": 1}, idle.pk: {}}
