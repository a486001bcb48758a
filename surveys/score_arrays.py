"""The outcomes of many surveys at once, as `ipv_scores` has them of one: rows are surveys, NaN is not known."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from surveys.ipv_scores import (
    ACTS,
    COMBINATIONS,
    RESPONSE_MINIMUM,
    SEVERE,
    ActCode,
    act_code,
    act_items,
    response_items,
    response_points,
)

Numbers = NDArray[np.float64]
UNKNOWN = -1
"""Stands for an act of which she did not say whether it happened."""

_POINTS = np.array([0.0, 2.0, 1.0, 0.0, np.nan, np.nan])  # by code; the last one is read for UNKNOWN


def act_table(answers: Sequence[Mapping[str, str]]) -> dict[str, NDArray[np.int8]]:
    """Return each domain's codes, one row for a survey and one column for an act, UNKNOWN where she did not say.

    Injuries are "never" where every physical and sexual act is.
    """
    codes = {
        domain: np.array(
            [[UNKNOWN if (code := act_code(row, item)) is None else code for item in act_items(domain)]
             for row in answers],
            dtype=np.int8,
        ).reshape(len(answers), ACTS[domain])
        for domain in ACTS
    }  # fmt: skip
    unhurt = (codes["physical"] == ActCode.NEVER).all(axis=1) & (codes["sexual"] == ActCode.NEVER).all(axis=1)
    codes["injury"][unhurt] = ActCode.NEVER
    return codes


def response_table(answers: Sequence[Mapping[str, str]]) -> Numbers:
    """Return the points of the police-response items, one row for a survey, NaN where she gave none."""
    rows = [[np.nan if (points := response_points(row.get(item, ""))) is None else points for item in response_items()]
            for row in answers]  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(len(answers), len(response_items()))


def domain_scores(domain: str, codes: NDArray[np.int8]) -> dict[str, Numbers]:
    """Return a domain's outcomes from its codes: in the period, ever, score, severity and chronicity."""
    in_period = np.isin(codes, (ActCode.OFTEN, ActCode.SOMETIMES))
    open_now = np.isin(codes, (UNKNOWN, ActCode.UNTOLD))
    annual = _any(in_period, open_now)
    severe = [number - 1 for number in sorted(SEVERE[domain])]
    worst = _any(in_period[:, severe], open_now[:, severe])
    points = _POINTS[codes].sum(axis=1)
    return {
        domain: annual,
        f"{domain}_ever": _any(codes > ActCode.NEVER, codes == UNKNOWN),
        f"{domain}_score": points,
        f"{domain}_severity": np.where(worst == 1, 2.0, np.where(np.isnan(worst), np.nan, annual)),
        f"{domain}_chronicity": np.where(annual == 1, points, np.nan),
    }


def score_table(answers: Sequence[Mapping[str, str]]) -> dict[str, Numbers]:
    """Return every outcome of many surveys, by name as `ipv_scores.score_answers` has it."""
    found: dict[str, Numbers] = {}
    for domain, codes in act_table(answers).items():
        found |= domain_scores(domain, codes)
    for name, (rule, domains) in COMBINATIONS.items():
        for suffix in ("", "_ever"):
            found[name + suffix] = _combined(rule, np.stack([found[domain + suffix] for domain in domains]))
    found["police_response"] = response_means(response_table(answers))
    return found


def response_means(points: Numbers) -> Numbers:
    """Return each survey's mean of the items that were answered, NaN where fewer than nine of twelve were."""
    told = ~np.isnan(points)
    count = told.sum(axis=1)
    return np.where(count >= RESPONSE_MINIMUM, np.where(told, points, 0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _any(happened: NDArray[np.bool_], is_open: NDArray[np.bool_]) -> Numbers:
    return np.where(happened.any(axis=1), 1.0, np.where(is_open.any(axis=1), np.nan, 0.0))


def _combined(rule: str, values: Numbers) -> Numbers:
    deciding = 1.0 if rule == "any" else 0.0
    is_open = np.isnan(values).any(axis=0)
    return np.where((values == deciding).any(axis=0), deciding, np.where(is_open, np.nan, 1.0 - deciding))
