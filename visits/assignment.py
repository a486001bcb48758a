"""Who goes to which visit: officers in pairs, the same ones for a woman, the highest risk first if hands are short."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import combinations
from math import ceil
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
# How far above her fair share of the week an officer goes to a woman who knows her.
ABOVE_FAIR = 1.1
# So many minutes must a visit's hours and those of its officers have in common.
LEAST_TOGETHER = 30
Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OpenVisit(Generic[Key]):
    """A visit that needs its officers; a higher `rank` comes first when there are too few hands.

    `window` is when she can be visited, None for any hour; `barred` are officers who must not go to her.
    """

    key: Key
    woman: int
    day: date
    rank: int = 0
    window: Hours | None = None
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hands:
    """An officer of the station, and how many more visits she can make on each day of the week (absent: none).

    `hours` is when she works, None for any hour; `load` is how many visits of the week are hers already.
    """

    officer: int
    room: Mapping[date, int]
    hours: Hours | None = None
    load: int = 0


@dataclass(frozen=True, slots=True)
class Assignment(Generic[Key]):
    """The officers of each visit, in order of their ids; and the visits for which there were no hands, by rank."""

    officers: dict[Key, tuple[int, ...]] = field(default_factory=dict)
    unmet: tuple[Key, ...] = ()


def assign_officers(
    visits: Collection[OpenVisit[Key]],
    hands: Collection[Hands],
    *,
    known: Mapping[int, Mapping[int, int]],
    size: int = 2,
) -> Assignment[Key]:
    """Give each visit `size` officers (1 or 2) who are there that day, none more than she has room for.

    They work together for half an hour of the visit's window at least, and none of them is barred from her.

    `known` counts, by woman and officer, the visits that they have made to her. Visits are served by falling rank, and
    each gets those who know her best, then those with the fewest visits this week. Whoever has had her fair share of
    the week, by the days that she is there, comes after those who have not; and nobody is taken in such a way that
    hands left over could not form a pair. So on each day as many visits are met as pairs can be formed, where hours and
    bars leave the choice. The same input gives the same result, whatever its order.
    """
    week = _Week(hands, known, size, wanted=size * len(visits))
    unmet: list[Key] = []
    officers: dict[Key, tuple[int, ...]] = {}
    for visit in sorted(visits, key=lambda visit: (-visit.rank, visit.day, visit.woman)):
        team = week.team_for(visit)
        if team is None:
            unmet.append(visit.key)
        else:
            officers[visit.key] = team
            week.take(team, visit.woman, visit.day)
    return Assignment(officers, tuple(unmet))


def most_visits(room: Iterable[int], size: int) -> int:
    """Return how many visits officers with so much room each can make at most in one day, `size` (1 or 2) to each."""
    rooms = sorted(room)
    total = sum(rooms)
    if size == 1 or not rooms:
        return total
    return min(total // 2, total - rooms[-1])


def are_together(hours: Iterable[Hours | None]) -> bool:
    """Say whether hours of the day, None for any, have half an hour in common, or the whole of a shorter one."""
    limited = [(_minutes(start), _minutes(end)) for start, end in filter(None, hours)]
    if not limited:
        return True
    needed = min(LEAST_TOGETHER, *(end - start for start, end in limited))
    return min(end for _start, end in limited) - max(start for start, _end in limited) >= needed


def _minutes(moment: time) -> int:
    return 60 * moment.hour + moment.minute


class _Week:
    """The hands left as visits are served."""

    def __init__(
        self, hands: Collection[Hands], known: Mapping[int, Mapping[int, int]], size: int, *, wanted: int
    ) -> None:
        self._room: dict[date, dict[int, int]] = defaultdict(dict)
        for hand in sorted(hands, key=lambda hand: hand.officer):
            for day, room in hand.room.items():
                if room > 0:
                    self._room[day][hand.officer] = room
        self._known: dict[int, Counter[int]] = defaultdict(Counter)
        for woman, visits in known.items():
            self._known[woman].update(visits)
        self._load = Counter({hand.officer: hand.load for hand in hands})
        self._hours = {hand.officer: hand.hours for hand in hands}
        self._size = size
        rooms = {hand.officer: hand.load + sum(left for left in hand.room.values() if left > 0) for hand in hands}
        whole, share = sum(rooms.values()), wanted + self._load.total()
        self._fair_share = {
            officer: ceil(ABOVE_FAIR * share * own / whole) if whole else 0 for officer, own in rooms.items()
        }

    def team_for(self, visit: OpenVisit[Key]) -> tuple[int, ...] | None:
        """Return the best officers for a visit, in order of their ids; None when no team is left that day."""
        room = self._room[visit.day]
        met, second_best = most_visits(room.values(), self._size), None
        if not met:
            return None
        for team in self._teams_by_preference(visit.woman, room):
            if not visit.barred.isdisjoint(team) or not self._meet(team, visit.window):
                continue
            left = (room[officer] - (officer in team) for officer in room)
            if most_visits(left, self._size) == met - 1:
                return tuple(sorted(team))
            second_best = second_best or tuple(sorted(team))
        return second_best

    def _meet(self, team: Collection[int], window: Hours | None) -> bool:
        return are_together((window, *(self._hours[officer] for officer in team)))

    def take(self, team: Collection[int], woman: int, day: date) -> None:
        """Use these hands."""
        for officer in team:
            self._room[day][officer] -= 1
            if not self._room[day][officer]:
                del self._room[day][officer]
            self._load[officer] += 1
            self._known[woman][officer] += 1

    def _teams_by_preference(self, woman: int, room: Collection[int]) -> Iterator[tuple[int, ...]]:
        known = self._known[woman]
        # The turn lets officers who are alike share out over the women.
        turn = {officer: (index - woman) % len(room) for index, officer in enumerate(room)}
        load, share = self._load, self._fair_share
        best = sorted(
            room, key=lambda officer: (load[officer] >= share[officer], -known[officer], load[officer], turn[officer])
        )
        return combinations(best, self._size)
