"""The content of a staged import: rows with their fates, and what is wrong with the others; written for sealing."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from documents.tables import Problem
from participants.identity import Identity
from participants.intake import Fate, Planned
from participants.report_entry import ReportEntry, written_fields
from participants.report_file import FileReport, problem_words

QUICK = 1


@dataclass(frozen=True, slots=True, repr=False)
class StagedRow:
    """A row that is right, and its fate; what it repeats or follows is stored (its code) or stands above (its row)."""

    row: int
    station_id: int
    entry: ReportEntry
    fate: Fate
    earlier_code: str = ""
    earlier_row: int = 0

    def __repr__(self) -> str:
        return f"StagedRow({self.row}, sealed)"

    @property
    def report(self) -> FileReport:
        return FileReport(self.row, self.station_id, self.entry)


@dataclass(frozen=True, slots=True, repr=False)
class StagedRows:
    """All rows of a staged file, in its order, and every problem in it."""

    file: str
    rows: tuple[StagedRow, ...]
    problems: tuple[Problem, ...]

    def __repr__(self) -> str:
        return "StagedRows(sealed)"

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows have each fate."""
        counted = dict.fromkeys(map(str, Fate), 0)
        for row in self.rows:
            counted[row.fate] += 1
        return counted

    def to_bytes(self) -> bytes:
        """Write it for sealing, compressed."""
        held = {
            "file": self.file,
            "rows": [_row_values(row) for row in self.rows],
            "problems": [[p.row, p.column, p.kind, _plain(p.found)] for p in self.problems],
        }
        return zlib.compress(json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode(), QUICK)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        held = json.loads(zlib.decompress(data))
        rows = (
            StagedRow(
                row,
                station,
                ReportEntry(number, date.fromisoformat(day), Identity(**woman)),
                Fate(fate),
                earlier_code,
                earlier_row,
            )
            for row, station, number, day, woman, fate, earlier_code, earlier_row in held["rows"]
        )
        problems = (
            Problem(held["file"], row, column, kind, found, problem_words(kind))
            for row, column, kind, found in held["problems"]
        )
        return cls(held["file"], tuple(rows), tuple(problems))


def staged_rows(plan: Iterable[Planned], problems: Iterable[Problem], *, file: str) -> StagedRows:
    """Return a plan as it is staged."""
    rows = (
        StagedRow(
            planned.incoming.row,
            planned.incoming.station_id,
            planned.incoming.entry,
            planned.fate,
            planned.earlier.code if planned.earlier else "",
            planned.earlier.row if planned.earlier else 0,
        )
        for planned in plan
    )
    return StagedRows(file, tuple(rows), tuple(problems))


def _row_values(row: StagedRow) -> list[Any]:
    day, woman = row.entry.reported_on.isoformat(), written_fields(row.entry.woman)
    return [row.row, row.station_id, row.entry.number, day, woman, row.fate, row.earlier_code, row.earlier_row]


def _plain(found: Mapping[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in found.items()}
