"""How the dry run of a list of attendance says things."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stations.presenters.frame import PROBLEM, Choice
from training.attendance_import import AttendanceImport, Fate, RowFate

FATES: dict[str, str | Promise] = {
    PROBLEM: _("Problems"),
    Fate.NEW: _("New"),
    Fate.CHANGED: _("Changed"),
    Fate.UNCHANGED: _("Unchanged"),
}
COLUMNS: dict[str, str | Promise] = {
    "came": _("came"),
    "minutes_late": _("minutes late"),
    "absence": _("reason of the absence"),
    "score_before": _("score before"),
    "score_after": _("score after"),
}


def fate_choices(plan: AttendanceImport, asked: str) -> list[Choice]:
    """Return the filters of a dry run; the first with any rows is current when none of that name is asked for."""
    counts = {PROBLEM: len(plan.problems), **{fate.value: count for fate, count in plan.counts().items()}}
    filled = [fate for fate in FATES if counts[fate]]
    current = asked if asked in filled else next(iter(filled), PROBLEM)
    return [Choice(fate, label, counts[fate], fate == current) for fate, label in FATES.items()]


def fate_rows(plan: AttendanceImport, fate: str) -> list[Any]:
    """Return the rows of one fate, each as (row, what happens in words), or the problems."""
    if fate == PROBLEM:
        return [*plan.problems]
    return [(row, _in_words(row)) for row in plan.rows if row.fate == fate]


def new_sessions(plan: AttendanceImport) -> list[str]:
    """Return the sessions that the import would make, in words."""
    codes = {row.place: row.station_code for row in plan.rows}
    return [
        f"{codes[place]}, {date_format(place[1], 'SHORT_DATE_FORMAT')}: {_numbers(modules)}"
        for place, modules in plan.new_sessions.items()
    ]


def _in_words(row: RowFate) -> str:
    if not row.changed:
        return str(FATES[row.fate])
    pairs = row.changed.items()
    return "; ".join(f"{COLUMNS[name]}: {_written(before)} → {_written(after)}" for name, (before, after) in pairs)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "–" if value in (None, "") else str(value)


def _numbers(modules: Iterable[int]) -> str:
    return ", ".join(str(_("Module %(number)s") % {"number": module}) for module in modules)
