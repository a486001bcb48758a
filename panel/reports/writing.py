"""All files of a report in a folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from panel.release_files.archive import write_archive
from panel.reports.figure_tables import figure_tables
from panel.reports.figures import figures
from panel.reports.findings import Findings
from panel.reports.page import report_page
from panel.reports.paper import report_paper
from panel.reports.rerun import PYTHON, R
from panel.reports.results import as_json
from panel.reports.table import Table, csv_of, latex_of
from panel.reports.tables import TableWriter
from panel.reports.words import SAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a report is of: the data's name, arms by station and period (CSV), and when it was made."""

    data: str
    arms_csv: str
    language: str
    made_at: datetime


def write_report(found: Findings, cover: Cover, folder: Path) -> list[Path]:
    """Write page, paper, tables, results and scripts; return the files of the folder itself. Raise OSError."""
    language = cover.language
    writer = TableWriter(found, language)
    tables = [*writer.every(), *figure_tables(found, writer, language)]
    drawn = figures(found, writer, language)
    facts = [
        (SAYS["source"].in_language(language), cover.data),
        (SAYS["plan_hash"].in_language(language), found.plan_sha256),
        (SAYS["made"].in_language(language), f"{cover.made_at:%Y-%m-%d}"),
    ]
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    _write_tables(tables, folder / "tables")
    results = json.dumps(as_json(found), indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    page, paper, kept, scripts = (folder / name for name in ("report.html", "report.pdf", "results.json", "rerun.zip"))
    page.write_text(report_page(facts, tables, drawn, language, blinded=found.is_blinded), encoding="utf-8")
    paper.write_bytes(report_paper(facts, tables, drawn, language, blinded=found.is_blinded, made_at=cover.made_at))
    kept.write_text(results, encoding="utf-8")
    members = {"rerun.py": PYTHON, "rerun.R": R, "results.json": results, "arms.csv": cover.arms_csv}
    write_archive(scripts, [(name, content.encode()) for name, content in members.items()])
    return [page, paper, kept, scripts]


def _write_tables(tables: Sequence[Table], folder: Path) -> None:
    for table in tables:
        (folder / f"{table.code}.csv").write_text(csv_of(table), encoding="utf-8")
        (folder / f"{table.code}.tex").write_text(latex_of(table), encoding="utf-8")
