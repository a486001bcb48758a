"""What a report is made of: the part that is read on a page, and those that are taken away."""

from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("es", "en")


class ReportPart(StrEnum):
    """A file of a report."""

    BODY = "cuerpo"
    PAGE = "pagina"
    PAPER = "papel"
    LATEX = "latex"
    TABLES = "tablas"
    RESULTS = "resultados"
    SCRIPTS = "repetir"


@dataclass(frozen=True, slots=True)
class Written:
    """How a part is written: the ending of its file's name, its type, and whether each language has its own."""

    ending: str
    content_type: str
    has_languages: bool


WRITTEN: dict[ReportPart, Written] = {
    ReportPart.BODY: Written("body.html", "text/html", has_languages=True),
    ReportPart.PAGE: Written("html", "text/html", has_languages=True),
    ReportPart.PAPER: Written("pdf", "application/pdf", has_languages=True),
    ReportPart.LATEX: Written("latex.zip", "application/zip", has_languages=True),
    ReportPart.TABLES: Written("csv.zip", "application/zip", has_languages=True),
    ReportPart.RESULTS: Written("json", "application/json", has_languages=False),
    ReportPart.SCRIPTS: Written("repetir.zip", "application/zip", has_languages=False),
}
TAKEN_AWAY = tuple(part for part in ReportPart if part is not ReportPart.BODY)


def key_of(part: ReportPart, language: str) -> str:
    """Return a part's name among the files of a report: "papel-es", or "resultados" where languages share it."""
    return f"{part}-{language}" if WRITTEN[part].has_languages else str(part)


def file_name(release: int, revision: int, part: ReportPart, language: str) -> str:
    """Return the name under which a part is taken away; it names the release and nothing of the study."""
    own = f"-{language}" if WRITTEN[part].has_languages else ""
    return f"informe-{release:03d}-{revision}{own}.{WRITTEN[part].ending}"
