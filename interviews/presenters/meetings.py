"""Interviews and choices as pages show them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interviews.models import Interview, Selection
from interviews.queries import interviews_of_selection
from participants.queries import masked_names

Status = Interview.Status
KINDS: Mapping[str, str] = {
    Status.SELECTED: "info",
    Status.PROPOSED: "info",
    Status.AGREED: "info",
    Status.DONE: "good",
    Status.STOPPED: "warn",
}
_NEXT: Mapping[str, Promise] = {
    Status.SELECTED: _("Ask her, and propose a time"),
    Status.PROPOSED: _("Does the time suit her?"),
    Status.AGREED: _("Hold it"),
    Status.DONE: _("Recording and transcript"),
}


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview in a list. `next` says what to do about it, "" for nothing."""

    interview: Interview
    masked_name: str
    kind: str
    next: str | Promise


@dataclass(frozen=True, slots=True)
class SelectionCard:
    """A choice with the women chosen, and how many places are open."""

    selection: Selection
    rows: list[Interview]
    open_places: int


def interview_rows(interviews: Collection[Interview]) -> list[InterviewRow]:
    """Return interviews, with the vault loaded, in the words of the list."""
    names = masked_names(interview.participant for interview in interviews)
    return [
        InterviewRow(
            interview,
            names[interview.participant_id],
            KINDS.get(interview.status, "neutral"),
            _NEXT.get(interview.status, ""),
        )
        for interview in interviews
    ]


def selection_card(selection: Selection) -> SelectionCard:
    """Return a choice as the administrator's page shows it."""
    rows = list(interviews_of_selection(selection))
    return SelectionCard(selection, rows, sum(row.is_open_place for row in rows))
