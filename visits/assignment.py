"""Who goes to which visit: officers in pairs, the same ones for a woman, the highest risk first if hands are short."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from math import ceil
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
# How far above her fair share of the week an officer goes to a woman who knows her.
ABOVE_FAIR = 1.1


@dataclass(frozen=True, slots=True)
class OpenVisit(Generic[Key]):
    """A visit that needs its officers; a higher `rank` comes first when there are too few hands."""

    key: Key
    woman: int
    day: date
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Hands:
    """An officer of the station, and how many more visits she can make on each day of the week (absent: none)."""

    officer: int
    room: Mapping[date, int]


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

    `known` counts, by woman and officer, the visits that they have made to her. Visits are served by falling rank, and
    each gets those who know her best, then those with the fewest visits this week. Whoever has had her fair share of
    the week, by the days that she is there, comes after those who have not; and nobody is taken in such a way that
    hands left over could not form a pair. So on each day as many visits are met as pairs can be formed. The same input
    gives the same result, whatever its order.
    """
    week = _Week(hands, known, size, wanted=size * len(visits))
    unmet: list[Key] = []
    officers: dict[Key, tuple[int, ...]] = {}
    for visit in sorted(visits, key=lambda visit: (-visit.rank, visit.day, visit.woman)):
        team = week.team_for(visit.woman, visit.day)
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
        self._load: Counter[int] = Counter()
        self._size = size
        rooms = {hand.officer: sum(left for left in hand.room.values() if left > 0) for hand in hands}
        whole = sum(rooms.values())
        self._fair_share = {
            officer: ceil(ABOVE_FAIR * wanted * own / whole) if whole else 0 for officer, own in rooms.items()
        }

    def team_for(self, woman: int, day: date) -> tuple[int, ...] | None:
        """Return the best officers for a visit, in order of their ids; None when no team is left that day."""
        room = self._room[day]
        met = most_visits(room.values(), self._size)
        if not met:
            return None
        for team in self._teams_by_preference(woman, room):
            left = (room[officer] - (officer in team) for officer in room)
            if most_visits(left, self._size) == met - 1:
                return tuple(sorted(team))
        return None

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
