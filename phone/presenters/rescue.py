"""What became of what a sealed file held, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants.receipts import CONFLICT, NEW, REFUSED, SAME_AGAIN


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Logs, or sheets, and how many of them went which way."""

    label: str
    rows: list[tuple[str, int]]


def brought_in(logs: Mapping[int, int], sheets: Mapping[int, int]) -> list[BroughtIn]:
    """Return the counts by status of logs and sheets in words; a kind of which there was none is left out."""
    told = [
        (_("Logs"), logs, _("Kept beside another log: decide which stands")),
        (_("Sheets"), sheets, _("Kept beside another sheet: look at both")),
    ]
    return [BroughtIn(label, _rows(counts, beside)) for label, counts, beside in told if sum(counts.values())]


def entries_brought_in(counts: Mapping[int, int]) -> list[BroughtIn]:
    """Return the counts by status of what an interviewer's file held, in words."""
    labels = {SAME_AGAIN: _("Kept before"), CONFLICT: _("Kept aside, to decide"), REFUSED: _("Not accepted")}
    return [BroughtIn(_("Surveys"), [(label, counts.get(status, 0)) for status, label in labels.items()])]


def _rows(counts: Mapping[int, int], beside: str) -> list[tuple[str, int]]:
    labels = {NEW: _("New, kept now"), SAME_AGAIN: _("Kept before"), CONFLICT: beside, REFUSED: _("Not accepted")}
    return [(label, counts.get(status, 0)) for status, label in labels.items()]
