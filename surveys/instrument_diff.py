"""What two versions of a questionnaire ask differently, and what that means for the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surveys.ipv_scores import ACTS, act_items, response_items

Question = Mapping[str, Any]


class Change(StrEnum):
    """What happened to a question between two versions."""

    ADDED = "added"
    DROPPED = "dropped"
    TYPE = "type"
    CHOICES_ADDED = "choices_added"
    CHOICES_DROPPED = "choices_dropped"
    CHOICES_RELABELLED = "choices_relabelled"
    RELABELLED = "relabelled"
    RULES = "rules"
    FILE_ADDED = "file_added"
    FILE_DROPPED = "file_dropped"
    FILE_CHANGED = "file_changed"


class Meaning(StrEnum):
    """What a change means for a column of the data."""

    COMES = "comes"
    GOES = "goes"
    MEANS_ELSE = "means_else"
    VALUES_COME = "values_come"
    VALUES_GO = "values_go"
    MAY_MEAN_ELSE = "may_mean_else"
    ASKED_OF_OTHERS = "asked_of_others"
    SEEN_ELSE = "seen_else"
    NONE = "none"


MEANING_OF = {
    Change.ADDED: Meaning.COMES,
    Change.DROPPED: Meaning.GOES,
    Change.TYPE: Meaning.MEANS_ELSE,
    Change.CHOICES_ADDED: Meaning.VALUES_COME,
    Change.CHOICES_DROPPED: Meaning.VALUES_GO,
    Change.CHOICES_RELABELLED: Meaning.MAY_MEAN_ELSE,
    Change.RELABELLED: Meaning.MAY_MEAN_ELSE,
    Change.RULES: Meaning.ASKED_OF_OTHERS,
    Change.FILE_ADDED: Meaning.SEEN_ELSE,
    Change.FILE_DROPPED: Meaning.SEEN_ELSE,
    Change.FILE_CHANGED: Meaning.SEEN_ELSE,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of one question or file: what was before and after, what it means, the outcomes that hang on it."""

    name: str
    change: Change
    before: str
    after: str
    meaning: Meaning
    outcomes: tuple[str, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what differs between the contents of two versions, in the order of the newer; dropped ones last.

    The files that they name come behind the questions.
    """
    old, new = _by_name(before), _by_name(after)
    found = [difference for name, question in new.items() for difference in _of(old.get(name), question)]
    found += [_difference(old[name], Change.DROPPED, _wording(old[name]), "") for name in old if name not in new]
    return (*found, *_files(before, after))


def outcomes_of(name: str) -> tuple[str, ...]:
    """Return the outcomes that are scored from the answer of that name."""
    item = name.removesuffix("_ever").removesuffix("_period")
    found = [domain for domain in ACTS if item in act_items(domain)]
    if item in response_items():
        found.append("police_response")
    if name.startswith("cts2_"):
        found.append(name.rpartition("_")[0])
    return tuple(found)


def _files(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    old, new = ({file["name"]: file for file in content.get("files", ())} for content in (before, after))
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            change = Change.FILE_ADDED if was is None else Change.FILE_DROPPED
        elif was["sha256"] != now["sha256"]:
            change = Change.FILE_CHANGED
        else:
            continue
        yield Difference(name, change, _file(was), _file(now), MEANING_OF[change], ())


def _file(file: Mapping[str, Any] | None) -> str:
    return f"{file['type']} · {file['bytes']:,} B · {file['sha256'][:12]}" if file else ""


def _by_name(content: Mapping[str, Any]) -> dict[str, Question]:
    return {question["name"]: question for question in content["questions"]}


def _of(old: Question | None, new: Question) -> Iterator[Difference]:
    if old is None:
        yield _difference(new, Change.ADDED, "", _wording(new))
        return
    if _kind(old) != _kind(new):
        yield _difference(new, Change.TYPE, _kind(old), _kind(new))
    yield from _choices(old, new)
    if _said(old) != _said(new):
        yield _difference(new, Change.RELABELLED, _wording(old), _wording(new))
    if old["rules"] != new["rules"]:
        yield _difference(new, Change.RULES, _rules(old), _rules(new))


def _choices(old: Question, new: Question) -> Iterator[Difference]:
    before = {choice["code"]: choice["label"] for choice in old["choices"]}
    after = {choice["code"]: choice["label"] for choice in new["choices"]}
    if added := [code for code in after if code not in before]:
        yield _difference(new, Change.CHOICES_ADDED, "", ", ".join(added))
    if dropped := [code for code in before if code not in after]:
        yield _difference(new, Change.CHOICES_DROPPED, ", ".join(dropped), "")
    for code, said in before.items():
        if code in after and said != after[code]:
            yield _difference(new, Change.CHOICES_RELABELLED, f"{code}: {_all(said)}", f"{code}: {_all(after[code])}")


def _difference(question: Question, change: Change, before: str, after: str) -> Difference:
    # A note has no answer, so no column.
    meaning = Meaning.NONE if question["kind"] == "note" else MEANING_OF[change]
    return Difference(question["name"], change, before, after, meaning, outcomes_of(question["name"]))


def _said(question: Question) -> tuple[Any, Any]:
    return question["label"], question["hint"]


def _wording(question: Question) -> str:
    return " · ".join(part for part in (_all(question["label"]), _all(question["hint"])) if part) or _kind(question)


def _all(words: Mapping[str, str]) -> str:
    return " / ".join(text for text in words.values() if text)


def _kind(question: Question) -> str:
    return f"{question['kind']} {question['type']}"


def _rules(question: Question) -> str:
    return "; ".join(f"{rule}: {' '.join(text.split())}" for rule, text in sorted(question["rules"].items()))
