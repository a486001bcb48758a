"""A risk scale as data: what a scale file may say, once it is read. `scale_parsing` reads it.

The file's shape is that of `data/fvr_pareja.json`; everything else is optional.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Answer: TypeAlias = str
"""The code of an answer: "si" and "no" where an item names no answers of its own."""

YES_NO: tuple[Answer, ...] = ("si", "no")
FURTHEST_SUM = 10_000
BY_HAND, SCORED = "by_hand", "scored"

_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Words = Annotated[str, Field(max_length=1000)]
_Points = Annotated[int, Field(ge=-1000, le=1000)]
_ItemId = Annotated[str, Field(pattern=r"^[0-9a-z_]{1,16}$")]
_AnswerCode = Annotated[str, Field(pattern=r"^[0-9a-z_]{1,16}$")]
# A level's code has the width of its column.
_LevelCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
_Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_SKIP = re.compile(r"^skip\s+(?P<items>[0-9a-z_]+(?:\s*,\s*[0-9a-z_]+)*)$")
_RAISE = re.compile(r"^raise (?P<steps>one level|[2-9] levels)$")
_OVERRIDE_CODE = re.compile(r"\b(?P<code>[a-z][a-z0-9_]*) section affirmative$")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Option(_Part):
    """An answer of an item that is not asked by yes or no, and its score."""

    code: _AnswerCode
    label_es: _Text
    label_en: _Words = ""
    score: _Points


class Item(_Part):
    """One question: the score of each answer, the items that an answer skips, whether it only informs."""

    id: _ItemId
    text: _Text
    text_en: _Words = ""
    si: _Points | None = None
    no: _Points | None = None
    answers: Annotated[tuple[Option, ...], Field(max_length=20, strict=False)] = ()
    info: bool = False
    filter: dict[Answer, str] = {}
    safety_alert: bool = False

    @property
    def scores(self) -> dict[Answer, int]:
        """Return the score of each answer, in the order offered; information only scores nothing."""
        if self.answers:
            return {option.code: 0 if self.info else option.score for option in self.answers}
        return {"si": 0 if self.info else self.si or 0, "no": 0 if self.info else self.no or 0}

    @property
    def skips(self) -> dict[Answer, frozenset[str]]:
        """Return which items each answer makes irrelevant."""
        matches = {answer: _SKIP.match(rule) for answer, rule in self.filter.items()}
        return {a: frozenset(re.split(r"\s*,\s*", m["items"])) for a, m in matches.items() if m}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        has_yes_no = self.si is not None and self.no is not None
        if has_yes_no == bool(self.answers) or (self.answers and not (self.si is self.no is None)):
            yield "expected the scores si and no, or else a list of answers"
        codes = [option.code for option in self.answers]
        if len(codes) == 1 or len(codes) != len(set(codes)):
            yield f"expected two or more answers, each code once, found {', '.join(codes)}"
        for answer, rule in self.filter.items():
            if answer not in self.scores:
                yield f'filter: expected an answer of the item, found "{answer}"'
            if not _SKIP.match(rule):
                yield f'filter must read "skip ID" or "skip ID, ID", not "{rule}"'
        if self.info and (self.si or self.no or any(option.score for option in self.answers)):
            yield "an information-only item must score 0 on every answer"


class Band(_Part):
    """A level: the scores from `min` to `max`, both included. Its place in the list is its rank.

    A level chosen by hand has no scores. Days and visits are the scale's own advice: the protocol decides.
    """

    min: _Points | None = None
    max: _Points | None = None
    code: _LevelCode
    label: _Text
    label_en: _Words = ""
    reassessment_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    visits_a_week: Annotated[int, Field(ge=1, le=7)] | None = None


class LevelOverride(_Part):
    """A finding outside the items that raises the level, not the score."""

    when: _Text
    effect: str
    code: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,31})?$")] = ""
    label_es: _Words = ""
    label_en: _Words = ""

    @property
    def steps(self) -> int:
        """Return by how many levels it raises."""
        match = _RAISE.match(self.effect)
        return int(match["steps"][0]) if match and match["steps"][0].isdigit() else 1

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not _RAISE.match(self.effect):
            message = f'effect must read "raise one level" or "raise 2 levels", not "{self.effect}"'
            raise ValueError(message)
        if not self.code:
            found = _OVERRIDE_CODE.search(self.when)
            if not found:
                message = 'give a code, or let "when" end in "NAME section affirmative"'
                raise ValueError(message)
            object.__setattr__(self, "code", found["code"])
        return self


class AlertRule(_Part):
    """What must reach a named person the same day: a level, or an answer (`newly`: not given the time before)."""

    code: _Code
    label_es: _Text
    label_en: _Text
    level: _LevelCode | None = None
    item: _ItemId | None = None
    answer: Answer = "si"
    newly: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.level is None) == (self.item is None):
            message = "name either a level or an item"
            raise ValueError(message)
        return self


class Prorating(_Part):
    """How blanks are made up for, while at most `max_missing` items are blank.

    By proportion, the sum is scaled to all items asked, rounded half up. A table gives instead, for each number of
    blanks from 1, the sum that stands for each sum counted from 0.
    """

    max_missing: Annotated[int, Field(ge=1, le=100)]
    table: Annotated[tuple[Annotated[tuple[_Points, ...], Field(strict=False)], ...], Field(strict=False)] = ()


class Reference(_Part):
    """What is copied from the printout of the official tool that gave a level chosen by hand."""

    label_es: _Text
    label_en: _Text


class Scale(_Part):
    """A whole scale, checked: `items` in the order asked, `levels` from the lowest to the highest."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
    title_es: _Text
    title_en: _Words = ""
    source: _Text
    kind: Literal["scored", "by_hand"] = "scored"
    blank_allowed: bool = True
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,16}$")] = "1"
    effective_on: Annotated[date, Field(strict=False)] | None = None
    licence: Literal["open", "restricted", "private_pack"] = "open"
    items: Annotated[tuple[Item, ...], Field(max_length=200, strict=False)] = ()
    levels: Annotated[tuple[Band, ...], Field(min_length=2, max_length=20, strict=False)]
    override: Annotated[tuple[LevelOverride, ...], Field(max_length=20, strict=False)] = ()
    alerts: Annotated[tuple[AlertRule, ...], Field(max_length=100, strict=False)] = ()
    prorating: Prorating | None = None
    reference: Reference | None = None

    @property
    def ranks(self) -> dict[str, int]:
        """Return the rank of each level code, 0 for the lowest."""
        return {band.code: rank for rank, band in enumerate(self.levels)}

    @property
    def tops(self) -> tuple[int, ...]:
        """Return the highest score of each level, from the lowest level to the one below the highest."""
        return tuple(band.max for band in self.levels[:-1] if band.max is not None)

    def item(self, item_id: str) -> Item:
        """Return the item of that id; KeyError when the scale has none."""
        return {item.id: item for item in self.items}[item_id]

    @property
    def attainable(self) -> tuple[int, int]:
        """Return the lowest and highest sums that answers can give, a skipped item giving 0."""
        skippable = {skipped for item in self.items for ids in item.skips.values() for skipped in ids}
        ends = [(*item.scores.values(), *((0,) if item.id in skippable else ())) for item in self.items]
        return sum(min(end) for end in ends), sum(max(end) for end in ends)
