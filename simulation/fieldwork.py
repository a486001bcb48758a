"""What became of the planned visits: met, tried in vain, missed; and what the officers wrote down."""

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

# More minutes than a day of visits, each put off by its gap, can have.
_ABOVE_A_DAY = 1_000_000
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


def space_out(starts: Ints, *, latest: Ints, person_day: Ints, gap: int) -> Ints:
    """Return the visits' minutes of the day moved so that none of a person's day begins within `gap` of the one before.

    `latest` is the last minute that a visit may begin at; `person_day` names whose day it is. Visits keep their order
    and are only moved later. One that would have to be moved past its last minute stays where it was drawn: people are
    in a hurry, or write a wrong hour.
    """
    order = np.lexsort((starts, person_day))
    begins, days = starts[order].astype(np.int64), person_day[order]
    is_first = np.ones(len(days), dtype=bool)
    is_first[1:] = days[1:] != days[:-1]
    rows = np.arange(len(days))
    place = rows - np.maximum.accumulate(np.where(is_first, rows, 0))
    # The running maximum within a day: each day is lifted above all days before it.
    lift = (np.cumsum(is_first) - 1) * _ABOVE_A_DAY
    moved = np.maximum.accumulate(begins - place * gap + lift) - lift + place * gap
    spaced = np.empty_like(begins)
    spaced[order] = np.where(moved <= latest[order], moved, begins)
    return spaced


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
