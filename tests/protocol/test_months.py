from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.months import months_after, months_over


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 23), -12, date(2025, 11, 23)),
    ],
)
def test_months_after_ends_with_a_shorter_month(day, months, expected):
    assert months_after(day, months) == expected


@example(begun=date(2026, 8, 31), on=date(2027, 2, 28), months=6)
@example(begun=date(2028, 2, 29), on=date(2029, 2, 28), months=12)
@given(begun=st.dates(date(2020, 1, 1), date(2040, 12, 31)), on=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
       months=st.integers(0, 60))  # fmt: skip
def test_months_are_over_on_the_day_on_which_they_end(begun, on, months):
    assert (begun <= months_over(on, months)) == (months_after(begun, months) <= on)


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)), months=st.integers(0, 60))
def test_what_began_on_the_day_found_is_over_and_on_the_next_is_not(day, months):
    last = months_over(day, months)

    assert months_after(last, months) <= day < months_after(last + timedelta(days=1), months)
