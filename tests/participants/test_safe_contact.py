"""The rule of safe contact, on both sides of every boundary."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.safe_contact import (
    LIMA,
    Contact,
    SafeContact,
    allows_channel,
    is_safe,
    is_safe_window,
    next_safe_moment,
)

MORNINGS = SafeContact((2, 4), time(9), time(12), "message")
MESSAGE = Contact.MESSAGE
# 17 November 2026 is a Tuesday.
TUESDAY = date(2026, 11, 17)


def lima(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=LIMA)


@st.composite
def plans(draw: st.DrawFn) -> SafeContact:
    weekdays = draw(st.sets(st.integers(1, 7)))
    begins, ends = sorted(draw(st.lists(st.times(), min_size=2, max_size=2, unique=True)))
    return SafeContact(tuple(sorted(weekdays)), begins, ends, draw(st.sampled_from(Contact)))


moments = st.timedeltas(timedelta(0), timedelta(days=36_500)).map(
    lambda passed: datetime(2000, 1, 1, tzinfo=UTC) + passed
)
channels = st.sampled_from(Contact)


@pytest.mark.requirement("F40")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (lima(17, 8, 59, 59), False),
        (lima(17, 9), True),
        (lima(17, 11, 59, 59), True),
        (lima(17, 12), False),
        (lima(18, 10), False),
        (lima(19, 10), True),
        # Told in UTC it is still Lima's clock that counts: 14:00 there is 09:00 in Lima, 09:00 there is 04:00.
        (datetime(2026, 11, 17, 14, tzinfo=UTC), True),
        (datetime(2026, 11, 17, 9, tzinfo=UTC), False),
        # Wednesday in UTC, Tuesday night in Lima.
        (datetime(2026, 11, 18, 3, tzinfo=UTC), False),
    ],
)
def test_a_moment_is_safe_on_her_days_within_her_hours(at, expected):
    assert is_safe(MORNINGS, at, MESSAGE) is expected


@pytest.mark.parametrize(
    ("chosen", "allowed"),
    [
        ("visit", {"visit"}),
        ("call", {"visit", "call"}),
        ("message", {"visit", "message"}),
    ],
)
def test_she_is_visited_and_reached_as_she_chose(chosen, allowed):
    plan = SafeContact((2,), time(9), time(12), chosen)

    assert {channel.value for channel in Contact if allows_channel(plan, channel)} == allowed
    assert {channel.value for channel in Contact if is_safe(plan, lima(17, 10), channel)} == allowed


@pytest.mark.parametrize(
    ("on", "window", "expected"),
    [
        (TUESDAY, (time(9), time(12)), True),
        (TUESDAY, (time(10), time(11)), True),
        (TUESDAY, (time(8, 59), time(12)), False),
        (TUESDAY, (time(9), time(12, 1)), False),
        (TUESDAY, (time(11), time(10)), False),
        (TUESDAY, (time(10), time(10)), False),
        (TUESDAY + timedelta(days=1), (time(9), time(12)), False),
    ],
)
def test_a_window_is_safe_when_all_of_it_is(on, window, expected):
    assert is_safe_window(MORNINGS, on, window, Contact.VISIT) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (lima(17, 8), lima(17, 9)),
        (lima(17, 9), lima(17, 9)),
        (lima(17, 11, 59), lima(17, 11, 59)),
        (lima(17, 12), lima(19, 9)),
        (lima(18, 0), lima(19, 9)),
        # Thursday noon: Tuesday of the week after.
        (lima(19, 12), lima(24, 9)),
    ],
)
def test_what_waits_goes_at_the_next_safe_moment(at, expected):
    assert next_safe_moment(MORNINGS, at, MESSAGE) == expected


def test_one_safe_day_that_is_just_over_comes_back_in_a_week():
    only_tuesdays = SafeContact((2,), time(9), time(12), "message")

    assert next_safe_moment(only_tuesdays, lima(17, 12), MESSAGE) == lima(24, 9)


def test_hours_to_the_end_of_the_day_stop_at_midnight():
    nights = SafeContact((2,), time(22), time(23, 59, 59), "message")

    assert is_safe(nights, lima(17, 23, 59, 58), MESSAGE)
    assert not is_safe(nights, lima(18, 0), MESSAGE)
    assert next_safe_moment(nights, lima(18, 0), MESSAGE) == lima(24, 22)


@pytest.mark.parametrize("plan", [SafeContact((), time(9), time(12), "message"), SafeContact((2,), time(9), time(12))])
def test_without_a_safe_day_or_the_channel_there_is_no_moment(plan):
    assert next_safe_moment(plan, lima(17, 9), MESSAGE) is None


@pytest.mark.parametrize("rule", [is_safe, next_safe_moment])
def test_a_moment_without_a_zone_is_refused(rule):
    with pytest.raises(ValueError, match="2026"):
        rule(MORNINGS, lima(17, 10).replace(tzinfo=None), MESSAGE)


@pytest.mark.requirement("F40")
@given(plan=plans(), at=moments, channel=channels)
def test_the_next_moment_is_safe_and_never_before(plan, at, channel):
    found = next_safe_moment(plan, at, channel)

    if found is None:
        assert not plan.weekdays or not allows_channel(plan, channel)
    else:
        assert is_safe(plan, found, channel)
        assert at <= found <= at + timedelta(days=8)


@given(plan=plans(), at=moments, channel=channels, share=st.floats(0, 1, exclude_max=True))
def test_no_moment_before_the_next_one_is_safe(plan, at, channel, share):
    found = next_safe_moment(plan, at, channel) or at + timedelta(days=8)
    between = at + (found - at) * share

    assert between >= found or not is_safe(plan, between, channel)


@given(plan=plans(), at=moments, channel=channels)
def test_a_safe_moment_is_the_next_one_itself(plan, at, channel):
    assert is_safe(plan, at, channel) is (next_safe_moment(plan, at, channel) == at)


@given(plan=plans(), at=moments, minutes=st.integers(1, 24 * 60), channel=channels)
def test_within_a_safe_window_every_moment_is_safe(plan, at, minutes, channel):
    begins = at.astimezone(LIMA)
    ends = begins + timedelta(minutes=minutes)
    window = (begins.time(), ends.time())
    is_whole = begins.date() == ends.date() and is_safe_window(plan, begins.date(), window, channel)

    if is_whole:
        assert is_safe(plan, begins, channel)
        assert is_safe(plan, begins + (ends - begins) / 2, channel)
