from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.weeks import WeekInvalid, grace_end, monday_of, parse_week, week_label

LIMA = ZoneInfo("America/Lima")


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W48", date(2026, 11, 23)),
        ("2026-W01", date(2025, 12, 29)),
        ("2026-W53", date(2026, 12, 28)),
        ("2025-W52", date(2025, 12, 22)),
    ],
)
def test_a_week_begins_on_its_monday(text, monday):
    assert parse_week(text) == monday
    assert week_label(monday) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2025-W53", "week: 2025-W53 does not exist; 2025 has weeks 01 to 52"),
        ("2026-W54", "week: 2026-W54 does not exist; 2026 has weeks 01 to 53"),
        ("2026-W00", "week: 2026-W00 does not exist; 2026 has weeks 01 to 53"),
        ("0000-W01", "week: 0000-W01 does not exist; 0000 has weeks 01 to 52"),
        ("9999-W52", "week: expected a year from 1900 to 2999, found 9999-W52"),
        ("0001-W01", "week: expected a year from 1900 to 2999, found 0001-W01"),
        ("2026-48", "week: expected year and ISO week such as 2026-W48, found '2026-48'"),
        ("2026-W48 ", "week: expected year and ISO week such as 2026-W48, found '2026-W48 '"),
        ("2026-W4", "week: expected year and ISO week such as 2026-W48, found '2026-W4'"),
        ("٢٠٢٦-W48", "week: expected year and ISO week such as 2026-W48, found '٢٠٢٦-W48'"),
        ("", "week: expected year and ISO week such as 2026-W48, found ''"),
    ],
)
def test_no_week_is_told_in_a_sentence(text, message):
    with pytest.raises(WeekInvalid) as refused:
        parse_week(text)
    assert str(refused.value) == message


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_day_lies_in_the_week_that_its_label_names(day):
    monday = monday_of(day)
    assert monday <= day < monday + timedelta(days=7)
    assert parse_week(week_label(monday)) == monday


@pytest.mark.parametrize(
    ("day", "hours", "ends"),
    [
        (date(2026, 11, 18), 24, datetime(2026, 11, 20, 5, tzinfo=UTC)),
        (date(2026, 11, 18), 1, datetime(2026, 11, 19, 6, tzinfo=UTC)),
        (date(2026, 12, 31), 24, datetime(2027, 1, 2, 5, tzinfo=UTC)),
    ],
)
def test_grace_is_counted_from_the_end_of_the_day_in_lima(day, hours, ends):
    assert grace_end(day, grace_hours=hours, zone=LIMA) == ends


def test_grace_is_elapsed_time_over_a_change_of_the_clock():
    before_summer_time = date(2026, 3, 28)
    ends = grace_end(before_summer_time, grace_hours=24, zone=ZoneInfo("Europe/Madrid"))
    assert ends == datetime(2026, 3, 29, 23, tzinfo=UTC)
