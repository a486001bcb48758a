"""Texts, codes and agreement as pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from accounts.models import User
from documents.tables import FORMULA_SIGNS
from interviews.agreement import Agreement
from interviews.masking import Mask, Suggestion
from interviews.models import Code, Coding, CodingPass, TranscriptVersion
from interviews.queries import passes_of
from interviews.transcript_file import Paragraph


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a paragraph's text under the same marks; `colour` is that of the innermost code, None without."""

    text: str
    colour: int | None = None
    place: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """A paragraph as it is read: its number from 1, who spoke, its text in pieces, and the marks in it."""

    number: int
    speaker: str
    pieces: list[Piece]
    codings: list[Coding]


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Agreement on a code as the page shows it; `kappa` is "" where it is not defined."""

    name: str
    colour: int | None
    agreement: Agreement
    kappa: str
    percent: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A paragraph in which the coders differ: the codes of one alone, and of the other."""

    number: int
    speaker: str
    text: str
    first_only: list[Code]
    second_only: list[Code]


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text in the coders' list: what the reader did with it, and whether agreement can be looked at."""

    transcript: TranscriptVersion
    own: CodingPass | None
    coders: int
    is_compared: bool


def suggested_rows(paragraphs: Sequence[Paragraph], found: Iterable[Suggestion]) -> list[ParagraphRow]:
    """Return a text with its suggestions as pieces that can be chosen."""
    by_paragraph: dict[int, list[Suggestion]] = {}
    for one in found:
        by_paragraph.setdefault(one.paragraph, []).append(one)
    labels = {mask.value: str(mask.label) for mask in Mask}
    rows = []
    for number, paragraph in enumerate(paragraphs):
        pieces, at = [], 0
        for one in by_paragraph.get(number, ()):
            pieces += [Piece(paragraph.text[at : one.start]), Piece(one.words, 0, place_of(one), labels[one.mask])]
            at = one.end
        pieces.append(Piece(paragraph.text[at:]))
        rows.append(ParagraphRow(number + 1, paragraph.speaker, [piece for piece in pieces if piece.text], []))
    return rows


def place_of(suggestion: Suggestion) -> str:
    """Return a suggestion's place as the form sends it."""
    return f"{suggestion.paragraph}-{suggestion.start}-{suggestion.end}"


def coded_rows(
    paragraphs: Sequence[Paragraph], codings: Iterable[Coding], counting: Mapping[UUID, Code]
) -> list[ParagraphRow]:
    """Return a text with what a coder marked, in the colours of the codes that count today."""
    by_paragraph: dict[int, list[Coding]] = {}
    for coding in codings:
        coding.code = counting[coding.code_id]
        by_paragraph.setdefault(coding.paragraph, []).append(coding)
    return [
        ParagraphRow(n + 1, row.speaker, _coloured(row.text, by_paragraph.get(n, [])), by_paragraph.get(n, []))
        for n, row in enumerate(paragraphs)
    ]


def agreement_rows(found: Sequence[tuple[Code, Agreement]]) -> list[AgreementRow]:
    """Return the agreement on each code."""
    return [agreement_row(code.name, row, code.colour) for code, row in found]


def agreement_row(name: str, found: Agreement, colour: int | None = None) -> AgreementRow:
    """Return an agreement in figures: kappa with two decimals, observed agreement in whole percent."""
    kappa = "" if found.kappa is None else f"{found.kappa:.2f}"
    return AgreementRow(name, colour, found, kappa, "" if found.observed is None else f"{found.observed:.0%}")


def difference_rows(
    paragraphs: Sequence[Paragraph], marked: Sequence[Iterable[Coding]], counting: Mapping[UUID, Code]
) -> list[DifferenceRow]:
    """Return the paragraphs in which two coders differ."""
    by_coder: list[dict[int, dict[UUID, Code]]] = []
    for codings in marked:
        units: dict[int, dict[UUID, Code]] = {}
        for coding in codings:
            code = counting[coding.code_id]
            units.setdefault(coding.paragraph, {})[code.pk] = code
        by_coder.append(units)
    first, second = by_coder
    rows = []
    for number, paragraph in enumerate(paragraphs):
        one, other = first.get(number, {}), second.get(number, {})
        if one.keys() != other.keys():
            only = [one[key] for key in one.keys() - other.keys()], [other[key] for key in other.keys() - one.keys()]
            sides = [sorted(codes, key=lambda code: (code.name, str(code.pk))) for codes in only]
            rows.append(DifferenceRow(number + 1, paragraph.speaker, paragraph.text, *sides))
    return rows


def as_text_cell(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(tuple(FORMULA_SIGNS)) else text


def text_rows(transcripts: Iterable[TranscriptVersion], reader: User) -> list[TextRow]:
    """Return texts as the coders' list shows them, with what the reader did."""
    texts = list(transcripts)
    by_text: dict[int, list[CodingPass]] = {}
    for coding_pass in passes_of(texts):
        by_text.setdefault(coding_pass.transcript_id, []).append(coding_pass)
    rows = []
    for transcript in texts:
        passes = by_text.get(transcript.pk, [])
        own = next((row for row in passes if row.coder_id == reader.pk), None)
        finished = sum(row.finished_at is not None for row in passes)
        rows.append(TextRow(transcript, own, len(passes), finished == len(CodingPass.PLACES)))
    return rows


def _coloured(text: str, codings: Sequence[Coding]) -> list[Piece]:
    edges = sorted({0, len(text), *(edge for coding in codings for edge in (coding.start, coding.end))})
    pieces = []
    for start, end in pairwise(edges):
        over = [coding for coding in codings if coding.start <= start and end <= coding.end]
        inner = min(over, key=lambda coding: (coding.end - coding.start, coding.pk), default=None)
        label = ", ".join(sorted({coding.code.name for coding in over}))
        pieces.append(Piece(text[start:end], inner.code.colour if inner else None, "", label))
    return [piece for piece in pieces if piece.text]
