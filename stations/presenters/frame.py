"""How the pages of the frame say things: labels in both languages for codes of data."""

import csv
import io
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stations.eligibility import Exclusion
from stations.frame_file import DistrictRow, StationRow, canonical_json
from stations.frame_import import Fate, FrameChange, FrameImport
from stations.frame_listing import ALL, ELIGIBLE, FrameRow, eligibility_flow, shown_rows
from stations.models import Frame

EXCLUSIONS: dict[Exclusion, str | Promise] = {
    Exclusion.TOO_FEW_OFFICERS: _("Too few officers"),
    Exclusion.NO_FAMILY_VIOLENCE_OFFICERS: _("No officer for family matters"),
}
PROBLEM = "problem"
FATES: dict[str, str | Promise] = {
    PROBLEM: _("Problems"),
    Fate.NEW: _("New"),
    Fate.CHANGED: _("Changed"),
    Fate.ABSENT: _("Not in the files: left as they are"),
    Fate.UNCHANGED: _("Unchanged"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the ways to filter a list, with how many rows it leaves."""

    value: str
    label: str | Promise
    count: int
    is_current: bool


def frame_choices(rows: list[FrameRow], current: str) -> list[Choice]:
    """Return the filters of the frame: all, eligible, and one for each reason."""
    labels = {ALL: _("All"), ELIGIBLE: _("Eligible"), **{reason.value: label for reason, label in EXCLUSIONS.items()}}
    return [Choice(value, label, len(shown_rows(rows, value)), value == current) for value, label in labels.items()]


def exclusion_counts(rows: list[FrameRow]) -> list[tuple[str, int]]:
    """Return each set of reasons that excludes stations, in words, with their number."""
    return [
        (" + ".join(str(EXCLUSIONS[reason]) for reason in reasons), count)
        for reasons, count in eligibility_flow(rows).excluded.items()
    ]


def fate_choices(plan: FrameImport, asked: str) -> list[Choice]:
    """Return the filters of a dry run; the first with any rows is current when none of that name is asked for.

    While rows are wrong, nobody can say which stations the files leave out.
    """
    counts = {PROBLEM: len(plan.problems), **{fate.value: count for fate, count in plan.counts().items()}}
    filled = [fate for fate in FATES if counts[fate]]
    current = asked if asked in filled else next(iter(filled), PROBLEM)
    return [
        Choice(fate, label, counts[fate], fate == current)
        for fate, label in FATES.items()
        if not (fate == Fate.ABSENT and plan.problems)
    ]


def fate_rows(plan: FrameImport, fate: str) -> list[Any]:
    """Return the rows of one fate, each as (change, label, what changes in words), or the problems."""
    if fate == PROBLEM:
        return [*plan.problems]
    found = [change for change in plan.changes if change.fate == fate]
    return [(change, FATES[change.fate], change_in_words(change)) for change in found]


def change_in_words(change: FrameChange) -> str:
    """Return what of a row changes, as the files write it: officers: 68 → 69; reports: – → 460."""
    pairs = change.changed.items()
    return "; ".join(f"{column}: {_written(before)} → {_written(after)}" for column, (before, after) in pairs)


def _written(value: object) -> str:
    return "–" if value is None else str(value)


# The parts in which a frozen frame can be taken away.
FRAME_PARTS = {"whole": "frame.json", "stations": "stations.csv", "districts": "districts.csv"}


def frame_part(frame: Frame, part: str) -> tuple[bytes, str]:
    """Return a part of a frozen frame and its media type.

    The JSON is the very text whose SHA-256 is the frame's hash; the CSV files can be imported as they are.
    """
    if part == "whole":
        return canonical_json({"districts": frame.districts, "stations": frame.stations}).encode(), "application/json"
    rows = frame.stations if part == "stations" else frame.districts
    columns = fields(StationRow if part == "stations" else DistrictRow)
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in columns])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(), "text/csv; charset=utf-8"
