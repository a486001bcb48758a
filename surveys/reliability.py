"""How well the items of a scale hang together: Cronbach's alpha, and each item with the rest of the scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
FEWEST_ROWS = 10
"""With fewer whole rows nothing is computed: it would say more of single women than of the scale."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of how many whole rows; alpha, and the correlation of each item with the sum of the others; None: not known."""

    rows: int
    alpha: float | None
    item_rest: tuple[float | None, ...]


def reliability(points: Numbers) -> Reliability:
    """Return the reliability of a scale: one row for a respondent, one column for an item, NaN where she gave none.

    Only whole rows count (listwise). With fewer than ten of them, or an item that all answer alike, what cannot be
    computed is None. Alpha is k/(k−1) · (1 − Σ item variances / variance of the sum), with n − 1 (Cronbach 1951).
    """
    whole = points[~np.isnan(points).any(axis=1)]
    rows, items = whole.shape
    if rows < FEWEST_ROWS or items < 2:  # noqa: PLR2004 (a scale has two items at least)
        return Reliability(rows, None, (None,) * items)
    return Reliability(rows, _alpha(whole), tuple(_item_rest(whole, item) for item in range(items)))


def _alpha(whole: Numbers) -> float | None:
    items, total = whole.shape[1], whole.sum(axis=1).var(ddof=1)
    if total == 0:
        return None
    return float(items / (items - 1) * (1 - whole.var(axis=0, ddof=1).sum() / total))


def _item_rest(whole: Numbers, item: int) -> float | None:
    own, rest = whole[:, item], whole.sum(axis=1) - whole[:, item]
    if own.std() == 0 or rest.std() == 0:
        return None
    return float(np.corrcoef(own, rest)[0, 1])
