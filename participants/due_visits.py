"""Whether a visit to a woman is due or near: asked here, answered by the room that plans visits and knows this one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

# Takes her id, the first and the last day; says whether a visit stands on any of them.
HasVisitBetween = Callable[[int, date, date], bool]
# Takes her id and a moment; says whether the hours of a visit lie at it, or near.
HasVisitNear = Callable[[int, datetime], bool]


@dataclass(frozen=True, slots=True)
class _Answers:
    has_visit_between: HasVisitBetween
    has_visit_near: HasVisitNear


_answers: list[_Answers] = []


def answer_with(has_visit_between: HasVisitBetween, has_visit_near: HasVisitNear) -> None:
    """Let the planning room answer from now on; it calls this once, when the study starts."""
    _answers[:] = [_Answers(has_visit_between, has_visit_near)]


def has_visit_between(participant_id: int, first: date, last: date) -> bool:
    """Say whether a visit to her stands on any of these days; nobody to ask means no."""
    return any(answers.has_visit_between(participant_id, first, last) for answers in _answers)


def has_visit_near(participant_id: int, at: datetime) -> bool:
    """Say whether a visit to her stands at a moment, or near it; nobody to ask means no."""
    return any(answers.has_visit_near(participant_id, at) for answers in _answers)
