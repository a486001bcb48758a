"""Writing the documents that people take away: one plain look, the same bytes for the same content."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

MARGIN_MM = 22
FONT = "Helvetica"


class Document:
    """An A4 document built from top to bottom: heading, paragraphs, tables, a small print at the end.

    Texts are those of western European languages (Latin-1); what has no letter there is written as "?".
    """

    def __init__(self, *, title: str, made_at: datetime) -> None:
        self._pdf = FPDF(format="A4", unit="mm")
        self._pdf.set_title(_latin(title))
        self._pdf.set_creation_date(made_at)
        self._pdf.set_margins(MARGIN_MM, MARGIN_MM)
        self._pdf.set_auto_page_break(auto=True, margin=MARGIN_MM)
        self._pdf.add_page()
        self._write(title, size=20, style="B", space_after=6)

    def heading(self, text: str) -> None:
        """Write a heading within the document."""
        self._pdf.ln(3)
        self._write(text, size=13, style="B", space_after=2)

    def paragraph(self, text: str) -> None:
        """Write a paragraph; line breaks in it are kept."""
        self._write(text, size=11, style="", space_after=3)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Write label and value pairs, one a line."""
        for label, value in rows:
            self._write(f"**{label}:** {value}", size=11, style="", space_after=1, markdown=True)
        self._pdf.ln(2)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; its header is repeated on each page."""
        self._pdf.set_font(FONT, size=10)
        with self._pdf.table() as table:
            for line in (header, *rows):
                table.row([_latin(cell) for cell in line])
        self._pdf.ln(3)

    def image(self, content: bytes, *, width_mm: int) -> None:
        """Place a picture (PNG or JPEG) at the left margin."""
        self._pdf.image(io.BytesIO(content), w=width_mm)
        self._pdf.ln(2)

    def small_print(self, text: str) -> None:
        """Write what only a checker reads: codes and hashes."""
        self._pdf.ln(4)
        self._write(text, size=8, style="", space_after=1)

    def content(self) -> bytes:
        """Return the finished file."""
        return bytes(self._pdf.output())

    def _write(self, text: str, *, size: int, style: str, space_after: int, markdown: bool = False) -> None:
        self._pdf.set_font(FONT, style=style, size=size)
        self._pdf.multi_cell(
            0, size * 0.5, _latin(text), markdown=markdown, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L"
        )
        self._pdf.ln(space_after)


def _latin(text: str) -> str:
    return text.encode("latin-1", errors="replace").decode("latin-1")
