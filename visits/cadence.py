"""How often a woman is visited, on which days of the week, and between which hours."""

from collections.abc import Collection
from datetime import time
from functools import lru_cache
from itertools import combinations
from typing import Protocol

DAYS_A_WEEK = 7


class WeeklyCadence(Protocol):
    """What the study's protocol says about visits a week (`protocol.schema.Cadence`)."""

    @property
    def usual_visits_a_week(self) -> int: ...

    @property
    def by_level(self) -> dict[str, int]: ...

    @property
    def front_weeks(self) -> int: ...

    @property
    def front_visits(self) -> int: ...


def weekly_target(cadence: WeeklyCadence, *, uses_risk_levels: bool, level: str, week: int) -> int:
    """Return the visits a week that a woman is due, 1 to 7, in her `week` of follow-up (0: that of enrolment).

    The level counts only where the risk scale decides; there, too, the first weeks may have more visits. Before a
    first level ("") she is visited as usual. Raise KeyError for a level that the protocol does not name. Source:
    protocol, `cadence`.
    """
    if not uses_risk_levels or not level:
        return cadence.usual_visits_a_week
    early = cadence.front_visits if week < cadence.front_weeks else 0
    return min(cadence.by_level[level] + early, DAYS_A_WEEK)


def spread_days(
    target: int, allowed_days: frozenset[int], kept_days: frozenset[int] = frozenset(), phase: int = 0
) -> tuple[int, ...]:
    """Choose the days of a week (ISO: 1 Monday … 7 Sunday) on which to visit, in order, `kept_days` not repeated.

    Together with the kept days they lie as evenly over repeating weeks as the allowed days permit: the smallest gap
    is the largest possible, then the gaps are as equal as possible. Fewer than `target` less the kept come back when
    too few days are allowed. Of equally good choices `phase` (any whole number) takes one, so that women share out
    over the weekdays.
    """
    choices = _most_even(target, allowed_days, kept_days)
    return choices[phase % len(choices)]


def visit_window(*, safe_from: time, safe_until: time, earliest: time, latest: time) -> tuple[time, time] | None:
    """Return the hours that are both safe for her and the study's, None when they do not meet."""
    start, end = max(safe_from, earliest), min(safe_until, latest)
    return (start, end) if start < end else None


def circular_gaps(days: Collection[int]) -> tuple[int, ...]:
    """Return the days from each visit to the next, over into the following week; they sum to 7."""
    ordered = sorted(days)
    following = [*ordered[1:], *(day + DAYS_A_WEEK for day in ordered[:1])]
    return tuple(after - day for day, after in zip(ordered, following, strict=True))


@lru_cache(maxsize=65536)
def _most_even(target: int, allowed_days: frozenset[int], kept_days: frozenset[int]) -> tuple[tuple[int, ...], ...]:
    """Return the choices of days that are spread best, all of them equally well."""
    free = sorted(allowed_days - kept_days)
    wanted = min(max(target - len(kept_days), 0), len(free))
    if not wanted:
        return ((),)
    ranked = [(_evenness((*kept_days, *days)), days) for days in combinations(free, wanted)]
    best = max(evenness for evenness, _days in ranked)
    return tuple(days for evenness, days in ranked if evenness == best)


def _evenness(days: Collection[int]) -> tuple[int, int]:
    gaps = circular_gaps(days)
    return min(gaps), -sum(gap * gap for gap in gaps)
