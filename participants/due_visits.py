"""Whether a visit to a woman is due: asked in this room, answered by the one that plans visits and knows this one."""

from collections.abc import Callable
from datetime import date

# Takes her id, the first and the last day; says whether a visit stands on any of them.
HasVisitBetween = Callable[[int, date, date], bool]

_answers: list[HasVisitBetween] = []


def answer_with(has_visit_between: HasVisitBetween) -> None:
    """Let the planning room answer from now on; it calls this once, when the study starts."""
    _answers[:] = [has_visit_between]


def has_visit_between(participant_id: int, first: date, last: date) -> bool:
    """Say whether a visit to her stands on any of these days; nobody to ask means no."""
    return any(answer(participant_id, first, last) for answer in _answers)
