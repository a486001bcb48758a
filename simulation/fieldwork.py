"""What became of the planned visits: met, tried in vain, missed; and what the officers wrote down."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

MET, NOBODY_HOME, MOVED, REFUSED, UNSAFE, ABORTED, NOT_VISITED = range(7)
OUTCOMES = ("met", "nobody_home", "moved", "refused", "unsafe", "aborted")
_TRIED_IN_VAIN = (0.66, 0.03, 0.19, 0.07, 0.05)
YES, NO, UNKNOWN = range(3)
ANSWERS = ("yes", "no", "unknown")

_STATION_SPREAD = 0.30
_EXPLAINED = 0.85
_REFERRAL_OFFERED = 0.35


@dataclass(frozen=True, slots=True)
class VisitResults:
    """One row a visit: outcome, minutes into its window, minutes until the log came in, and the log's answers.

    `explained` says of a missed visit whether the station has given the reason.
    """

    outcome: Ints
    minutes_in: Ints
    minutes_to_log: Ints
    in_private: Ints
    new_incident: Ints
    measures_obeyed: Ints
    safety_concern: Bools
    referral_offered: Bools
    explained: Bools
    officer: Ints


def space_out(starts: Ints, *, earliest: Ints, latest: Ints, person_days: Ints, gap: int) -> Ints:
    """Return the visits' minutes of the day moved so that nobody's visits begin within `gap` of one another.

    One row a visit: the first and the last minute that it may begin at, and in `person_days` the day of each who goes.
    In the order drawn, each begins as soon after its minute as all who go are free, or else as late before it. One
    that finds no minute stays where it was drawn: people are in a hurry, or write a wrong hour.
    """
    taken: dict[int, list[int]] = defaultdict(list)
    minutes, first, last, days = starts.tolist(), earliest.tolist(), latest.tolist(), person_days.tolist()
    for visit in np.argsort(starts, kind="stable").tolist():
        others = [minute for day in days[visit] for minute in taken[day]]
        minutes[visit] = _free_minute(minutes[visit], first[visit], last[visit], others, gap)
        for day in days[visit]:
            taken[day].append(minutes[visit])
    return np.array(minutes, dtype=np.int64)


def _free_minute(start: int, first: int, last: int, others: list[int], gap: int) -> int:
    later = sorted(one + gap for one in others if start < one + gap <= last)
    earlier = sorted((one - gap for one in others if first <= one - gap < start), reverse=True)
    free = (one for one in (start, *later, *earlier) if all(abs(one - other) >= gap for other in others))
    return next(free, start)


def draw_visit_results(
    rng: Generator,
    *,
    station: Ints,
    severity: Floats,
    window_minutes: Ints,
    missed: float,
    attempted: float,
    officers: int,
) -> VisitResults:
    """Draw what happened at each visit; stations differ in how many they miss, harder cases bring more incidents."""
    count = len(station)
    station_factor = np.exp(rng.normal(0, _STATION_SPREAD, size=int(station.max(initial=0)) + 1))
    not_visited = rng.random(count) < np.clip(missed * station_factor[station], 0, 0.9)
    in_vain = rng.random(count) < attempted
    vain_outcome = 1 + rng.choice(len(_TRIED_IN_VAIN), size=count, p=_TRIED_IN_VAIN)
    incident_chance = 0.035 * np.exp(0.5 * severity)
    return VisitResults(
        outcome=np.where(not_visited, NOT_VISITED, np.where(in_vain, vain_outcome, MET)).astype(np.int8),
        minutes_in=np.floor(rng.random(count) * window_minutes).astype(np.int32),
        minutes_to_log=np.floor(rng.exponential(35, size=count)).clip(max=600).astype(np.int32),
        in_private=rng.choice(3, size=count, p=(0.80, 0.18, 0.02)).astype(np.int8),
        new_incident=np.where(rng.random(count) < incident_chance, YES, NO).astype(np.int8),
        measures_obeyed=rng.choice(3, size=count, p=(0.70, 0.10, 0.20)).astype(np.int8),
        safety_concern=rng.random(count) < incident_chance / 2,
        referral_offered=rng.random(count) < _REFERRAL_OFFERED,
        explained=rng.random(count) < _EXPLAINED,
        officer=rng.integers(officers, size=count),
    )
