"""The response scale, wave by wave: how many whole answers, its alpha, and how each sentence goes with the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveys.reliability import FEWEST_ROWS, reliability


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One wave. `rows` is None where so few answered all that nothing is shown."""

    label: str
    rows: int | None
    alpha: float | None
    items: tuple[tuple[float | None, float | None], ...]


def scale_row(label: str, points: NDArray[np.float64]) -> ScaleRow:
    """Return a wave's reliability with the mean and the item–rest correlation of each item, of whole answers alone.

    With fewer than ten of them nothing is shown.
    """
    found = reliability(points)
    if found.rows < FEWEST_ROWS:
        return ScaleRow(label, None, None, ((None, None),) * points.shape[1])
    means = points[~np.isnan(points).any(axis=1)].mean(axis=0).tolist()
    return ScaleRow(label, found.rows, found.alpha, tuple(zip(means, found.item_rest, strict=True)))
