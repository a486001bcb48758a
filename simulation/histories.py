"""What happens to each woman in time: enrolment, leaving, police re-reports, and her risk level day by day."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from simulation.outcomes import Effect

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

DAYS_PER_MONTH = 30.4375
STAYED = ""
LEAVING_PER_YEAR = {"moved": 0.035, "lost": 0.045, "withdrawn": 0.025, "deceased": 0.001}

_RISE_PER_DAY = 0.0035
_FALL_PER_DAY = 0.0060
_LATE_REASSESSMENT = 0.25


@dataclass(frozen=True, slots=True)
class RereportSettings:
    """Police-recorded reports after enrolment: a monthly rate without treatment, and effects on its logarithm."""

    monthly_rate: float = 0.030
    effect: Effect = field(default_factory=lambda: Effect(0.15, -0.10, 0.0))


@dataclass(frozen=True, slots=True)
class Assessments:
    """Risk assessments in time order of each woman: her row, the study day, the level's rank, and why."""

    woman: Ints
    day: Ints
    rank: Ints


def draw_enrolment_days(rng: Generator, *, station: Ints, enrolment_days: int) -> Ints:
    """Draw each woman's day of enrolment, counted from the study's first day.

    Stations recruit at paces of their own: the slow ones take the whole `enrolment_days`, the quick ones 70 % of it.
    """
    stations = int(station.max()) + 1 if len(station) else 0
    pace = rng.uniform(0.7, 1.0, size=stations)
    return np.floor(rng.random(len(station)) * pace[station] * enrolment_days).astype(np.int32)


def draw_leaving(rng: Generator, *, enrolled: Ints, last_day: int) -> tuple[Ints, list[str]]:
    """Draw the day each woman leaves the study and why; those who stay get `last_day` + 1 and ""."""
    rates = np.array(list(LEAVING_PER_YEAR.values())) / 365.25
    waits = rng.exponential(1 / rates.sum(), size=len(enrolled))
    reasons = rng.choice(len(rates), size=len(enrolled), p=rates / rates.sum())
    left = enrolled + 7 + np.floor(waits).astype(np.int64)
    codes = tuple(LEAVING_PER_YEAR)
    stays = left > last_day
    names = [STAYED if stay else codes[reason] for stay, reason in zip(stays, reasons, strict=True)]
    return np.where(stays, last_day + 1, left).astype(np.int32), names


def rereport_rates(settings: RereportSettings, *, severity: Floats, training: Bools, risk_scale: Bools) -> Floats:
    """Return each woman's monthly rate of new police reports; their mean without treatment is `monthly_rate`."""
    effect = settings.effect
    shift = effect.training * training + effect.risk_scale * risk_scale + effect.interaction * (training & risk_scale)
    spread = 0.5
    return np.asarray(settings.monthly_rate * np.exp(spread * severity - spread**2 / 2 + shift))


def draw_rereports(rng: Generator, *, rate: Floats, enrolled: Ints, until: Ints) -> tuple[Ints, Ints]:
    """Draw reports after enrolment and before `until`: (woman, day), by woman and day."""
    spans = np.maximum(until - enrolled - 1, 0)
    counts = rng.poisson(rate * spans / DAYS_PER_MONTH)
    woman = np.repeat(np.arange(len(rate)), counts)
    day = enrolled[woman] + 1 + np.floor(rng.random(len(woman)) * spans[woman]).astype(np.int64)
    order = np.lexsort((day, woman))
    return woman[order].astype(np.int32), day[order].astype(np.int32)


def draw_assessments(
    rng: Generator,
    *,
    first_rank: Ints,
    enrolled: Ints,
    until: Ints,
    reassessed: Bools,
    interval_days: tuple[int, ...],
    rereports: tuple[Ints, Ints],
) -> Assessments:
    """Follow each woman's level from enrolment until (not including) `until`.

    Everybody is assessed at enrolment and at each new report; those `reassessed` also when their level's interval
    (days, by rank) runs out, a quarter of the time a few days late. Levels move one rank at a time.
    """
    rank, day = first_rank.astype(np.int8), enrolled.astype(np.int32)
    pending = _NextReport(rereports, len(rank))
    rows, days, ranks = [np.arange(len(rank))], [day.copy()], [rank.copy()]
    active = np.ones(len(rank), dtype=bool)
    while active.any():
        due = day + np.asarray(interval_days)[rank]
        due += np.where(rng.random(len(rank)) < _LATE_REASSESSMENT, rng.integers(1, 4, size=len(rank)), 0)
        due = np.where(reassessed, due, np.iinfo(np.int32).max)
        report = pending.after(day)
        following = np.minimum(due, report).astype(np.int64)
        active &= following < until
        at = np.flatnonzero(active)
        rank = rank.copy()
        rank[at] = _moved(rng, rank[at], following[at] - day[at], report[at] <= due[at], len(interval_days))
        day = np.where(active, following, day).astype(np.int32)
        rows.append(at)
        days.append(day[at])
        ranks.append(rank[at])
    woman, when, level = np.concatenate(rows), np.concatenate(days), np.concatenate(ranks)
    order = np.lexsort((when, woman))
    return Assessments(woman[order].astype(np.int32), when[order], level[order])


def ranks_before(assessments: Assessments, *, woman: Ints, day: Ints) -> Ints:
    """Return the rank that each `woman` holds at the start of each `day`; -1 before her first assessment."""
    span = int(max(assessments.day.max(initial=0), day.max(initial=0))) + 2
    keys = assessments.woman.astype(np.int64) * span + assessments.day
    wanted = woman.astype(np.int64) * span + day
    place = np.searchsorted(keys, wanted, side="left") - 1
    known = (place >= 0) & (assessments.woman[place] == woman)
    return np.where(known, assessments.rank[place], -1)


class _NextReport:
    """Finds each woman's first report after a day."""

    def __init__(self, rereports: tuple[Ints, Ints], women: int) -> None:
        woman, day = rereports
        self._span = int(day.max(initial=0)) + 2
        self._keys = np.append(woman.astype(np.int64) * self._span + day, np.iinfo(np.int64).max)
        self._women = np.arange(women)

    def after(self, day: Ints) -> Ints:
        never = np.iinfo(np.int32).max
        wanted = self._women * self._span + np.minimum(day, self._span - 2)
        key = self._keys[np.searchsorted(self._keys, wanted, side="right")]
        return np.where(key // self._span == self._women, key % self._span, never)


def _moved(rng: Generator, rank: Ints, elapsed: Ints, reported: Bools, levels: int) -> Ints:
    """Move each rank by at most one: up more often after a report, down as quiet time goes by."""
    chance = rng.random(len(rank))
    rises = chance < np.where(reported, 0.5, 1 - np.exp(-_RISE_PER_DAY * elapsed))
    falls = ~reported & (chance > np.exp(-_FALL_PER_DAY * elapsed))
    return np.clip(rank + rises.astype(np.int8) - falls.astype(np.int8), 0, levels - 1).astype(np.int8)
