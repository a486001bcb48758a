from datetime import date

import pytest

from protocol.months import months_after


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
