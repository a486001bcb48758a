"""What is odd in access to cards: the rules by themselves, on both sides of each limit."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.odd_access import (
    Access,
    Limits,
    Odd,
    Oddity,
    Window,
    day_of,
    earliest_needed,
    hour_of,
    is_touched,
    night_of,
    odd_accesses,
)

LIMA = ZoneInfo("America/Lima")
# The protocol's own hours of the night [ours]; small numbers, to count by hand.
LIMITS = Limits(cards_an_hour=3, refusals_a_day=2, night_from=time(22), night_until=time(5))
NOON = datetime(2026, 11, 18, 12, 10, tzinfo=LIMA)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=LIMA)


def cards(count: int, *, every=MINUTE, start=NOON, person=1, **kind) -> list[Access]:
    return [Access(person, f"P{number}", start + number * every, **kind) for number in range(count)]


def told(accesses) -> list[tuple[str, int, str, int]]:
    odd = odd_accesses(accesses, LIMITS)
    return [(found.oddity, found.person, found.window.begins.strftime("%d %H:%M"), found.times) for found in odd]


@pytest.mark.requirement("N27")
@pytest.mark.parametrize(
    ("accesses", "expected"),
    [
        (cards(3), []),
        (cards(4), [("many_cards", 1, "18 12:00", 1)]),
        (cards(6), [("many_cards", 1, "18 12:00", 3)]),
        # the same woman again is no other card
        ([Access(1, "P1", NOON + minute * MINUTE) for minute in range(9)], []),
        # the fourth an hour after the first, and a second before that
        ([*cards(3), Access(1, "P9", NOON + 60 * MINUTE)], []),
        ([*cards(3), Access(1, "P9", NOON + 60 * MINUTE - SECOND)], [("many_cards", 1, "18 13:00", 1)]),
        # over the turn of the clock, and of the day
        (cards(4, start=at("18 12:58")), [("many_cards", 1, "18 13:00", 1)]),
        # two people, neither too many
        ([*cards(3), *cards(3, person=2)], []),
        # refusals open nothing
        ([*cards(3), *cards(2, start=NOON + 9 * MINUTE, is_refused=True)], []),
        # an emergency's card is a card
        (cards(4, is_emergency=True), [("many_cards", 1, "18 12:00", 1)]),
    ],
)
def test_more_different_cards_than_the_limit_in_an_hour(accesses, expected):
    assert told(accesses) == expected


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("18 21:59:59", None),
        ("18 22:00:00", "18 22:00"),
        ("18 23:59:59", "18 22:00"),
        ("19 00:00:00", "18 22:00"),
        ("19 04:59:59", "18 22:00"),
        ("19 05:00:00", None),
        ("19 12:00:00", None),
    ],
)
def test_a_night_goes_over_midnight_in_lima(moment, night):
    found = night_of(at(moment), LIMITS)

    assert (found.begins.strftime("%d %H:%M") if found else None) == night
    expected = [] if night is None else [("at_night", 1, night, 1)]
    assert told([Access(1, "P1", at(moment))]) == expected


@pytest.mark.parametrize(
    ("moment", "begins"), [("19 00:00:00", "19 00:00"), ("19 04:59:59", "19 00:00"), ("18 23:59:59", None)]
)
def test_a_night_that_begins_after_midnight(moment, begins):
    found = night_of(at(moment), Limits(3, 2, time(0), time(5)))

    assert (found.begins.strftime("%d %H:%M") if found else None) == begins


def test_a_night_of_no_length_is_none():
    limits = Limits(3, 2, time(22), time(22))

    assert [night_of(at(f"18 {hour:02}:00:00"), limits) for hour in range(24)] == [None] * 24


def test_one_night_is_one_notice_whatever_the_day():
    moments = ["18 23:00:00", "19 00:30:00", "19 23:00:00"]

    assert told([Access(1, "P1", at(moment)) for moment in moments]) == [
        ("at_night", 1, "18 22:00", 2),
        ("at_night", 1, "19 22:00", 1),
    ]


@pytest.mark.parametrize("kind", [{"has_visit": True}, {"is_emergency": True}, {"is_refused": True}])
def test_a_visit_near_an_emergency_or_a_refusal_is_not_odd_at_night(kind):
    assert told([Access(1, "P1", at("18 23:00:00"), **kind)]) == []


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (["18 08:00:00", "18 09:00:00"], []),
        (["18 08:00:00", "18 09:00:00", "18 20:00:00"], [("not_due", 1, "18 00:00", 3)]),
        (["18 08:00:00", "18 23:59:59", "19 00:00:00"], []),
        (["18 00:00:00", "18 23:59:59", "18 12:00:00"], [("not_due", 1, "18 00:00", 3)]),
    ],
)
def test_more_refusals_than_the_limit_in_a_day(moments, expected):
    assert told([Access(1, "P1", at(moment), is_refused=True) for moment in moments]) == expected


moments = st.integers(0, 4 * 24 * 3600).map(lambda seconds: at("16 00:00:00") + timedelta(seconds=seconds))
accesses = st.builds(
    Access, st.integers(1, 2), st.sampled_from([f"P{n}" for n in range(8)]), moments, st.booleans(), st.booleans()
)


@given(st.lists(accesses, max_size=40), moments)
def test_what_a_new_act_touches_is_judged_alike_from_the_earliest_moment_needed(acts, moment):
    """A sweep reads only from there on; what it reports of the windows touched is what the whole past would say."""
    since = earliest_needed(moment, LIMITS)
    whole, part = (odd_accesses(some, LIMITS) for some in (acts, [act for act in acts if act.at >= since]))

    touched = [[odd for odd in found if is_touched(odd, moment)] for found in (whole, part)]
    assert touched[0] == touched[1]


@given(st.lists(accesses, max_size=40))
def test_order_of_reading_changes_nothing_and_every_act_in_question_lies_in_its_window(acts):
    assert sorted(map(repr, odd_accesses(acts[::-1], LIMITS))) == sorted(map(repr, odd_accesses(acts, LIMITS)))
    for odd in odd_accesses(acts, LIMITS):
        inside = [act for act in acts if act.person == odd.person and odd.window.holds(act.at)]
        assert 1 <= odd.times <= len(inside)


def test_windows_of_clock_and_calendar():
    assert hour_of(NOON) == Window(at("18 12:00:00"), at("18 13:00:00"))
    assert day_of(NOON) == Window(at("18 00:00:00"), at("19 00:00:00"))
    assert is_touched(Odd(Oddity.MANY_CARDS, 1, hour_of(NOON), 1), at("18 11:00:00"))
    assert not is_touched(Odd(Oddity.MANY_CARDS, 1, hour_of(NOON), 1), at("18 10:59:59"))
    assert not is_touched(Odd(Oddity.NOT_DUE, 1, day_of(NOON), 1), at("19 00:00:00"))
