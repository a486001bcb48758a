"""Questionnaires, their mistakes and their changes in the words of pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from protocol.queries import current_protocol
from surveys import decoy
from surveys.instrument_diff import Change, Difference, Meaning
from surveys.models import DataQuery, Instrument, InstrumentFile
from surveys.own_words import OwnWords
from surveys.problem_words import said_of
from surveys.xforms.problems import Problem
from surveys.xforms.wording import in_language

Words = str | Promise

CHANGES: dict[Change, Words] = {
    Change.ADDED: _("Question added"),
    Change.DROPPED: _("Question dropped"),
    Change.TYPE: _("Kind changed"),
    Change.CHOICES_ADDED: _("Choices added"),
    Change.CHOICES_DROPPED: _("Choices dropped"),
    Change.CHOICES_RELABELLED: _("Choice worded differently"),
    Change.RELABELLED: _("Worded differently"),
    Change.RULES: _("Rules changed"),
    Change.FILE_ADDED: _("File added"),
    Change.FILE_DROPPED: _("File taken away"),
    Change.FILE_CHANGED: _("File changed"),
}
MEANINGS: dict[Meaning, Words] = {
    Meaning.COMES: _("A new column: empty for whoever answered the version before."),
    Meaning.GOES: _("The column ends: empty for whoever answers this version."),
    Meaning.MEANS_ELSE: _("The column no longer means the same: give the question another name."),
    Meaning.VALUES_COME: _("The column stays and can take new values: shares are not comparable without them."),
    Meaning.VALUES_GO: _("The column stays: answers of the version before keep values that nobody chooses any more."),
    Meaning.MAY_MEAN_ELSE: _("The column stays; decide whether it still means the same, and say so in the codebook."),
    Meaning.ASKED_OF_OTHERS: _("The column stays; it may be asked of others than before, or take other values."),
    Meaning.SEEN_ELSE: _("No column of its own: what uses it shows or offers something else than before."),
    Meaning.NONE: _("No column: it has no answer."),
}
OUTCOMES: dict[str, Words] = {
    "psychological": _("psychological outcome"),
    "physical": _("physical outcome"),
    "sexual": _("sexual outcome"),
    "injury": _("outcome of injuries"),
    "police_response": _("response of the services"),
}
KINDS: dict[str, Words] = {
    "select1": _("one choice"),
    "select": _("several choices"),
    "rank": _("choices in order"),
    "note": _("text to read"),
    "hidden": _("calculated"),
    "upload": _("file"),
    "trigger": _("to confirm"),
    "range": _("number on a scale"),
}
TYPES: dict[str, Words] = {
    "int": _("whole number"),
    "decimal": _("number"),
    "date": pgettext_lazy("kind of question", "date"),
    "dateTime": _("date and time"),
    "time": pgettext_lazy("kind of question", "time"),
    "string": pgettext_lazy("kind of question", "text"),
}
RULES: dict[str, Words] = {
    "required": _("required"),
    "relevant": _("asked if"),
    "constraint": _("must hold"),
    "calculate": _("calculation"),
    "readonly": _("read only"),
}
# What the library that shows a questionnaire says in English, whatever the language of the page.
FORM_WORDS: dict[str, Words] = {
    "Send": _("Save the survey"),
    "Condition not satisfied: required": _("An answer is needed here."),
    "Condition not satisfied: constraint": _("This answer cannot be: please look at it again."),
    "questions with errors": _("To put right before it can be saved: %s"),
    "Change language": _("Language of the questions"),
    "Powered by": _("Shown by"),
    "Add": _("Add"),
    "Remove": _("Take away"),
    "Repeat Item": _("Repeated part"),
    "Menu": _("Options"),
    "Close": _("Close"),
    "Get location": _("Take the place where you are"),
    "Okay": _("Understood"),
    "Rank items": _("Put in order"),
    "Enter numbers only.": _("Digits alone."),
    "Picture missing": _("The picture did not come."),
    # What a screen reader is told, which the library leaves out.
    "Move up": _("Move up"),
    "Move down": _("Move down"),
    "No answer yet": _("No answer yet"),
    # Of the converter, where a choice is `or_other`.
    "Other": _("Another answer"),
    "Specify other.": _("What, then?"),
}
_YES = {"true()", "yes"}
# Of a list in a file, which may be long.
CHOICES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of the preview."""

    name: str
    section: str
    is_new_section: bool
    label: str
    hint: str
    kind: Words
    choices: tuple[tuple[str, str], ...]
    choices_more: int
    rules: tuple[tuple[Words, str], ...]
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a version: how it is called, what it is, how large, and its hash."""

    name: str
    kind: Words
    size: int
    sha256: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One mistake of a workbook, and where it stands."""

    where: str
    sheet: str
    row: int
    column: str
    what: str


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave, the version that it asks, and the published ones that it could ask instead."""

    code: str
    label: str
    instrument: Instrument | None
    others: list[Instrument]


def wave_rows(stored: Sequence[Instrument], pinned: Mapping[str, Instrument], language: str) -> list[WaveRow]:
    """Return the protocol's waves in order; none can ask the harmless sheet."""
    published = [one for one in stored if one.status == Instrument.Status.PUBLISHED and one.code != decoy.CODE]
    return [
        WaveRow(
            wave.code,
            wave.label.in_language(language),
            pinned.get(wave.code),
            [one for one in published if one != pinned.get(wave.code)],
        )
        for wave in current_protocol().waves
    ]


