"""A file of reports as it is looked through before it is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents.tables import Problem
from participants.intake import Fate
from participants.presenters.intake import StateChoice
from participants.report_file import REQUIRED, SPANISH
from participants.staged_rows import StagedRow, StagedRows

PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of the file: who it is of, masked, and what happens with it."""

    row: int
    number: str
    initials: str
    words: str


def import_choices(staged: StagedRows, shown: str) -> list[StateChoice]:
    """Return the tabs: what is wrong first, then each fate that some row has."""
    labels = {
        Fate.CONFLICT: _("Number of another report"),
        Fate.NEW: _("New"),
        Fate.SAME_WOMAN: _("Same woman again"),
        Fate.ENROLLED: _("Already enrolled"),
        Fate.AGAIN: _("Already here"),
    }
    counts = staged.counts
    wrong = len(staged.problems)
    tabs = [(PROBLEM, _("What is wrong"), wrong), *((str(fate), label, counts[fate]) for fate, label in labels.items())]
    filled = [(value, label, count) for value, label, count in tabs if count]
    chosen = shown if shown in {value for value, _label, _count in filled} else filled[0][0]
    return [StateChoice(value, label, count, value == chosen) for value, label, count in filled]


def chosen_rows(staged: StagedRows, chosen: str) -> list[StagedRow | Problem]:
    """Return what stands behind a tab, in the file's order."""
    if chosen == PROBLEM:
        return list(staged.problems)
    return [row for row in staged.rows if row.fate == chosen]


def import_rows(rows: Iterable[StagedRow | Problem]) -> list[ImportRow | Problem]:
    """Return rows in words, of her the initials only; problems speak for themselves."""
    return [
        row if isinstance(row, Problem) else ImportRow(row.row, row.entry.number, row.entry.woman.initials, _words(row))
        for row in rows
    ]


def columns_told() -> list[tuple[str, str, bool]]:
    """Return the columns of a file: Spanish name, English name, whether it must be there."""
    return [(spanish, name, name in REQUIRED) for name, spanish in SPANISH.items()]


def _words(row: StagedRow) -> str:
    earlier = row.earlier_code or _("row %(row)s") % {"row": row.earlier_row}
    words = {
        Fate.NEW: _("New: to be screened"),
        Fate.SAME_WOMAN: _("She reported before: %(earlier)s"),
        Fate.ENROLLED: _("She is enrolled: a further report of hers"),
        Fate.AGAIN: _("The same as %(earlier)s: nothing is written"),
        Fate.CONFLICT: _("%(earlier)s has this number and is of another woman: nothing is written"),
    }
    return words[row.fate] % {"earlier": earlier}
