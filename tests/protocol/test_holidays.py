from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.holidays import after_working_days, is_holiday, is_working_day

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 7, 28), True),
        (date(2026, 7, 29), True),
        (date(2026, 7, 30), False),
        (date(2027, 3, 26), True),
        (date(2026, 12, 25), True),
        (date(2026, 12, 24), False),
    ],
)
def test_national_holidays_of_peru(day, expected):
    assert is_holiday(day) is expected


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # Monday to Friday of one week.
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        # Counted from a Friday, over the two days of July.
        (date(2026, 7, 24), 1, date(2026, 7, 27)),
        (date(2026, 7, 24), 2, date(2026, 7, 30)),
        # Over the turn of a year.
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_terms_end_on_a_working_day(start, days, last):
    assert after_working_days(start, days) == last


def test_a_term_has_a_day():
    with pytest.raises(ValueError, match="0"):
        after_working_days(date(2026, 11, 23), 0)


@given(DAYS, st.integers(1, 40))
def test_a_term_holds_exactly_its_working_days(start, days):
    last = after_working_days(start, days)

    term = [start + timedelta(days=number) for number in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, term)) == days
    assert is_working_day(last)
