"""Who is there on which day, who keeps the visits that were hers, and who gets the others."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic

from visits.assignment import Assignment, Hands, Hours, Key, OpenVisit, are_together, assign_officers

Period = tuple[date, date | None]
Known = Mapping[int, Mapping[int, int]]
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class Duty:
    """An officer as one station can count on her: when she serves there, her shift, and when she is away.

    A period without an end goes on. Weekdays as ISO has them: 1 Monday … 7 Sunday.
    """

    officer: int
    serves: tuple[Period, ...]
    visits_a_day: int
    weekdays: frozenset[int] = EVERY_DAY
    hours: Hours | None = None
    away: tuple[Period, ...] = ()

    def room_on(self, day: date) -> int:
        """Return how many visits she can make on a day: none when she does not serve, is off or away."""
        is_there = day.isoweekday() in self.weekdays and _holds(self.serves, day) and not _holds(self.away, day)
        return self.visits_a_day if is_there else 0


@dataclass(frozen=True, slots=True)
class StandingVisit(Generic[Key]):
    """A planned visit with the officers that it has so far; those that a supervisor chose stay while they can go."""

    visit: OpenVisit[Key]
    officers: tuple[int, ...] = ()
    are_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Staffing(Generic[Key]):
    """The officers of each visit that has them, and the visits that have not, by falling rank."""

    officers: dict[Key, tuple[int, ...]] = field(default_factory=dict)
    unmet: tuple[Key, ...] = ()


def staff_visits(
    visits: Collection[StandingVisit[Key]], duties: Collection[Duty], *, known: Known, size: int
) -> Staffing[Key]:
    """Give a station's visits their officers, and leave to each visit those that it has as long as they can go.

    `known` counts the visits made, by woman and officer; the visits that stand count too, so that a woman keeps whoever
    is left of a pair. Where a visit of higher rank finds no hands on a day on which one of lower rank has kept its own,
    that day is shared out anew. The same input gives the same result.
    """
    ordered = sorted(visits, key=lambda one: (not one.are_chosen, -one.visit.rank, one.visit.day, one.visit.woman))
    familiar = _with_standing(known, ordered)
    kept = _kept(ordered, duties, size)
    staffing = _staffed(ordered, kept, duties, familiar, size)
    if crowded := _crowded_days(ordered, kept, staffing):
        kept = {one.visit.key for one in ordered if one.visit.key in kept and not _yields(one, crowded)}
        staffing = _staffed(ordered, kept, duties, familiar, size)
    return staffing


def _kept(ordered: Collection[StandingVisit[Key]], duties: Collection[Duty], size: int) -> set[Key]:
    """Return the visits whose officers can still go, in order, until an officer's day is full."""
    by_officer, used, kept = {duty.officer: duty for duty in duties}, Counter[tuple[int, date]](), set()
    for one in ordered:
        visit = one.visit
        team = [by_officer[officer] for officer in one.officers if officer in by_officer]
        has_room = all(duty.room_on(visit.day) > used[duty.officer, visit.day] for duty in team)
        if not len(one.officers) == len(team) == size or not has_room or not visit.barred.isdisjoint(one.officers):
            continue
        if are_together((visit.window, *(duty.hours for duty in team))):
            kept.add(visit.key)
            used.update((duty.officer, visit.day) for duty in team)
    return kept


def _staffed(
    ordered: Collection[StandingVisit[Key]], kept: Collection[Key], duties: Collection[Duty], known: Known, size: int
) -> Staffing[Key]:
    """Assign all visits but the kept ones."""
    used = Counter((officer, one.visit.day) for one in ordered if one.visit.key in kept for officer in one.officers)
    load = Counter(officer for one in ordered if one.visit.key in kept for officer in one.officers)
    days = sorted({one.visit.day for one in ordered})
    hands = [
        Hands(
            duty.officer,
            {day: duty.room_on(day) - used[duty.officer, day] for day in days},
            duty.hours,
            load[duty.officer],
        )
        for duty in duties
    ]
    wanting = [one.visit for one in ordered if one.visit.key not in kept]
    found: Assignment[Key] = assign_officers(wanting, hands, known=known, size=size)
    staying = {one.visit.key: tuple(sorted(one.officers)) for one in ordered if one.visit.key in kept}
    return Staffing({**staying, **found.officers}, found.unmet)


def _crowded_days(
    ordered: Collection[StandingVisit[Key]], kept: Collection[Key], staffing: Staffing[Key]
) -> dict[date, int]:
    """Return, by day, the highest rank that found no hands while a lower one kept its own."""
    unmet, highest = set(staffing.unmet), dict[date, int]()
    for one in ordered:
        if one.visit.key in unmet:
            highest[one.visit.day] = max(one.visit.rank, highest.get(one.visit.day, one.visit.rank))
    return {
        day: rank
        for day, rank in highest.items()
        if any(one.visit.key in kept and one.visit.day == day and _yields(one, {day: rank}) for one in ordered)
    }


def _yields(one: StandingVisit[Key], crowded: Mapping[date, int]) -> bool:
    """Say whether a visit gives its hands to others on that day: not if a supervisor chose them, or by its rank."""
    return not one.are_chosen and one.visit.rank < crowded.get(one.visit.day, one.visit.rank)


def _with_standing(known: Known, visits: Collection[StandingVisit[Key]]) -> dict[int, Counter[int]]:
    familiar: dict[int, Counter[int]] = defaultdict(Counter)
    for woman, seen in known.items():
        familiar[woman].update(seen)
    for one in visits:
        familiar[one.visit.woman].update(one.officers)
    return familiar


def _holds(periods: Collection[Period], day: date) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in periods)
