"""The weekly plans of the past, as the planner would have made them, week by week and woman by woman."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.histories import Assessments, ranks_before
from visits.cadence import spread_days

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class PlannedWeeks:
    """One row a woman and week: her row, the study day of its Monday, the rank that ruled, visits due, visits short.

    `first_day` and `last_day` bound the days that could be planned: after enrolment, before she left.
    """

    woman: Ints
    monday: Ints
    rank: Ints
    target: Ints
    first_day: Ints
    last_day: Ints


@dataclass(frozen=True, slots=True)
class PlannedVisits:
    """One row a visit: the row of its week, and the study day."""

    week: Ints
    day: Ints


def plan_past_weeks(
    *,
    enrolled: Ints,
    until: Ints,
    first_weekday: int,
    last_monday: int,
    assessments: Assessments,
    by_risk: Bools,
    usual: int,
    by_rank: tuple[int, ...],
) -> PlannedWeeks:
    """Plan every woman's weeks from the one of her enrolment to that of `last_monday`, or until she left.

    `first_weekday` is the weekday of study day 0 (Monday 0). The level is the one held when the week began; in the
    week of enrolment, the first one.
    """
    first_monday = enrolled - (enrolled + first_weekday) % DAYS_A_WEEK
    ends = np.minimum(until, last_monday + DAYS_A_WEEK)
    weeks = np.maximum(-((first_monday - ends) // DAYS_A_WEEK), 0)
    woman = np.repeat(np.arange(len(enrolled)), weeks)
    week_number = np.arange(len(woman)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    monday = first_monday[woman] + DAYS_A_WEEK * week_number
    held = ranks_before(assessments, woman=woman, day=np.maximum(monday, enrolled[woman] + 1))
    rank = np.maximum(held, 0)
    target = np.where(by_risk[woman], np.asarray(by_rank)[rank], usual)
    return PlannedWeeks(
        woman=woman.astype(np.int32),
        monday=monday.astype(np.int32),
        rank=rank.astype(np.int8),
        target=target.astype(np.int8),
        first_day=np.maximum(monday, enrolled[woman] + 1).astype(np.int32),
        last_day=np.minimum(monday + DAYS_A_WEEK, until[woman]).astype(np.int32) - 1,
    )


def place_visits(weeks: PlannedWeeks, *, safe_days: Sequence[frozenset[int]], phases: Sequence[int]) -> PlannedVisits:
    """Place each week's visits on safe days within its bounds, spread as the planner spreads them.

    `safe_days` (ISO weekdays) and `phases` are each woman's.
    """
    rows: list[int] = []
    days: list[int] = []
    bounds = zip(
        (weeks.first_day - weeks.monday + 1).tolist(), (weeks.last_day - weeks.monday + 1).tolist(), strict=True
    )
    for row, (woman, monday, target, (first, last)) in enumerate(
        zip(weeks.woman.tolist(), weeks.monday.tolist(), weeks.target.tolist(), bounds, strict=True)
    ):
        for weekday in spread_days(target, _between(safe_days[woman], first, last), phase=phases[woman]):
            rows.append(row)
            days.append(monday + weekday - 1)
    return PlannedVisits(np.asarray(rows, dtype=np.int32), np.asarray(days, dtype=np.int32))


@lru_cache(maxsize=4096)
def _between(days: frozenset[int], first: int, last: int) -> frozenset[int]:
    return frozenset(day for day in days if first <= day <= last)
