"""The terms of requests by table: working days without Peru's holidays, year end, Lima's midnight."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from data_protection.models import DataRequest
from data_protection.services import take_request
from data_protection.terms import due_on, extended_until, is_overdue, remind_on
from protocol.data_rights import DataRights
from protocol.holidays import is_working_day

DAYS = st.dates(date(2025, 4, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        # An ordinary fortnight: Monday to the Monday after next.
        (date(2026, 11, 16), 10, date(2026, 11, 30)),
        # Received on a Saturday: the term begins on Monday.
        (date(2026, 11, 14), 10, date(2026, 11, 27)),
        # Over 8 and 9 December (Immaculate Conception, Ayacucho), Christmas and New Year.
        (date(2026, 12, 1), 20, date(2027, 1, 4)),
        (date(2026, 12, 21), 10, date(2027, 1, 6)),
        # Over Maundy Thursday and Good Friday 2027.
        (date(2027, 3, 22), 5, date(2027, 3, 31)),
        # Over 23, 28 and 29 July and 6 August.
        (date(2026, 7, 22), 8, date(2026, 8, 7)),
    ],
)
def test_a_term_ends_on_its_last_working_day(received, days, due):
    assert due_on(received, days) == due


def test_an_extension_is_counted_from_the_first_term():
    assert extended_until(date(2026, 11, 30), 10) == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("due", "before", "reminded"),
    [
        (date(2026, 11, 30), 3, date(2026, 11, 25)),
        (date(2027, 1, 6), 3, date(2026, 12, 31)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_the_reminder_comes_working_days_before(due, before, reminded):
    assert remind_on(due, before) == reminded


@pytest.mark.parametrize(("today", "late"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)])
def test_the_last_day_is_not_late(today, late):
    assert is_overdue(date(2026, 11, 30), today) is late


@given(DAYS, st.integers(1, 30), st.integers(0, 10))
def test_a_reminder_is_never_after_its_term(received, days, before):
    due = due_on(received, days)
    assert remind_on(due, before) <= due
    assert is_working_day(remind_on(due, before))


def test_every_kind_of_request_has_its_days():
    terms = DataRights()
    expected = {"access": 20, "information": 8, "portability": 20, "rectification": 10, "cancellation": 10,
                "opposition": 10, "revocation": 5}  # fmt: skip
    assert {kind: terms.days_of(kind) for kind in DataRequest.Kind.values} == expected
    assert terms.extendable < set(expected)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # 23:59 in Lima on the 18th, then midnight: another day, another term.
        (datetime(2026, 11, 19, 4, 59, 59, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 19, 5, 0, tzinfo=UTC), date(2026, 11, 26)),
    ],
)
def test_the_day_of_a_request_is_limas(desk, now, due):
    words = {"kind": DataRequest.Kind.REVOCATION, "channel": DataRequest.Channel.IN_PERSON}
    today = timezone.localdate(now)
    request = take_request(by=desk.administrator, received_on=today, now=now, **words)
    assert request.due_on == due
