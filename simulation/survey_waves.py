"""Which surveys were held by the day of the simulation, which are open, which were missed and why."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from simulation.histories import LEAVING_PER_YEAR

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

NOT_YET, OPEN, DONE, REFUSED, MISSED, CANCELLED = range(6)
"""States of a woman's wave: its window is still to come, is open without a survey, or what became of it."""

_REFUSED_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class SurveyWaves:
    """Women × waves: the state, and the study day of what decided it."""

    state: Ints
    day: Ints


def draw_survey_waves(
    rng: Generator,
    *,
    due: Ints,
    window_days: int,
    left: Ints,
    today: int,
    attrition: tuple[float, ...],
    severity: Floats,
) -> SurveyWaves:
    """Decide each woman's wave as of the morning of study day `today`.

    `due` is women × waves, wave 0 the day of enrolment, always done; `left` the day each woman left the study;
    `attrition` the share without a survey at each wave among all enrolled, leavers included. Missing surveys are
    slightly likelier the higher the severity.
    """
    held = due + np.clip(np.rint(rng.normal(1.0, 5.0, size=due.shape)), 1 - window_days, window_days - 1).astype(int)
    held[:, 0] = due[:, 0]
    gone = held >= left[:, None]
    missing = rng.random(due.shape) < _chance_missing(due, attrition, severity)
    missing[:, 0] = False
    lapse = np.where(rng.random(due.shape) < _REFUSED_SHARE, REFUSED, MISSED)
    closes = due + window_days
    state = np.where(missing, lapse, DONE)
    day = np.where(missing & (lapse == MISSED), closes + 1, held)
    in_window = due - window_days <= today
    state = np.where(day >= today, np.where(in_window, OPEN, NOT_YET), state)
    state = np.where(gone & (np.minimum(left[:, None], closes) <= today), CANCELLED, state)
    day = np.where(state == CANCELLED, np.broadcast_to(left[:, None], day.shape), day)
    return SurveyWaves(state.astype(np.int8), np.minimum(day, today).astype(np.int32))


def _chance_missing(due: Ints, attrition: tuple[float, ...], severity: Floats) -> Floats:
    """Return the chance of a missing survey among those still in, women × waves."""
    leaving = sum(LEAVING_PER_YEAR.values())
    years = np.mean(due - due[:, :1], axis=0) / 365.25
    gone = 1 - np.exp(-leaving * years)
    wanted = np.asarray([attrition[min(wave, len(attrition) - 1)] for wave in range(due.shape[1])])
    share = np.clip((wanted - gone) / (1 - gone), 0, 0.95)
    return np.clip(share * np.exp(0.25 * severity[:, None] - 0.25**2 / 2), 0, 0.95)
