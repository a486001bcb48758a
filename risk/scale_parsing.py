"""Reads scale files, and says of each problem in which file and where it is, what was expected and what was found.

A supplement may stand beside a file that must stay as it was published: it adds what the study decides (English words,
version, alerts, days and visits of a level), never a score.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from risk.scale_file import BY_HAND, FURTHEST_SUM, Scale

_SUPPLEMENT = TypeAdapter(dict[Literal["title_en", "version", "effective_on", "licence"], str])
_WORDS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("items", "id", frozenset({"text_en"})),
    ("levels", "code", frozenset({"label_en", "reassessment_days", "visits_a_week"})),
    ("override", "when", frozenset({"code", "label_es", "label_en"})),
)
_EXPECTED = {
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "date_type": "a day such as 2026-11-18",
    "date_from_datetime_parsing": "a day such as 2026-11-18",
    "date_from_datetime_inexact": "a day such as 2026-11-18",
}
_LONGEST_FOUND = 40


class ScaleFileInvalid(Exception):
    """The file is no usable scale: one line a problem, with file, place, what was expected and what was found."""

    def __init__(self, name: str, problems: Iterable[str]) -> None:
        self.problems = tuple(f"{name}: {problem}" for problem in problems)
        super().__init__("\n".join(self.problems))


def parse_scale(text: str, name: str, supplement: str | None = None, supplement_name: str = "") -> Scale:
    """Read a scale file, with its supplement if it has one. Raise ScaleFileInvalid with every problem found."""
    document = json_object(text, name)
    if supplement is not None:
        extra = json_object(supplement, supplement_name)
        if problems := list(_lay_over(document, extra)):
            raise ScaleFileInvalid(supplement_name, problems)
    try:
        scale = Scale.model_validate(document)
    except ValidationError as error:
        raise ScaleFileInvalid(name, field_problems(error, document)) from error
    if problems := list(_disagreements(scale)):
        raise ScaleFileInvalid(name, problems)
    return scale


def json_object(text: str, name: str) -> dict[str, Any]:
    """Read a file that holds one JSON object. Raise ScaleFileInvalid."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ScaleFileInvalid(name, [f"line {error.lineno}: this is not JSON ({error.msg})"]) from error
    except (ValueError, RecursionError) as error:
        raise ScaleFileInvalid(name, ["this is not JSON that can be read"]) from error
    if not isinstance(document, dict):
        raise ScaleFileInvalid(name, ["expected one JSON object"])
    return document


def field_problems(error: ValidationError, document: dict[str, Any]) -> Iterator[str]:
    """Yield pydantic's findings as "path: what was expected, what was found"."""
    for found in error.errors():
        steps = [step for step in found["loc"] if step != "[key]"]
        yield f"{_path(steps, document)}: {_problem(found)}"


def _problem(found: Any) -> str:
    match found["type"]:
        case "extra_forbidden":
            return "unknown key; take it out or correct its spelling"
        case "missing":
            return "this key is missing"
        case "value_error":
            return str(found["msg"].removeprefix("Value error, "))
    expected = _EXPECTED.get(found["type"])
    said = f"expected {expected}" if expected else found["msg"][:1].lower() + found["msg"][1:]
    written = json.dumps(found["input"], ensure_ascii=False, default=str)
    return f"{said}, found {written if len(written) <= _LONGEST_FOUND else written[:_LONGEST_FOUND] + '…'}"


def _path(steps: list[str | int], document: Any) -> str:
    """Write a JSON path, with the id or code of the last thing of a list that it passes."""
    path, name, here = "", "", document
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
            here = here[step] if isinstance(here, list) and step < len(here) else None
            named = (here.get("id") or here.get("code")) if isinstance(here, dict) else None
            name = f" ({named})" if isinstance(named, str) else name
        else:
            path += f".{step}" if path else step
            here = here.get(step) if isinstance(here, dict) else None
    return path + name


# --- The supplement --------------------------------------------------------------------------------------------------


def _lay_over(document: dict[str, Any], extra: dict[str, Any]) -> Iterator[str]:
    """Lay the supplement over the document: its own fields, alerts, and words of items, levels and overrides."""
    fields = {key: value for key, value in extra.items() if key not in ("items", "levels", "override", "alerts")}
    try:
        document |= {str(key): value for key, value in _SUPPLEMENT.validate_python(fields, strict=True).items()}
    except ValidationError as error:
        unknown = {found["loc"][0] for found in error.errors() if found["type"] == "literal_error"}
        yield from (f"{key}: this key may not be set by a supplement" for key in sorted(map(str, unknown)))
        wrong = (found for found in error.errors() if found["loc"][0] not in unknown)
        yield from (f"{found['loc'][0]}: {_problem(found)}" for found in wrong)
    if "alerts" in extra:
        document["alerts"] = extra["alerts"]
    for part, key, allowed in _WORDS:
        yield from _add_words(document.get(part), extra.get(part, {}), part=part, key=key, allowed=allowed)


