"""Why a form comes to what it comes to, step by step: for people who want to understand a scale."""

from dataclasses import dataclass

from risk.scale_file import AlertRule, Scale
from risk.scoring import Answers, ScoreResult, alerts_due, score


@dataclass(frozen=True, slots=True)
class Explanation:
    """A form's result and what made it: points by item, the sum as counted, what raised the level."""

    result: ScoreResult
    points: tuple[tuple[str, int], ...]
    counted: int
    level_of_score: str
    raised_by: tuple[str, ...]
    alerts: tuple[AlertRule, ...]

    @property
    def is_prorated(self) -> bool:
        return self.counted != self.result.score


def explain(scale: Scale, answers: Answers, overrides: Answers) -> Explanation:
    """Return how a form's score and level come about. Raise as `scoring.score`."""
    result = score(scale, answers, overrides)
    points = tuple(
        (item.id, item.scores[answer])
        for item in scale.items
        if (answer := answers.get(item.id)) is not None and item.id not in result.skipped and item.scores[answer]
    )
    return Explanation(
        result=result,
        points=points,
        counted=sum(given for _item, given in points),
        level_of_score=score(scale, answers, {}).level,
        raised_by=tuple(o.code for o in scale.override if overrides.get(o.code) == "si"),
        alerts=alerts_due(scale, level=result.level, answers=answers, previous={}),
    )
