"""Where two readings of the same questionnaire differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with what each of two readings has; None: no answer."""

    name: str
    first: Any
    second: Any


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the questions that two readings answer differently, in the order of the first, then of the second.

    An answer that one of them lacks differs from any that the other has.
    """
    names = [*first, *(name for name in second if name not in first)]
    found = (Difference(name, first.get(name), second.get(name)) for name in names)
    return tuple(one for one in found if one.first != one.second)


def merged(first: Mapping[str, Any], second: Mapping[str, Any], choices: Mapping[str, int]) -> dict[str, Any]:
    """Return what both say, and of each difference the reading chosen: 1 or 2. Raise KeyError for one not decided."""
    kept = {name: answer for name, answer in first.items() if second.get(name) == answer}
    for one in differences(first, second):
        answer = one.first if choices[one.name] == 1 else one.second
        if answer is not None:
            kept[one.name] = answer
    return kept
