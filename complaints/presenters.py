"""Complaints as their pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from complaints.models import Complaint, ComplaintStep
from complaints.states import WAITING, State

_KINDS = {State.RECEIVED: "warn", State.IN_HAND: "info", State.ANSWERED: "good", State.CLOSED: "neutral"}


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint with how it stands."""

    complaint: Complaint
    kind: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step with its words, "" where there are none or they may not be read."""

    step: ComplaintStep
    note: str


def complaint_rows(complaints: Iterable[Complaint], today: date) -> list[ComplaintRow]:
    """Return complaints for showing; late is what waits for an answer beyond its day."""
    return [
        ComplaintRow(one, _KINDS[State(one.state)], one.state in WAITING and one.due_on < today) for one in complaints
    ]


def step_rows(steps: Iterable[ComplaintStep], words: Mapping[str, str]) -> list[StepRow]:
    """Return the steps with what was opened of them."""
    return [StepRow(step, words.get(str(step.pk), "")) for step in steps]