def _add_words(rows: Any, extra: Any, *, part: str, key: str, allowed: frozenset[str]) -> Iterator[str]:
    if not isinstance(extra, dict) or not all(isinstance(words, dict) for words in extra.values()):
        yield f"{part}: expected an object of objects, by {key}"
        return
    by_key = [(row.get(key), row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    known = {row_key: row for row_key, row in by_key if isinstance(row_key, str)}
    for row_key, words in extra.items():
        unknown = sorted(set(words) - allowed)
        if row_key not in known:
            yield f"{part}.{row_key}: the scale has nothing of that name"
        elif unknown:
            yield f"{part}.{row_key}.{unknown[0]}: this key may not be set by a supplement"
        else:
            known[row_key].update(words)


# --- What the parts must agree on ------------------------------------------------------------------------------------


def _disagreements(scale: Scale) -> Iterator[str]:
    yield from _kind_disagreements(scale)
    yield from _item_disagreements(scale)
    yield from _level_disagreements(scale)
    yield from _prorating_disagreements(scale)
    yield from _code_disagreements(scale)


def _kind_disagreements(scale: Scale) -> Iterator[str]:
    if scale.kind != BY_HAND:
        if not scale.items:
            yield "items: expected at least one item"
        if scale.reference:
            yield 'reference: only a scale of the kind "by_hand" has one'
        return
    if scale.items or scale.override or scale.prorating:
        yield 'kind: "by_hand" has no items, no override and no prorating'
    if scale.reference is None:
        yield 'reference: this key is missing; a scale of the kind "by_hand" says what is copied from the printout'


def _item_disagreements(scale: Scale) -> Iterator[str]:
    ids = [item.id for item in scale.items]
    for place, item in enumerate(scale.items):
        if item.id in ids[:place]:
            yield f"items[{place}].id ({item.id}): this id stands twice; each item needs its own"
        for skipped in sorted(frozenset().union(*item.skips.values())):
            if skipped not in ids[place + 1 :]:
                yield f"items[{place}].filter ({item.id}): expected a later item to skip, found {skipped}"


def _level_disagreements(scale: Scale) -> Iterator[str]:
    codes = [band.code for band in scale.levels]
    for place, band in enumerate(scale.levels):
        if band.code in codes[:place]:
            yield f"levels[{place}].code ({band.code}): this code stands twice; each level needs its own"
        if scale.kind == BY_HAND and not (band.min is band.max is None):
            yield f"levels[{place}] ({band.code}): a level chosen by hand has no min and no max"
    if scale.kind == BY_HAND or not scale.items:
        return
    if missing := [band.code for band in scale.levels if band.min is None or band.max is None]:
        yield from (f"levels[{codes.index(code)}] ({code}): expected min and max" for code in missing)
        return
    yield from _band_disagreements(scale, [(band.min or 0, band.max or 0) for band in scale.levels])


def _band_disagreements(scale: Scale, bands: list[tuple[int, int]]) -> Iterator[str]:
    codes = [band.code for band in scale.levels]
    for place, (least, most) in enumerate(bands):
        if least > most:
            yield f"levels[{place}] ({codes[place]}): min {least} is above max {most}"
        if place and least != bands[place - 1][1] + 1:
            expected = bands[place - 1][1] + 1
            yield f"levels[{place}].min ({codes[place]}): expected {expected}, after {codes[place - 1]}, found {least}"
    lowest, highest = scale.attainable
    if max(abs(lowest), abs(highest)) > FURTHEST_SUM:
        yield f"items: sums may go from -{FURTHEST_SUM} to {FURTHEST_SUM}, these go from {lowest} to {highest}"
    if bands[0][0] > lowest or bands[-1][1] < highest:
        yield f"levels: expected bands from {lowest} to {highest}, found {bands[0][0]} to {bands[-1][1]}"


def _prorating_disagreements(scale: Scale) -> Iterator[str]:
    rule = scale.prorating
    if rule is None or not scale.items:
        return
    scored = sum(not item.info for item in scale.items)
    if rule.max_missing >= scored:
        yield f"prorating.max_missing: expected less than the {scored} scored items, found {rule.max_missing}"
    if not rule.table:
        return
    lowest, highest = scale.attainable
    if lowest < 0 or any(item.skips for item in scale.items):
        yield "prorating.table: a table needs a scale without negative sums and without filters"
    if len(rule.table) != rule.max_missing:
        rows = f"{rule.max_missing} rows, one for each number of blanks"
        yield f"prorating.table: expected {rows}, found {len(rule.table)}"
    for place, row in enumerate(rule.table):
        if len(row) != highest + 1:
            yield f"prorating.table[{place}]: expected {highest + 1} sums, for 0 to {highest}, found {len(row)}"
        if any(not lowest <= value <= highest for value in row):
            yield f"prorating.table[{place}]: expected sums from {lowest} to {highest}"


def _code_disagreements(scale: Scale) -> Iterator[str]:
    columns = ["id", *(item.id for item in scale.items), *(override.code for override in scale.override)]
    first_override = 1 + len(scale.items)
    if "id" in columns[1:first_override]:
        yield 'items: no item may be called "id"'
    for place, code in enumerate(columns[first_override:]):
        if code in columns[: first_override + place]:
            yield f"override[{place}].code ({code}): this code is already an item, an override or the id"
    for place, alert in enumerate(scale.alerts):
        if alert.level is not None and alert.level not in scale.ranks:
            yield f"alerts[{place}].level ({alert.code}): the scale has no level {alert.level}"
        if alert.item is None:
            continue
        if alert.item not in columns[1:first_override]:
            yield f"alerts[{place}].item ({alert.code}): the scale has no item {alert.item}"
        elif alert.answer not in scale.item(alert.item).scores:
            yield f'alerts[{place}].answer ({alert.code}): item {alert.item} has no answer "{alert.answer}"'
