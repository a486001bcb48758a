"""The report on paper, as the study's other documents are made."""

from collections.abc import Sequence
from datetime import datetime

from documents.pdf import Document
from panel.reports.figures import Figure
from panel.reports.table import Table
from panel.reports.words import SAYS

_WIDEST, _HEAD_AND_ROWS_MM = 11, 60


def report_paper(
    facts: Sequence[tuple[str, str]],
    tables: Sequence[Table],
    figures: Sequence[Figure],
    language: str,
    *,
    blinded: bool,
    made_at: datetime,
) -> bytes:
    """Return a PDF of every chart before its table, in parts where a table is wider than a page.

    Tables that only repeat a chart in numbers are left to the files.
    """
    document = Document(title=SAYS["title"].in_language(language), made_at=made_at)
    if blinded:
        document.paragraph(SAYS["blinded"].in_language(language))
    document.facts(facts)
    document.paragraph(SAYS["few"].in_language(language))
    for table in tables:
        for figure in (one for one in figures if one.table == table.code):
            _draw(document, figure, table)
        if not table.is_of_chart:
            _write(document, table)
    return document.content()


def _draw(document: Document, figure: Figure, table: Table) -> None:
    document.chart(figure.title, figure.diagram)
    for mark in table.marks if table.is_of_chart else ():
        document.small_print(mark)


def _write(document: Document, table: Table) -> None:
    document.keep_room(_HEAD_AND_ROWS_MM)
    document.heading(table.title)
    for mark in table.marks:
        document.paragraph(mark)
    # The first column names the row, so that every part has it.
    for start in range(1, len(table.header) if table.rows else 0, _WIDEST - 1):
        columns = (0, *range(start, min(start + _WIDEST - 1, len(table.header))))
        document.ruled_table(
            [table.header[column] for column in columns], [[row[column] for column in columns] for row in table.rows]
        )
    for note in table.below:
        document.small_print(note)
