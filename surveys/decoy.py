"""The harmless questionnaire to go over to when somebody comes in, as its file has it; nothing of it is kept."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from protocol.parts import Label

CODE = "neighbourhood"
FILE = Path(__file__).resolve().parent / "questionnaires" / f"{CODE}.md"
Kind = Literal["one", "several", "number", "text"]
_KINDS: dict[str, Kind] = {"select_one": "one", "select_multiple": "several", "integer": "number", "text": "text"}
_LABELS = {"es": "label::Español (es)", "en": "label::English (en)"}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class DecoyQuestion:
    """One question with its choices by code; without any it is written."""

    name: str
    kind: Kind
    label: Label
    choices: tuple[tuple[str, Label], ...] = ()


@dataclass(frozen=True, slots=True)
class DecoySection:
    """Questions under one heading."""

    title: Label
    questions: tuple[DecoyQuestion, ...]


@lru_cache(maxsize=1)
def decoy() -> tuple[DecoySection, ...]:
    """Return the sections of the shipped harmless questionnaire."""
    return read_decoy(FILE.read_text(encoding="utf-8"))


def read_decoy(text: str) -> tuple[DecoySection, ...]:
    """Return the sections of a questionnaire written as tables of Markdown: groups of choices, numbers and texts."""
    sheets = _sheets(text)
    choices: dict[str, list[tuple[str, Label]]] = defaultdict(list)
    for row in sheets["choices"]:
        choices[row["list_name"]].append((row["name"], _label(row)))
    sections: list[tuple[Label, list[DecoyQuestion]]] = []
    for row in sheets["survey"]:
        kind, _, listed = row["type"].partition(" ")
        if kind == "begin_group":
            sections.append((_label(row), []))
        elif kind in _KINDS and sections:
            sections[-1][1].append(DecoyQuestion(row["name"], _KINDS[kind], _label(row), tuple(choices[listed])))
    return tuple(DecoySection(title, tuple(questions)) for title, questions in sections)


def decoy_rows(language: str) -> list[dict[str, object]]:
    """Return the harmless questionnaire in one language, as the sheet shows it."""
    return [
        {
            "title": section.title.in_language(language),
            "questions": [
                {
                    "name": question.name,
                    "kind": question.kind,
                    "label": question.label.in_language(language),
                    "choices": [(code, label.in_language(language)) for code, label in question.choices],
                }
                for question in section.questions
            ],
        }
        for section in decoy()
    ]


def _label(row: Row) -> Label:
    return Label(es=row[_LABELS["es"]], en=row[_LABELS["en"]])


def _sheets(text: str) -> dict[str, list[Row]]:
    """Return the rows of each table by its column names; the first line of a table names it, the second its columns."""
    sheets: dict[str, list[Row]] = {}
    name, columns = "", [""]
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0]:
            name, columns = cells[0], []
            sheets[name] = []
        elif not columns:
            columns = cells[1:]
        else:
            sheets[name].append(dict(zip(columns, cells[1:], strict=False)))
    return sheets
