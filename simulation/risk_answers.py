"""Filled-in risk forms of any level: drawn item by item, scored by the scale's own rules, kept by level."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from risk.scale_file import Answer, Scale
from risk.scoring import Answers, score, skipped_items

LEVEL_MIX = (0.45, 0.30, 0.13, 0.12)
"""Shares of the levels at enrolment, from the lowest (domain.md gives none; a choice of this project)."""

_FORMS_PER_DRAW = 400
_MOST_DRAWS = 60
_NEUTRAL_YES = 0.6
_RARE = frozenset({"9", "16", "19"})


class LevelUnreachable(Exception):
    """The scale has a level that random forms hardly ever reach."""


@dataclass(frozen=True, slots=True)
class Form:
    """One complete form and what the scale makes of it."""

    answers: dict[str, Answer | None]
    score: int
    level: str


def draw_forms(rng: Generator, scale: Scale, *, per_level: int) -> tuple[tuple[Form, ...], ...]:
    """Draw `per_level` complete forms of each level, from the lowest to the highest.

    Answers lean towards the risk as a form's own severity rises; skipped items stay blank. Raises LevelUnreachable.
    """
    found: dict[str, list[Form]] = {band.code: [] for band in scale.levels}
    for _ in range(_MOST_DRAWS):
        for severity in rng.uniform(-2.2, 2.2, size=_FORMS_PER_DRAW):
            form = _draw_form(rng, scale, float(severity))
            if len(found[form.level]) < per_level:
                found[form.level].append(form)
        if all(len(forms) == per_level for forms in found.values()):
            return tuple(tuple(forms) for forms in found.values())
    short = next(code for code, forms in found.items() if len(forms) < per_level)
    message = f"level {short} of {scale.code} was not reached by {per_level} of {_MOST_DRAWS * _FORMS_PER_DRAW} forms"
    raise LevelUnreachable(message)


def level_ranks(severity: npt.NDArray[np.floating[Any]], levels: int) -> npt.NDArray[np.integer[Any]]:
    """Return each woman's level rank at enrolment so that the levels have the shares of LEVEL_MIX."""
    mix = np.asarray(LEVEL_MIX if levels == len(LEVEL_MIX) else [1 / levels] * levels)
    places = (np.argsort(np.argsort(severity, kind="stable"), kind="stable") + 0.5) / max(len(severity), 1)
    return np.searchsorted(np.cumsum(mix)[:-1], places).astype(np.int8)


def _draw_form(rng: Generator, scale: Scale, severity: float) -> Form:
    chances = rng.random(len(scale.items))
    answers: dict[str, Answer | None] = {}
    for item, chance in zip(scale.items, chances, strict=True):
        if item.info or item.filter:
            answers[item.id] = "si" if chance < _NEUTRAL_YES else "no"
            continue
        lean = severity - (1.6 if item.id in _RARE else 0.2)
        risky = float(chance) < 1 / (1 + np.exp(-1.1 * lean))
        answers[item.id] = "no" if risky == (item.scores["no"] > item.scores["si"]) else "si"
    answers |= dict.fromkeys(skipped_items(scale, answers))
    result = score(scale, _asked(answers), {})
    return Form(answers, result.score, result.level)


def _asked(answers: Answers) -> Answers:
    return {item: answer for item, answer in answers.items() if answer is not None}
