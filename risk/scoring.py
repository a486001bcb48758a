"""Scoring of one form by a scale. Blank is not no (Ficha de Valoración de Riesgo, Ley 30364)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from risk.scale_file import BY_HAND, YES_NO, AlertRule, Answer, Scale

Answers: TypeAlias = Mapping[str, Answer | None]


class AnswerUnknown(ValueError):
    """An answer to something that the scale does not ask, or one that it does not offer."""


class NothingToScore(ValueError):
    """The scale's level is chosen by a trained person from another tool's printout."""


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """What a form comes to: `level` is "" while blanks leave open whether it is the lowest."""

    score: int
    level: str
    complete: bool
    missing: tuple[str, ...]
    skipped: tuple[str, ...]


def score(scale: Scale, answers: Answers, overrides: Answers) -> ScoreResult:
    """Score one form: `answers` by item id, `overrides` by code, None or absent for blank.

    A skipped item's answer does not count and its blank is not missing. The level of an incomplete form is the one
    that its answers and overrides already reach, unless that is the lowest: then it is "". Raise AnswerUnknown, or
    NothingToScore.
    """
    if scale.kind == BY_HAND:
        raise NothingToScore
    _check_answers(answers, {item.id: item.scores for item in scale.items})
    _check_answers(overrides, {override.code: YES_NO for override in scale.override})
    skipped = skipped_items(scale, answers)
    asked = [item for item in scale.items if item.id not in skipped]
    missing = tuple(item.id for item in asked if not item.info and answers.get(item.id) is None)
    given = [(item, answer) for item in asked if (answer := answers.get(item.id)) is not None]
    total = sum(item.scores[answer] for item, answer in given)
    prorated = scale.prorating is not None and 0 < len(missing) <= scale.prorating.max_missing
    if prorated:
        scored = sum(not item.info for item in asked)
        total = prorate(scale, total, asked=scored, missing=len(missing))
    rank = _rank_after_overrides(scale, _rank_of_score(scale, total), overrides)
    known = rank > 0 or prorated or not missing
    return ScoreResult(total, scale.levels[rank].code if known else "", not missing, missing, skipped)


def skipped_items(scale: Scale, answers: Answers) -> tuple[str, ...]:
    """Return the items that earlier answers make irrelevant, in the order asked; a skipped filter skips nothing."""
    skipped: set[str] = set()
    for item in scale.items:
        answer = answers.get(item.id)
        if answer is not None and item.id not in skipped:
            skipped |= item.skips.get(answer, frozenset())
    return tuple(item.id for item in scale.items if item.id in skipped)


def prorate(scale: Scale, total: int, *, asked: int, missing: int) -> int:
    """Return the sum that stands for `total` with so many of the items asked blank, by the scale's table if it has one.

    Otherwise in proportion, rounded half up, and never beyond what the scale can reach; 0 when nothing was answered.
    """
    if scale.prorating and scale.prorating.table:
        return scale.prorating.table[missing - 1][total]
    answered = asked - missing
    lowest, highest = scale.attainable
    return max(lowest, min(highest, (2 * total * asked + answered) // (2 * answered))) if answered else 0


def raised_level(scale: Scale, computed: str, chosen: str) -> str:
    """Return the higher of two levels; "" is below all of them."""
    ranks = {"": -1, **scale.ranks}
    return max(computed, chosen, key=lambda code: ranks[code])


def level_like(scale: Scale, code: str, rank: int) -> str:
    """Return a held level in the words of this scale: itself, or, of another scale, the level of the same rank."""
    return code if code in scale.ranks else scale.levels[min(rank, len(scale.levels) - 1)].code


def alerts_due(scale: Scale, *, level: str, answers: Answers, previous: Answers) -> tuple[AlertRule, ...]:
    """Return the scale's alerts that this form raises, at the level finally given.

    `previous` holds the answers of the assessment before, empty when there was none: an alert on something new is
    raised when the answer was not given then.
    """
    skipped = skipped_items(scale, answers)
    return tuple(
        rule
        for rule in scale.alerts
        if (rule.level is not None and rule.level == level)
        or (
            rule.item is not None
            and rule.item not in skipped
            and answers.get(rule.item) == rule.answer
            and not (rule.newly and previous.get(rule.item) == rule.answer)
        )
    )


def _check_answers(answers: Answers, offered: Mapping[str, Collection[Answer]]) -> None:
    for key, answer in answers.items():
        if key not in offered:
            message = f"the scale has no item or override {key}"
            raise AnswerUnknown(message)
        if answer is not None and answer not in offered[key]:
            message = f"{key} takes {', '.join(offered[key])} or nothing"
            raise AnswerUnknown(message)


def _rank_of_score(scale: Scale, total: int) -> int:
    return sum(total > top for top in scale.tops)


def _rank_after_overrides(scale: Scale, rank: int, overrides: Answers) -> int:
    steps = sum(override.steps for override in scale.override if overrides.get(override.code) == "si")
    return min(rank + steps, len(scale.levels) - 1)
