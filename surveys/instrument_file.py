"""A questionnaire as data: what an instrument file may say, and which of its questions some answers call for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

_Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_ChoiceCode = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,31}$")]
_CONDITION = re.compile(r"^(?P<field>[a-z][a-z0-9_]*)=(?P<value>[a-z0-9_]+)$")

EVER, PERIOD = "ever", "period"
"""The two lists of choices that every act is asked with."""


class InstrumentInvalid(ValueError):
    """The file is no usable instrument: one sentence that names file, place and what was expected."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Label(_Part):
    """A text in both languages."""

    es: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.es


class Choice(_Part):
    """One possible answer."""

    code: _ChoiceCode
    label: Label


class Relevance(_Part):
    """When a section is asked: if any of the conditions `field=value` holds."""

    any: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for condition in self.any:
            if not _CONDITION.match(condition):
                raise ValueError(f'a condition must read "field=value", not "{condition}"')
        return self

    def conditions(self) -> tuple[tuple[str, str], ...]:
        return tuple((field, value) for field, _, value in (text.partition("=") for text in self.any))


class Question(_Part):
    """One question: a choice, or an act that is asked as ever or not and then how often in the period.

    `stops` says which answers end the survey, and with which status.
    """

    code: _Code
    type: Literal["choice", "act"]
    label: Label
    choices: _Code | None = None
    stops: dict[_ChoiceCode, Literal["not_private", "refused"]] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.type == "choice") == (self.choices is None):
            raise ValueError(f"question {self.code}: a choice names its list of choices, an act does not")
        return self


class Section(_Part):
    """Questions asked together."""

    code: _Code
    title: Label
    intro: Label | None = None
    relevant: Relevance | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1, strict=False)]


@dataclass(frozen=True, slots=True)
class AnswerField:
    """One answer to give: its code, the choices, and the answers (any of them) that make it relevant; none: always."""

    code: str
    question: Question
    part: Literal["choice", "ever", "period"]
    choices: tuple[Choice, ...]
    asked_if: tuple[tuple[tuple[str, str], ...], ...]

    def is_asked(self, answers: Mapping[str, str]) -> bool:
        """Say whether the answers given before call for this one."""
        return all(any(answers.get(field) == value for field, value in group) for group in self.asked_if)


class Instrument(_Part):
    """A whole questionnaire, checked."""

    code: _Code
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,16}$")]
    title: Label
    source: Annotated[str, Field(min_length=1)]
    licence: Literal["open", "restricted", "private"]
    periods: Annotated[dict[_Code, Label], Field(min_length=1)]
    choices: dict[_Code, Annotated[tuple[Choice, ...], Field(min_length=2, strict=False)]]
    sections: Annotated[tuple[Section, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name in (question.choices for section in self.sections for question in section.questions):
            if name is not None and name not in self.choices:
                raise ValueError(f"choices: no list {name}")
        if any(question.type == "act" for section in self.sections for question in section.questions):
            for name in (EVER, PERIOD):
                if name not in self.choices:
                    raise ValueError(f"choices: no list {name}, with which acts are asked")
        self._check_fields()
        return self

    def _check_fields(self) -> None:
        before: dict[str, frozenset[str]] = {}
        for field in self.fields():
            if field.code in before:
                raise ValueError(f"question {field.question.code}: the code {field.code} stands twice")
            for name, value in (pair for group in field.asked_if for pair in group):
                if value not in before.get(name, frozenset()):
                    raise ValueError(
                        f'question {field.question.code}: "{name}={value}" is no answer asked for before it'
                    )
            before[field.code] = frozenset(choice.code for choice in field.choices)
            unknown = field.question.stops.keys() - before[field.code] if field.part == "choice" else set()
            if unknown:
                raise ValueError(f"question {field.question.code}: stops on {min(unknown)}, which is no choice of it")

    def fields(self) -> Iterator[AnswerField]:
        """Yield every answer to give, in the order asked."""
        for section in self.sections:
            yield from self.section_fields(section)

    def section_fields(self, section: Section) -> Iterator[AnswerField]:
        """Yield the answers to give in one section."""
        asked_if = (section.relevant.conditions(),) if section.relevant else ()
        for question in section.questions:
            if question.type == "choice":
                yield AnswerField(question.code, question, "choice", self.choices[question.choices or ""], asked_if)
                continue
            ever = f"{question.code}_{EVER}"
            yield AnswerField(ever, question, "ever", self.choices[EVER], asked_if)
            after_yes = (*asked_if, ((ever, "yes"),))
            yield AnswerField(f"{question.code}_{PERIOD}", question, "period", self.choices[PERIOD], after_yes)


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """The answers that count, the problems by field (`missing`, `unknown_choice`), and the status that stopped it."""

    answers: dict[str, str]
    problems: dict[str, str]
    stopped: str | None


def check_answers(instrument: Instrument, given: Mapping[str, str]) -> CheckedAnswers:
    """Keep the answers that the instrument asks for, in its order, and name what is missing or no choice.

    An answer that stops the survey ends the checking: whatever comes after it is neither asked for nor kept.
    """
    kept: dict[str, str] = {}
    problems: dict[str, str] = {}
    for field in instrument.fields():
        if not field.is_asked(kept):
            continue
        value = given.get(field.code, "")
        if not value:
            problems[field.code] = "missing"
        elif value not in {choice.code for choice in field.choices}:
            problems[field.code] = "unknown_choice"
        else:
            kept[field.code] = value
            if field.part == "choice" and value in field.question.stops:
                return CheckedAnswers(kept, {}, field.question.stops[value])
    return CheckedAnswers(kept, problems, None)


def parse_instrument(text: str, *, name: str) -> Instrument:
    """Read an instrument from the text of its file. Raise InstrumentInvalid, which names the file and the place."""
    try:
        content: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise InstrumentInvalid(f"{name}, line {error.lineno}: not JSON: {error.msg}") from error
    try:
        return Instrument.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = str(first["msg"]).removeprefix("Value error, ")
        raise InstrumentInvalid(f"{name}{f', {place}' if place else ''}: {problem}") from error
