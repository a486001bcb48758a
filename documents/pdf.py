"""Writing the documents that people take away: one plain look, the same bytes for the same content."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MARGIN_MM = 22
FONT = "Helvetica"
_POINTS_A_MM = 72 / 25.4
_HEADING_MM = 20
# A heading, and two lines or the head of a table and a row below it.
_HEADED_MM = 32
_GREY = 190
_RULED_SIZE, _RULED_LINE_MM, _BESIDE_MM, _BOLDER = 7.0, 3.6, 3.2, 1.1
# The marks of good typesetting that Latin-1 lacks, as a typewriter writes them.
TYPEWRITTEN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "→": "->",
        "€": "EUR",
        "−": "-",
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a diagram: it begins at x, or ends there; y is its base line, `size` the height of its letters."""

    x: float
    y: float
    words: str
    size: float = 12
    is_bold: bool = False
    ends_at_x: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes (x, y, width, height), lines (x1, y1, x2, y2) and texts, in units of a drawing of that size.

    Boxes are outlines unless they are `filled`, as the bars and dots of a chart are.
    """

    width: float
    height: float
    boxes: Sequence[tuple[float, float, float, float]]
    lines: Sequence[tuple[float, float, float, float]]
    texts: Sequence[Words]
    filled: bool = False


class Document:
    """An A4 document built from top to bottom: heading, paragraphs, tables, a small print at the end.

    Texts are those of western European languages (Latin-1): a letter that has no place there loses its accent, and what
    is no letter of the alphabet at all is written as "?". No text is taken as markup.
    """

    def __init__(self, *, title: str, made_at: datetime) -> None:
        from fpdf import FPDF  # noqa: PLC0415 (half of what starting takes, for the few who write a document)

        self._pdf = FPDF(format="A4", unit="mm")
        self._pdf.set_title(_latin(title))
        self._pdf.set_creation_date(made_at)
        self._pdf.set_margins(MARGIN_MM, MARGIN_MM)
        self._pdf.set_auto_page_break(auto=True, margin=MARGIN_MM)
        self.new_page(title)

    def new_page(self, title: str) -> None:
        """Begin a page under a title of its own."""
        self._pdf.add_page()
        self._write(title, size=20, style="B", space_after=6)

    def keep_room(self, millimetres: float) -> None:
        """Go on to the next page where less than that is left on this one, so that a heading is not its last line."""
        if self._pdf.get_y() + millimetres > self._pdf.page_break_trigger:
            self._pdf.add_page()

    def heading(self, text: str) -> None:
        """Write a heading within the document, on the next page where nothing could follow it on this one."""
        self.keep_room(_HEADED_MM)
        self._pdf.ln(3)
        self._write(text, size=13, style="B", space_after=2)

    def paragraph(self, text: str) -> None:
        """Write a paragraph; line breaks in it are kept."""
        self._write(text, size=11, style="", space_after=3)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Write label and value pairs, one a line."""
        for label, value in rows:
            self._pdf.set_font(FONT, style="B", size=11)
            self._pdf.write(5.5, _latin(f"{label}: "))
            self._pdf.set_font(FONT, size=11)
            self._pdf.write(5.5, _latin(value))
            self._pdf.ln(6.5)
        self._pdf.ln(2)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table of words; its header is repeated on each page."""
        self._table(header, rows, aligned=["LEFT"] * len(header), shares=[1] * len(header))

    def table_of_counts(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table whose first column names what the others count: it is wider, and they end at the right."""
        counted = len(header) - 1
        self._table(header, rows, aligned=["LEFT", *["RIGHT"] * counted], shares=[2, *[1] * counted])

    def _table(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], *, aligned: Sequence[str], shares: Sequence[int]
    ) -> None:
        self._pdf.set_font(FONT, size=10)
        with self._pdf.table(text_align=tuple(aligned), col_widths=tuple(shares)) as table:
            for line in (header, *rows):
                table.row([_latin(cell) for cell in line])
        self._pdf.ln(3)

    def ruled_table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write a table in small letters with rules above, below its header and at its end, as papers print them.

        Columns are as wide as what stands in them, all narrower where the page is not wide enough.
        """
        pdf, lines = self._pdf, [[_latin(cell) for cell in line] for line in (header, *rows)]
        pdf.set_font(FONT, size=_RULED_SIZE)
        widths = [self._natural_width([line[column] for line in lines]) for column in range(len(header))]
        total = sum(widths)
        if pdf.get_y() + _HEADING_MM > pdf.page_break_trigger:
            pdf.add_page()
        self._rule(min(total, pdf.epw))
        with pdf.table(
            borders_layout="SINGLE_TOP_LINE",
            col_widths=tuple(widths),
            width=min(total, pdf.epw),
            align="LEFT",
            text_align="LEFT",
            line_height=_RULED_LINE_MM,
            padding=(0.7, 0.5),
        ) as table:
            for line in lines:
                table.row(line)
        self._rule(min(total, pdf.epw))
        pdf.ln(3)

    def image(self, content: bytes, *, width_mm: int) -> None:
        """Place a picture (PNG or JPEG) at the left margin."""
        self._pdf.image(io.BytesIO(content), w=width_mm)
        self._pdf.ln(2)

    def strokes(self, strokes: Iterable[Sequence[tuple[float, float]]], *, units_wide: int, width_mm: int) -> None:
        """Draw the strokes of a pen at the left margin: points right and down of the corner, in units of the field."""
        left, top, scale, lowest = self._pdf.l_margin, self._pdf.get_y(), width_mm / units_wide, 0.0
        self._pdf.set_line_width(0.5)
        for stroke in strokes:
            points = [(left + x * scale, top + y * scale) for x, y in stroke]
            lowest = max([lowest, *(y for _x, y in stroke)])
            if len(points) > 1:
                self._pdf.polyline(points)
        self._pdf.set_y(top + lowest * scale + 3)

    def diagram(self, diagram: "Diagram") -> None:
        """Draw boxes, lines and texts on a page of their own, as large as it can hold them."""
        pdf = self._pdf
        pdf.add_page()
        left = top = MARGIN_MM / 2
        scale = min((pdf.w - 2 * left) / diagram.width, (pdf.h - 2 * top) / diagram.height)
        self._draw(diagram, left=left, top=top, scale=scale)

    def chart(self, title: str, diagram: "Diagram") -> None:
        """Draw under a heading, as wide as the text, on the next page where this one has no room left."""
        pdf = self._pdf
        room = pdf.page_break_trigger - pdf.t_margin - _HEADING_MM
        scale = min(pdf.epw / diagram.width, room / diagram.height)
        if pdf.get_y() + _HEADING_MM + diagram.height * scale > pdf.page_break_trigger:
            pdf.add_page()
        self.heading(title)
        top = pdf.get_y()
        self._draw(diagram, left=pdf.l_margin, top=top, scale=scale)
        pdf.set_y(top + diagram.height * scale + 2)

    def small_print(self, text: str) -> None:
        """Write what only a checker reads: codes and hashes."""
        self._pdf.ln(4)
        self._write(text, size=8, style="", space_after=1)

    def content(self) -> bytes:
        """Return the finished file."""
        return bytes(self._pdf.output())

    def _write(self, text: str, *, size: int, style: str, space_after: int) -> None:
        self._pdf.set_font(FONT, style=style, size=size)
        self._pdf.multi_cell(0, size * 0.5, _latin(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self._pdf.ln(space_after)

    def _natural_width(self, cells: Sequence[str]) -> float:
        """Return the width in millimetres that a column needs: its header by its longest word, its cells whole."""
        head = max((self._pdf.get_string_width(f"{word} ") for word in cells[0].split()), default=0.0)
        return max([head * _BOLDER, *(self._pdf.get_string_width(cell) for cell in cells[1:])]) + _BESIDE_MM

    def _rule(self, width: float) -> None:
        pdf = self._pdf
        pdf.set_line_width(0.3)
        pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + width, pdf.get_y())
        pdf.set_line_width(0.2)

    def _draw(self, diagram: "Diagram", *, left: float, top: float, scale: float) -> None:
        pdf = self._pdf
        pdf.set_line_width(0.2)
        with pdf.local_context(fill_color=_GREY):
            for x, y, width, height in diagram.boxes:
                placed = (left + x * scale, top + y * scale, width * scale, height * scale)
                pdf.rect(*placed, style="DF" if diagram.filled else "D")
        for x1, y1, x2, y2 in diagram.lines:
            pdf.line(left + x1 * scale, top + y1 * scale, left + x2 * scale, top + y2 * scale)
        for text in diagram.texts:
            pdf.set_font(FONT, style="B" if text.is_bold else "", size=text.size * scale * _POINTS_A_MM)
            written = _latin(text.words)
            wide = pdf.get_string_width(written) if text.ends_at_x else 0.0
            pdf.text(left + text.x * scale - wide, top + text.y * scale, written)


def _latin(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).translate(TYPEWRITTEN)
    return "".join(map(_latin_letter, composed))


def _latin_letter(letter: str) -> str:
    if letter <= "\xff":
        return letter
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain.encode("latin-1", errors="replace").decode("latin-1")
