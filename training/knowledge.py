"""The short test before and after a module: multiple choice, one right answer each, read from a file of data."""

import string
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from accounts.errors import StudyError
from protocol.parts import Code, Label
from training.attendance import BEST_SCORE

LETTERS = string.ascii_lowercase
NOT_ANSWERED = "-"


class KnowledgeTestInvalid(StudyError):
    """A file holds no test; the message says where."""

    code = "knowledge_test_invalid"
    http_status = 422


class AnswersInvalid(ValueError):
    """Letters that cannot be the answers of this test."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Question(_Part):
    """A question, its options in the order of their letters, and the letter of the right one."""

    text: Label
    options: Annotated[list[Label], Field(min_length=2, max_length=len(LETTERS))]
    answer: str

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> Self:
        if self.answer not in self.letters:
            raise ValueError(f"answer: expected one letter of {self.letters}, found {self.answer!r}")
        return self

    @property
    def letters(self) -> list[str]:
        return list(LETTERS[: len(self.options)])

    @property
    def lettered(self) -> list[tuple[str, Label]]:
        return list(zip(self.letters, self.options, strict=True))


class KnowledgeTest(_Part):
    """A test: `is_validated` says whether its scores were ever shown to measure what they should."""

    code: Code
    version: str
    is_validated: bool
    questions: Annotated[list[Question], Field(min_length=1)]

    @property
    def key(self) -> str:
        return "".join(question.answer for question in self.questions)

    def score(self, answers: str) -> int:
        """Return the share of right answers, 0 to 100, rounded half up.

        `answers` has a letter for each question in order, "-" for one that was left open; capitals and blanks between
        them do not matter. Raises AnswersInvalid.
        """
        given = "".join(answers.split()).lower()
        if len(given) != len(self.questions) or not all(
            letter == NOT_ANSWERED or letter in question.letters
            for letter, question in zip(given, self.questions, strict=True)
        ):
            raise AnswersInvalid(answers)
        right = sum(letter == answer for letter, answer in zip(given, self.key, strict=True))
        return (2 * BEST_SCORE * right + len(self.questions)) // (2 * len(self.questions))


def parse_test(text: str, *, name: str) -> KnowledgeTest:
    """Read a test from JSON. Raises KnowledgeTestInvalid, one line a problem: file, place, what was expected."""
    try:
        return KnowledgeTest.model_validate_json(text)
    except ValidationError as error:
        lines = (f"{name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise KnowledgeTestInvalid("\n".join(lines)) from error
