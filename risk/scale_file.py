"""A risk scale as data: what a scale file may say, and the scale read from it.

The file's shape is that of `data/fvr_pareja.json`; everything else is optional. A supplement may stand beside a file
that must stay as it was published: it adds what the study decides (English words, version, alerts), never a score.
"""

import json
import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

Answer = Literal["si", "no"]
ANSWERS: tuple[Answer, ...] = ("si", "no")

_Text = Annotated[str, Field(min_length=1)]
_ItemId = Annotated[str, Field(pattern=r"^[0-9a-z_]{1,16}$")]
_Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_SKIP = re.compile(r"^skip\s+(?P<items>[0-9a-z_]+(?:\s*,\s*[0-9a-z_]+)*)$")
_RAISE = re.compile(r"^raise (?P<steps>one level|[2-9] levels)$")
_OVERRIDE_CODE = re.compile(r"\b(?P<code>[a-z][a-z0-9_]*) section affirmative$")


class ScaleFileInvalid(Exception):
    """The file is no usable scale: one sentence that names the file, the place and what was expected."""

    def __init__(self, name: str, place: str, problem: str) -> None:
        self.name, self.place, self.problem = name, place, problem
        super().__init__(f"{name}, {place}: {problem}" if place else f"{name}: {problem}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Item(_Part):
    """One question: the score of each answer, the items that an answer skips, whether it only informs."""

    id: _ItemId
    text: _Text
    text_en: str = ""
    si: int
    no: int
    info: bool = False
    filter: dict[Answer, str] = {}
    safety_alert: bool = False

    @property
    def scores(self) -> dict[Answer, int]:
        """Return the score of each answer; information only scores nothing."""
        return {"si": 0, "no": 0} if self.info else {"si": self.si, "no": self.no}

    @property
    def skips(self) -> dict[Answer, frozenset[str]]:
        """Return which items each answer makes irrelevant."""
        matches = {answer: _SKIP.match(rule) for answer, rule in self.filter.items()}
        return {a: frozenset(re.split(r"\s*,\s*", m["items"])) for a, m in matches.items() if m}

    @model_validator(mode="after")
    def _check(self) -> Self:
        for rule in self.filter.values():
            if not _SKIP.match(rule):
                message = f'filter must read "skip ID" or "skip ID, ID", not "{rule}"'
                raise ValueError(message)
        if self.info and (self.si or self.no):
            message = "an information-only item must score 0 on both answers"
            raise ValueError(message)
        return self


class Band(_Part):
    """A level: the scores from `min` to `max`, both included. Its place in the list is its rank."""

    min: int
    max: int
    code: _Code
    label: _Text
    label_en: str = ""


class LevelOverride(_Part):
    """A finding outside the items that raises the level, not the score."""

    when: _Text
    effect: str
    code: str = ""
    label_es: str = ""
    label_en: str = ""

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
    level: _Code | None = None
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
    """How blanks are made up for: the sum is scaled to all items asked while at most `max_missing` are blank."""

    max_missing: Annotated[int, Field(ge=1)]


class Scale(_Part):
    """A whole scale, checked: `items` in the order asked, `levels` from the lowest to the highest."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
    title_es: _Text
    title_en: str = ""
    source: _Text
    blank_allowed: bool = True
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,16}$")] = "1"
    effective_on: Annotated[date, Field(strict=False)] | None = None
    licence: Literal["open", "restricted", "private"] = "open"
    items: Annotated[tuple[Item, ...], Field(min_length=1, strict=False)]
    levels: Annotated[tuple[Band, ...], Field(min_length=2, strict=False)]
    override: Annotated[tuple[LevelOverride, ...], Field(strict=False)] = ()
    alerts: Annotated[tuple[AlertRule, ...], Field(strict=False)] = ()
    prorating: Prorating | None = None

    @property
    def ranks(self) -> dict[str, int]:
        """Return the rank of each level code, 0 for the lowest."""
        return {band.code: rank for rank, band in enumerate(self.levels)}

    def item(self, item_id: str) -> Item:
        """Return the item of that id; KeyError when the scale has none."""
        return {item.id: item for item in self.items}[item_id]

    @property
    def attainable(self) -> tuple[int, int]:
        """Return the lowest and highest sums that answers can give, a skipped item giving 0."""
        skippable = {skipped for item in self.items for ids in item.skips.values() for skipped in ids}
        ends = [(*item.scores.values(), *((0,) if item.id in skippable else ())) for item in self.items]
        return sum(min(end) for end in ends), sum(max(end) for end in ends)


def parse_scale(text: str, name: str, supplement: str | None = None, supplement_name: str = "") -> Scale:
    """Read a scale file, with its supplement if it has one.

    Raise ScaleFileInvalid, naming the file, the item or level or field, and what was expected.
    """
    document = _document(text, name)
    if supplement is not None:
        _supplement(document, _document(supplement, supplement_name), supplement_name)
    try:
        scale = Scale.model_validate(document)
    except ValidationError as error:
        raise ScaleFileInvalid(name, *_first_problem(error, document)) from error
    _check_items(scale, name)
    _check_levels(scale, name)
    _check_overrides_and_alerts(scale, name)
    return scale


def _document(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ScaleFileInvalid(name, f"line {error.lineno}", f"this is not JSON ({error.msg})") from error
    if not isinstance(document, dict):
        raise ScaleFileInvalid(name, "", "a scale file holds one JSON object")
    return document


_SUPPLEMENT = TypeAdapter(dict[Literal["title_en", "version", "effective_on", "licence"], str])


def _supplement(document: dict[str, Any], extra: dict[str, Any], name: str) -> None:
    """Lay the supplement over the document: its own fields, alerts, and words of items, levels and overrides."""
    fields = {key: value for key, value in extra.items() if key not in ("items", "levels", "override", "alerts")}
    try:
        document |= {str(key): value for key, value in _SUPPLEMENT.validate_python(fields, strict=True).items()}
    except ValidationError as error:
        raise ScaleFileInvalid(name, *_first_problem(error, fields)) from error
    if "alerts" in extra:
        document["alerts"] = extra["alerts"]
    for part, key, words in (
        ("items", "id", {"text_en"}),
        ("levels", "code", {"label_en"}),
        ("override", "when", {"code", "label_es", "label_en"}),
    ):
        _add_words(document.get(part), extra.get(part, {}), name=name, part=part, key=key, allowed=words)


def _add_words(rows: Any, extra: Any, *, name: str, part: str, key: str, allowed: set[str]) -> None:
    if not isinstance(extra, dict) or not all(isinstance(words, dict) for words in extra.values()):
        raise ScaleFileInvalid(name, part, f"expected an object of objects, by {key}")
    known = {row.get(key): row for row in rows if isinstance(row, dict)} if isinstance(rows, list) else {}
    for row_key, words in extra.items():
        if row_key not in known:
            raise ScaleFileInvalid(name, f"{part} {row_key}", "the scale has nothing of that name")
        if unknown := sorted(set(words) - allowed):
            raise ScaleFileInvalid(name, f"{part} {row_key}", f'"{unknown[0]}" may not be set by a supplement')
        known[row_key].update(words)


def _first_problem(error: ValidationError, document: dict[str, Any]) -> tuple[str, str]:
    """Put the first of pydantic's findings into (place, problem), an item named by its id rather than its index."""
    first = error.errors()[0]
    place: list[str] = []
    here: Any = document
    for step in first["loc"]:
        here = _part(here, step)
        if isinstance(step, int):
            named = here.get("id") or here.get("code") if isinstance(here, dict) else None
            place[-1] = f"{place[-1].removesuffix('s')} {named or step + 1}"
        else:
            place.append(str(step))
    problem = {
        "extra_forbidden": "unknown key; take it out or correct its spelling",
        "missing": "this key is missing",
        "int_type": "expected a whole number",
        "string_type": "expected text",
        "bool_type": "expected true or false",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    return ", ".join(place), problem


def _part(whole: Any, step: str | int) -> Any:
    if isinstance(whole, list) and isinstance(step, int) and step < len(whole):
        return whole[step]
    return whole.get(step) if isinstance(whole, dict) else None


def _check_items(scale: Scale, name: str) -> None:
    ids = [item.id for item in scale.items]
    if twice := [item_id for place, item_id in enumerate(ids) if item_id in ids[:place]]:
        raise ScaleFileInvalid(name, f"item {twice[0]}", "this id stands twice; each item needs its own")
    for place, item in enumerate(scale.items):
        for skipped in sorted(frozenset().union(*item.skips.values())):
            if skipped not in ids[place + 1 :]:
                raise ScaleFileInvalid(name, f"item {item.id}", f"its filter skips {skipped}, which is no later item")


def _check_levels(scale: Scale, name: str) -> None:
    lowest, highest = scale.attainable
    if len(scale.ranks) < len(scale.levels):
        raise ScaleFileInvalid(name, "levels", "a level code stands twice")
    for lower, upper in zip(scale.levels, scale.levels[1:], strict=False):
        if upper.min != lower.max + 1:
            raise ScaleFileInvalid(name, f"level {upper.code}", f"expected min {lower.max + 1}, after {lower.code}")
    for band in scale.levels:
        if band.min > band.max:
            raise ScaleFileInvalid(name, f"level {band.code}", f"min {band.min} is above max {band.max}")
    if scale.levels[0].min > lowest or scale.levels[-1].max < highest:
        raise ScaleFileInvalid(name, "levels", f"the bands must cover every sum from {lowest} to {highest}")


def _check_overrides_and_alerts(scale: Scale, name: str) -> None:
    columns = ["id", *(item.id for item in scale.items), *(override.code for override in scale.override)]
    for place, code in enumerate(columns):
        if code in columns[:place]:
            raise ScaleFileInvalid(name, f"override {code}", "this code is already an item, an override or the id")
    for alert in scale.alerts:
        if alert.level is not None and alert.level not in scale.ranks:
            raise ScaleFileInvalid(name, f"alert {alert.code}", f"the scale has no level {alert.level}")
        if alert.item is not None and alert.item not in columns[1 : 1 + len(scale.items)]:
            raise ScaleFileInvalid(name, f"alert {alert.code}", f"the scale has no item {alert.item}")
