"""Who keeps her visits and who gets the others: continuity while she can go, the highest risk first."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.assignment import OpenVisit, most_visits
from visits.availability import EVERY_DAY, Duty, StandingVisit, staff_visits

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
ALWAYS = ((MONDAY - timedelta(days=300), None),)


def duty(officer: int, room: int = 5, **words) -> Duty:
    return Duty(officer, words.pop("serves", ALWAYS), room, **words)


def standing(key, *, woman=1, day=0, rank=0, officers=(), chosen=False, **words) -> StandingVisit[str]:
    return StandingVisit(OpenVisit(key, woman, WEEK[day], rank, **words), officers, chosen)


def staffed(visits, duties, *, known=None, size=2):
    return staff_visits(visits, duties, known=known or {}, size=size)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ({}, range(7)),
        ({"weekdays": frozenset({1, 3})}, [0, 2]),
        ({"away": ((WEEK[2], WEEK[4]),)}, [0, 1, 5, 6]),
        ({"away": ((WEEK[5], None),)}, range(5)),
        ({"serves": ((WEEK[0] - timedelta(days=9), WEEK[1]), (WEEK[5], None))}, [0, 1, 5, 6]),
        ({"room": 0}, []),
    ],
)
def test_room_is_what_service_shift_and_absence_leave(words, days):
    assert [n for n, day in enumerate(WEEK) if duty(1, **words).room_on(day)] == list(days)


def test_who_was_to_go_still_goes_and_whoever_is_left_of_a_pair_too():
    crew = [duty(1), duty(2, away=((WEEK[1], None),)), duty(3), duty(4)]
    week = [standing(f"{n}", day=n, officers=(1, 2)) for n in (0, 1, 2)] + [standing("other", woman=2, officers=(3, 4))]

    found = staffed(week, crew, known={1: {3: 1}})

    assert found.officers == {"0": (1, 2), "1": (1, 3), "2": (1, 3), "other": (3, 4)}


@pytest.mark.parametrize(
    "words",
    [
        {"barred": frozenset({2})},
        {"window": (time(18), time(20))},
        {"window": (time(8), time(9, 29))},
    ],
)
def test_officers_who_must_not_or_cannot_meet_her_are_replaced(words):
    crew = [duty(1), duty(2, hours=(time(9), time(18))), duty(3)]

    found = staffed([standing("a", officers=(1, 2), **words)], crew)

    assert found.officers == {"a": (1, 3)}


def test_two_whose_hours_do_not_meet_do_not_go_together():
    crew = [duty(1, hours=(time(6), time(12))), duty(2, hours=(time(12), time(18))), duty(3, hours=(time(9), time(15)))]

    found = staffed(
        [standing("a", window=(time(8), time(20))), standing("b", woman=2, window=(time(13), time(20)))], crew
    )

    assert (found.officers["a"] in {(1, 3), (2, 3)}, found.officers["b"]) == (True, (2, 3))


def test_a_new_visit_of_high_risk_takes_the_hands_of_one_of_low_risk_that_day_only():
    crew = [duty(1, 1), duty(2, 1)]
    week = [
        standing("low", woman=1, officers=(1, 2)),
        standing("low later", woman=1, day=1, officers=(1, 2)),
        standing("high", woman=2, rank=3),
    ]

    found = staffed(week, crew)

    assert found.officers == {"high": (1, 2), "low later": (1, 2)}
    assert found.unmet == ("low",)


def test_officers_whom_a_supervisor_chose_stay_though_others_know_her_and_risk_is_higher_elsewhere():
    week = [standing("low", officers=(2, 3), chosen=True), standing("high", woman=2, rank=3)]
    found = staffed(week, [duty(1, 1), duty(2, 1), duty(3, 1)], known={1: {1: 9}})
    assert (found.officers, found.unmet) == ({"low": (2, 3)}, ("high",))


duties = st.lists(
    st.tuples(st.integers(0, 3), st.frozensets(st.integers(1, 7)), st.one_of(st.none(), st.integers(0, 6))), max_size=5
).map(
    lambda rows: [
        Duty(n, ALWAYS, room, days, away=() if gone is None else ((WEEK[gone], None),))
        for n, (room, days, gone) in enumerate(rows, start=1)
    ]
)
weeks = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.integers(0, 6),
        st.integers(-1, 3),
        st.one_of(st.just(()), st.tuples(st.integers(1, 3), st.integers(4, 6))),
    ),
    unique_by=lambda row: row[:2],
    max_size=25,
).map(
    lambda rows: [
        StandingVisit(OpenVisit(f"{woman}-{day}", woman, WEEK[day], rank), team) for woman, day, rank, team in rows
    ]
)


@pytest.mark.requirement("F12")
@given(weeks, duties, st.sampled_from([1, 2]))
def test_any_week_is_staffed_within_the_room_by_risk_and_again_the_same(week, crew, size):
    found = staffed(week, crew, size=size)

    assert {*found.officers, *found.unmet} == {one.visit.key for one in week}
    for day in WEEK:
        of_day = [one.visit for one in week if one.visit.day == day]
        room = {one.officer: one.room_on(day) for one in crew}
        used = [officer for visit in of_day for officer in found.officers.get(visit.key, ())]
        assert all(used.count(officer) <= room.get(officer, 0) for officer in set(used))
        met = [visit.rank for visit in of_day if visit.key in found.officers]
        left = [visit.rank for visit in of_day if visit.key in found.unmet]
        if left:
            assert max(left) <= min(met, default=9)
            free = [room[officer] - used.count(officer) for officer in room]
            assert most_visits(free, size) == 0
    again = [StandingVisit(one.visit, found.officers.get(one.visit.key, ())) for one in week]
    assert staffed(again, crew, size=size) == found


def test_every_day_has_seven():
    assert len(EVERY_DAY) == len(WEEK)
