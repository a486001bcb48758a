"""All files of a report in a folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from panel.data_locks import locks_text
from panel.plan_states import PlanStanding
from panel.release_files.archive import write_archive
from panel.reports.figure_tables import figure_tables
from panel.reports.figures import Figure, figures
from panel.reports.findings import Findings
from panel.reports.flow_chart import FlowWriter
from panel.reports.page import report_body, report_page
from panel.reports.paper import report_paper
from panel.reports.rerun_python import PYTHON
from panel.reports.rerun_r import R
from panel.reports.results import as_json
from panel.reports.table import Table, csv_of, latex_of
from panel.reports.tables import TableWriter
from panel.reports.words import SAYS, STANDINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a report is of: the data's name, how the plan stands, the language it is written in, when it was made."""

    data: str
    language: str
    made_at: datetime
    standing: PlanStanding = PlanStanding.UNCHECKED
    # Under which locks the data stand; None where nobody could know.
    locks: Sequence[Mapping[str, Any]] | None = None


class Edition:
    """What was found, written in one language: tables and figures once, for page, paper and files alike."""

    def __init__(self, found: Findings, cover: Cover) -> None:
        self._found, self._cover = found, cover
        self._writer = TableWriter(found, cover.language)
        flow = found.trial_flow
        self._flow = None if flow is None else FlowWriter(flow, self._writer, cover.language)

    @cached_property
    def tables(self) -> list[Table]:
        """Return all tables in the order of the report."""
        every = [*self._writer.every(), *figure_tables(self._found, self._writer, self._cover.language)]
        return every if self._flow is None else [self._flow.table(), *every]

    @cached_property
    def figures(self) -> list[Figure]:
        """Return all charts in the order of the report."""
        drawn = figures(self._found, self._writer, self._cover.language)
        return drawn if self._flow is None else [self._flow.figure(), *drawn]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return what the report says of itself."""
        language = self._cover.language
        return [
            (SAYS["source"].in_language(language), self._cover.data),
            (SAYS["plan_hash"].in_language(language), self._found.plan_sha256),
            *self._standing(),
            *self._locks(),
            (SAYS["made"].in_language(language), f"{self._cover.made_at:%Y-%m-%d}"),
        ]

    def _locks(self) -> list[tuple[str, str]]:
        """Say under which locks the data stand, where that is known."""
        language, locks = self._cover.language, self._cover.locks
        return [] if locks is None else [(SAYS["data_locks"].in_language(language), locks_text(locks, language))]

    def _standing(self) -> list[tuple[str, str]]:
        """Say whether the plan is the one that is locked, where that was asked."""
        language, standing = self._cover.language, self._cover.standing
        if standing is PlanStanding.UNCHECKED and self._found.is_blinded:
            return []
        if standing is PlanStanding.UNCHECKED:
            return [(SAYS["groups"].in_language(language), SAYS["by_word"].in_language(language))]
        return [(SAYS["plan"].in_language(language), STANDINGS[standing].in_language(language))]

    def page(self) -> str:
        """Return the page that opens by itself."""
        return report_page(self.facts, self.tables, self.figures, self._cover.language, blinded=self._found.is_blinded)

    def body(self) -> str:
        """Return what the page says, to be read within another page."""
        return report_body(self.facts, self.tables, self.figures, self._cover.language, blinded=self._found.is_blinded)

    def paper(self) -> bytes:
        """Return the PDF."""
        return report_paper(
            self.facts,
            self.tables,
            self.figures,
            self._cover.language,
            blinded=self._found.is_blinded,
            made_at=self._cover.made_at,
        )

    def csvs(self) -> dict[str, str]:
        """Return each table as CSV, by the file's name."""
        return {f"{table.code}.csv": csv_of(table) for table in self.tables}

    def latex(self) -> dict[str, str]:
        """Return each table for LaTeX, by the file's name."""
        return {f"{table.code}.tex": latex_of(table) for table in self.tables}


def results_of(found: Findings) -> str:
    """Return all results as JSON."""
    return json.dumps(as_json(found), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def write_scripts(path: Path, results: str, inputs: Mapping[str, str]) -> Path:
    """Write the archive that runs the report again outside."""
    return write_texts(path, {"rerun.py": PYTHON, "rerun.R": R, "results.json": results, **inputs})


def write_texts(path: Path, members: dict[str, str]) -> Path:
    """Write an archive of texts by their names."""
    write_archive(path, [(name, content.encode()) for name, content in members.items()])
    return path


def write_report(found: Findings, cover: Cover, inputs: Mapping[str, str], folder: Path) -> list[Path]:
    """Write page, paper, tables, results and scripts; return the files of the folder itself. Raise OSError."""
    edition, results = Edition(found, cover), results_of(found)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, content in (edition.csvs() | edition.latex()).items():
        (folder / "tables" / name).write_text(content, encoding="utf-8")
    page, paper, kept = (folder / name for name in ("report.html", "report.pdf", "results.json"))
    page.write_text(edition.page(), encoding="utf-8")
    paper.write_bytes(edition.paper())
    kept.write_text(results, encoding="utf-8")
    return [page, paper, kept, write_scripts(folder / "rerun.zip", results, inputs)]
