"""The few questions that are asked again: those of the protocol that a questionnaire asks, with its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from back_checks.comparing import NO_ANSWERS
from protocol.watching import AskedAgain


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name, its kind, how far numbers may lie apart, its words by language and its choices."""

    name: str
    kind: int
    within: int
    label: Mapping[str, str]
    choices: tuple[tuple[str, Mapping[str, str]], ...]
    # What the groups around it say, without which some questions are not understood.
    above: tuple[Mapping[str, str], ...] = ()

    @property
    def is_number(self) -> bool:
        return not self.choices


def asked_again(content: Mapping[str, Any], wanted: Sequence[AskedAgain]) -> tuple[Question, ...]:
    """Return the wanted questions that a questionnaire's content has, in the protocol's order.

    Only what is answered by one choice or a whole number, outside of repeats, and can name nobody.
    """
    found = {question["name"]: question for question in content["questions"]}
    return tuple(
        Question(
            one.name,
            one.kind,
            one.within,
            found[one.name]["label"],
            _offered(found[one.name]["choices"]),
            tuple(found[one.name]["groups"]),
        )
        for one in wanted
        if one.name in found and _may_be_asked(found[one.name])
    )


def _offered(choices: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((choice["code"], choice["label"]) for choice in choices if choice["code"] not in NO_ANSWERS)


def _may_be_asked(question: Mapping[str, Any]) -> bool:
    is_plain = not question["may_identify"] and not question["repeats"]
    return is_plain and (question["kind"] == "select1" or question["type"] == "int")