def question_rows(content: dict[str, Any], language: str) -> list[QuestionRow]:
    """Return the questions of a stored questionnaire in a language, section by section."""
    rows, last = list[QuestionRow](), ""
    for question in content["questions"]:
        section = " › ".join(in_language(words, language) for words in question["groups"])
        rows.append(
            QuestionRow(
                name=question["name"],
                section=section,
                is_new_section=section != last,
                label=in_language(question["label"], language),
                hint=in_language(question["hint"], language),
                kind=KINDS.get(question["kind"]) or TYPES.get(question["type"], question["type"]),
                choices=tuple(
                    (choice["code"], in_language(choice["label"], language))
                    for choice in question["choices"][:CHOICES_SHOWN]
                ),
                choices_more=max(0, len(question["choices"]) - CHOICES_SHOWN),
                rules=tuple(_rules(question["rules"])),
                is_sealed=question["may_identify"],
            )
        )
        last = section
    return rows


def file_rows(instrument: Instrument) -> list[FileRow]:
    """Return the files that a version names, as its page lists them."""
    return [
        FileRow(
            file["name"],
            InstrumentFile.Kind(file["kind"]).label,
            file["bytes"],
            file["sha256"],
            file["kind"] == InstrumentFile.Kind.IMAGE,
        )
        for file in instrument.file_list
    ]


def own_words_rows(found: Iterable[OwnWords], content: Mapping[str, Any], language: str) -> list[tuple[str, int, str]]:
    """Return texts under the questions that they answer; the number is 0 where the question is asked once."""
    asked = {question["name"]: question for question in content["questions"]}
    return [
        (
            in_language(asked[one.name]["label"], language) or one.name,
            one.number if asked[one.name]["repeats"] else 0,
            one.text,
        )
        for one in found
    ]


def told_before(answers: Mapping[str, Any], words: Iterable[OwnWords], content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a correction begins with: the answers and texts as they stand, those of a repeat in their turn.

    Text within a repeat that stands in another is left out: its number does not say in which.
    """
    asked = {question["name"]: question for question in content["questions"]}
    told = {
        name: [dict(one) for one in answer] if isinstance(answer, list) else answer for name, answer in answers.items()
    }
    for one in words:
        repeats = asked[one.name]["repeats"]
        if not repeats:
            told[one.name] = one.text
        elif len(repeats) == 1:
            places = told.get(repeats[0].rpartition("/")[2], [])
            if one.number <= len(places):
                places[one.number - 1][one.name] = one.text
    return told


def problem_rows(problems: Iterable[Problem]) -> list[ProblemRow]:
    """Return the mistakes of a workbook in the language of the page."""
    return [
        ProblemRow(str(problem).partition(": ")[0], problem.sheet, problem.row, problem.column, said_of(problem.what))
        for problem in problems
    ]


def warning_lines(content: dict[str, Any]) -> list[str]:
    """Return what the author of a questionnaire should know though it works, in the language of the page."""
    lines = []
    for warning in content["warnings"]:
        where, colon, what = warning.partition(": ")
        lines.append(
            f"{where}: {said_of(what)}" if colon and where.startswith(("survey,", "choices,")) else said_of(warning)
        )
    return lines


def difference_rows(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Return what differs between two versions, in words."""
    return [
        {
            "name": difference.name,
            "change": CHANGES[difference.change],
            "before": difference.before,
            "after": difference.after,
            "meaning": MEANINGS[difference.meaning],
            "outcomes": [OUTCOMES.get(outcome, outcome) for outcome in difference.outcomes],
            "is_grave": difference.meaning in {Meaning.GOES, Meaning.MEANS_ELSE} or bool(difference.outcomes),
        }
        for difference in found
    ]


def form_words() -> dict[str, str]:
    """Return what the library says, by its English text, in the language of the page."""
    return {english: str(words) for english, words in FORM_WORDS.items()}


def query_rows(found: Iterable[DataQuery], language: str) -> list[dict[str, Any]]:
    """Return queries with the question in words, never with its answer."""
    return [
        {
            "query": query,
            "question": _question_at(query.submission.instrument, query.place, language),
            "case": query.submission.case,
        }
        for query in found
    ]


def _question_at(instrument: Instrument, place: str, language: str) -> str:
    path = re.sub(r"\[\d+\]", "", place)
    question = next((one for one in instrument.content["questions"] if one["path"] == path), None)
    return (in_language(question["label"], language) if question else "") or path.rpartition("/")[2]


def _rules(rules: dict[str, str]) -> Iterable[tuple[Words, str]]:
    for rule, text in rules.items():
        yield RULES.get(rule, rule), "" if text in _YES else " ".join(text.split())
