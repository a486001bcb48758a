"""What may follow what in a safety case, and when one that waits is brought up again. The same in every arm."""

from collections.abc import Mapping
from datetime import datetime, timedelta

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"in_progress", "closed"}),
    "in_progress": frozenset({"closed"}),
    # What happens again later is a case of its own, which points to this one.
    "closed": frozenset(),
}
DAY = timedelta(days=1)
# Steps of a case that nobody has answered: raised; half of its time is gone; its time is over; then one more each day.
RAISED, REMINDED, OVERDUE = 0, 1, 2


def may_become(state: str, following: str) -> bool:
    """Say whether a case of the first state may get the second."""
    return following in TRANSITIONS[state]


def escalation_due(*, raised_at: datetime, due_at: datetime, now: datetime) -> int:
    """Return the step that a case without an answer has reached by now.

    Half of its time brings a reminder, the end of it everybody in charge, and again each day (24 hours) until somebody
    answers.
    """
    if now >= due_at:
        return OVERDUE + (now - due_at) // DAY
    return REMINDED if now >= raised_at + (due_at - raised_at) / 2 else RAISED


def audiences(step: int, *, is_attended: bool) -> tuple[str, ...]:
    """Return who hears of a case at a step: the administrators too once it is overdue, or while nobody is on duty."""
    return ("safety", "administrators") if step >= OVERDUE or not is_attended else ("safety",)
