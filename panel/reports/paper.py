"""The report on paper, as the study's other documents are made."""

from collections.abc import Sequence
from datetime import datetime

from documents.pdf import Document
from panel.reports.figures import Figure
from panel.reports.table import Table
from panel.reports.words import SAYS

_WIDEST = 9


def report_paper(
    facts: Sequence[tuple[str, str]],
    tables: Sequence[Table],
    figures: Sequence[Figure],
    language: str,
    *,
    blinded: bool,
    made_at: datetime,
) -> bytes:
    """Return a PDF of every table that fits a page's width, in parts where it does not, then the charts to print."""
    document = Document(title=SAYS["title"].in_language(language), made_at=made_at)
    if blinded:
        document.paragraph(SAYS["blinded"].in_language(language))
    document.facts(facts)
    document.paragraph(SAYS["few"].in_language(language))
    for table in tables:
        if not table.code.startswith("distribution_"):
            _write(document, table)
    for figure in figures:
        if figure.is_printed:
            document.new_page(figure.title)
            document.diagram(figure.diagram)
    return document.content()


def _write(document: Document, table: Table) -> None:
    document.heading(table.title)
    for mark in table.marks:
        document.paragraph(mark)
    # The first column names the row, so that every part has it.
    for start in range(1, len(table.header), _WIDEST - 1):
        columns = (0, *range(start, min(start + _WIDEST - 1, len(table.header))))
        document.table(
            [table.header[column] for column in columns], [[row[column] for column in columns] for row in table.rows]
        )
    for note in table.notes:
        document.small_print(note)
