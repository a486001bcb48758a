"""Item by item answers that agree with a woman's outcomes, wave after wave: what happened once stays "ever"."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from surveys.ipv_scores import ActCode

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

NEVER, OFTEN, SOMETIMES, NOT_IN_PERIOD = map(
    int, (ActCode.NEVER, ActCode.OFTEN, ActCode.SOMETIMES, ActCode.NOT_IN_PERIOD)
)

_EVER_BEFORE_BASELINE = 0.25


def draw_item_answers(rng: Generator, *, latent: Floats, present: Bools, items: int) -> Ints:
    """Answer one domain's `items`: women × waves × items of NEVER, OFTEN, SOMETIMES, NOT_IN_PERIOD.

    At least one item is OFTEN or SOMETIMES exactly where `present` (women × waves) is true, and more of them, and
    more often, the higher the `latent` liability. An item once answered otherwise never returns to NEVER.
    """
    easiest_first = np.linspace(-0.4, 1.6, items)
    chance = rng.random((*latent.shape, items), dtype=np.float32)
    happened = present[:, :, None] & (chance < _logistic(0.9 * latent[:, :, None] - easiest_first))
    forced = present & ~happened.any(axis=2)
    happened[forced, _forced_items(rng, int(forced.sum()), items)] = True
    often = rng.random(happened.shape, dtype=np.float32) < _logistic(latent[:, :, None] - 1.2)
    ever = _ever_before(rng, happened)
    quiet = np.where(ever, NOT_IN_PERIOD, NEVER)
    return np.where(happened, np.where(often, OFTEN, SOMETIMES), quiet).astype(np.int8)


def _forced_items(rng: Generator, count: int, items: int) -> Ints:
    """Choose one item for each, the first ones more often."""
    return np.minimum(rng.geometric(0.5, size=count) - 1, items - 1)


def _ever_before(rng: Generator, happened: Bools) -> Bools:
    before = np.zeros_like(happened)
    before[:, 0] = rng.random(happened[:, 0].shape) < _EVER_BEFORE_BASELINE
    for wave in range(1, happened.shape[1]):
        before[:, wave] = before[:, wave - 1] | happened[:, wave - 1]
    return before


def _logistic(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)))
