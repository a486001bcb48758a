"""Covariates of the drawn stations as whole numbers, so that every machine scores the same.

A value is standardised over the drawn stations, (value − mean) / standard deviation (n − 1), in decimal arithmetic of
50 digits, and kept to four decimals, half to even: times 10⁴, a whole number. A covariate without spread is 0
throughout. A category becomes an indicator for each of its levels. Weights are kept to three decimals.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import numpy as np

from stations.partitions import Covariates

VALUE_SCALE = 10_000
WEIGHT_SCALE = 1_000
# What a whole-number score must be divided by: squared values, times the weight.
SCORE_SCALE = VALUE_SCALE**2 * WEIGHT_SCALE
DIGITS = 50


def whole_covariates(
    codes: Sequence[str], columns: Mapping[str, Mapping[str, Decimal]], weights: Mapping[str, Decimal]
) -> Covariates:
    """Return the covariates of these stations, in this order; a column not weighted weighs 1.

    `columns` maps a covariate to station code → value; `weights` a covariate to its weight.
    """
    values = [whole_column([column[code] for code in codes]) for column in columns.values()]
    whole_weights = [int((weights.get(name, Decimal(1)) * WEIGHT_SCALE).to_integral_value()) for name in columns]
    return Covariates(np.array(values, dtype=np.int64).T, np.array(whole_weights, dtype=np.int64))


def whole_column(values: Sequence[Decimal]) -> list[int]:
    """Standardise one covariate and keep it to four decimals, as whole numbers."""
    with localcontext(prec=DIGITS, rounding=ROUND_HALF_EVEN):
        mean = sum(values, Decimal(0)) / len(values)
        centred = [value - mean for value in values]
        variance = sum((value * value for value in centred), Decimal(0)) / max(len(values) - 1, 1)
        if not variance:
            return [0] * len(values)
        spread = variance.sqrt()
        return [int((value / spread * VALUE_SCALE).to_integral_value()) for value in centred]


def indicators(name: str, levels: Mapping[str, str]) -> dict[str, dict[str, Decimal]]:
    """Turn a category (station code → level) into a column of 0 and 1 for each of its levels, sorted by level."""
    return {
        f"{name}={level}": {code: Decimal(int(own == level)) for code, own in levels.items()}
        for level in sorted(set(levels.values()))
    }
