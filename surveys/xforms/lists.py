"""Lists of choices in files (CSV, GeoJSON, XML), read into what a form's expressions see and written plainly.

Each device has a reader of its own. What is kept of a file is therefore written anew in the one way that all of them
read alike: a comma between cells, every value a text, no declaration before XML.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from documents.delimited import delimited_rows
from surveys.xforms.form import XFormInvalid, read_xml

MOST_ITEMS = 5_000
MOST_COLUMNS = 100
_MOST_ELEMENTS = 200_000
_DEEPEST = 20
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SEPARATORS = ",;\t|"
# What XML 1.0 has no sign for.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_MOST_DEGREES_EAST, _MOST_DEGREES_NORTH = 180, 90
_KINDS_OF_PLACES = {"Point", "LineString", "Polygon"}


class ListInvalid(ValueError):
    """The file is no list that every device reads alike: one sentence that says why."""


@dataclass(frozen=True, slots=True)
class FileList:
    """A list as expressions see it (`instance` holds its root), and the file as it is given to devices."""

    instance: etree._Element
    content: bytes


def read_csv(content: bytes) -> FileList:
    """Read a list of one line an item under headings, separated by , ; | or tabs. Raise ListInvalid."""
    text = _text(content)
    first = text.lstrip().partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        rows = [[cell.strip() for cell in row] for row in delimited_rows(text, delimiter=separator)]
    except csv.Error as error:
        raise ListInvalid("this is no CSV that can be read") from error
    rows = [row for row in rows if any(row)]
    headings = _headings(rows[0] if rows else [])
    _counted(len(rows) - 1)
    items = []
    for number, row in enumerate(rows[1:], start=2):
        while len(row) > len(headings) and not row[-1]:
            row.pop()
        if len(row) > len(headings):
            raise ListInvalid(f"line {number} has {len(row)} cells; expected at most {len(headings)}")
        items.append([*row, *[""] * (len(headings) - len(row))])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([headings, *items])
    return FileList(_instance(dict(zip(headings, row, strict=True)) for row in items), out.getvalue().encode())


def read_geojson(content: bytes) -> FileList:
    """Read a collection of points, lines and areas; each one's properties are texts. Raise ListInvalid."""
    try:
        said = json.loads(_text(content))
    except (ValueError, RecursionError) as error:
        raise ListInvalid("this is no GeoJSON that can be read") from error
    features = said.get("features") if isinstance(said, dict) and said.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise ListInvalid("this is no collection of features")
    _counted(len(features))
    plain = [_feature(feature, number) for number, feature in enumerate(features, start=1)]
    written = json.dumps({"type": "FeatureCollection", "features": plain}, ensure_ascii=False, separators=(",", ":"))
    items = ({"geometry": _geometry_text(one["geometry"]), **one["properties"]} for one in plain)
    return FileList(_instance(items), written.encode())


def read_xml_list(content: bytes) -> FileList:
    """Read a list as XML: elements with texts, without namespaces and attributes. Raise ListInvalid."""
    try:
        root = _bare(read_xml(content))
    except XFormInvalid as error:
        raise ListInvalid(str(error)) from error
    _counted(len(root))
    instance = etree.Element("instance")
    instance.append(root)
    return FileList(instance, etree.tostring(root, encoding="unicode").encode())


READERS = {"csv": read_csv, "geojson": read_geojson, "xml": read_xml_list}


def items_of(instance: etree._Element) -> list[etree._Element]:
    """Return the items of a list, as the choices of a question are written."""
    return instance.findall("root/item")


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListInvalid("its letters are not written as UTF-8") from error
    if _UNWRITABLE.search(text):
        raise ListInvalid("it holds signs that no text has")
    return text


def _headings(headings: list[str]) -> list[str]:
    while headings and not headings[-1]:
        headings = headings[:-1]
    if not headings:
        raise ListInvalid("there is nothing in it")
    if len(headings) > MOST_COLUMNS:
        raise ListInvalid(f"{len(headings):,} columns; expected at most {MOST_COLUMNS}")
    for heading in headings:
        if not _NAME.fullmatch(heading):
            raise ListInvalid(f"“{heading[:40]}” is no heading")
    if twice := next((heading for heading in headings if headings.count(heading) > 1), ""):
        raise ListInvalid(f"its heading “{twice}” stands twice")
    return headings


def _counted(number: int) -> None:
    if number < 1:
        raise ListInvalid("there is nothing in it")
    if number > MOST_ITEMS:
        raise ListInvalid(f"{number:,} items; expected at most {MOST_ITEMS:,}")


def _instance(items: Iterable[Mapping[str, str]]) -> etree._Element:
    instance = etree.Element("instance")
    root = etree.SubElement(instance, "root")
    for one in items:
        item = etree.SubElement(root, "item")
        for name, text in one.items():
            etree.SubElement(item, name).text = text
    return instance


def _bare(root: etree._Element) -> etree._Element:
    """Return a copy of elements with their texts alone. Raise ListInvalid for what not every device reads."""
    made = 0

    def copied(element: etree._Element, depth: int) -> etree._Element:
        nonlocal made
        made += 1
        if made > _MOST_ELEMENTS or depth > _DEEPEST:
            raise ListInvalid("it is larger or deeper than a list")
        if element.attrib or not _NAME.fullmatch(str(element.tag)):
            raise ListInvalid("it has namespaces or attributes")
        copy = etree.Element(element.tag)
        below = [child for child in element if isinstance(child.tag, str)]
        copy.text = "" if below else "".join(element.itertext(with_tail=False)).strip()
        copy.extend(copied(child, depth + 1) for child in below)
        return copy

    return copied(root, 0)


def _feature(feature: Any, number: int) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ListInvalid(f"what stands at place {number} is no feature")
    geometry, said = feature.get("geometry"), feature.get("properties") or {}
    if not isinstance(geometry, dict) or geometry.get("type") not in _KINDS_OF_PLACES or not isinstance(said, dict):
        raise ListInvalid(f"the feature {number} is no point, line or area")
    if "id" in feature and "id" not in said:
        said = {"id": feature["id"], **said}
    # A property that no expression could name is of no use to a form.
    properties = {name: _said(value) for name, value in said.items() if _NAME.fullmatch(name) and name != "geometry"}
    places = {"type": geometry["type"], "coordinates": _coordinates(geometry, number)}
    return {"type": "Feature", "geometry": places, "properties": properties}


def _coordinates(geometry: Mapping[str, Any], number: int) -> Any:
    found = geometry.get("coordinates")
    if geometry["type"] == "Point":
        return _point(found, number)
    if geometry["type"] == "LineString":
        return _points(found, number)
    if not isinstance(found, list) or len(found) != 1:
        raise ListInvalid(f"the feature {number} is no point, line or area")
    return [_points(found[0], number)]


def _points(found: Any, number: int) -> list[list[float]]:
    if not isinstance(found, list):
        raise ListInvalid(f"the feature {number} is no point, line or area")
    return [_point(one, number) for one in found]


def _point(found: Any, number: int) -> list[float]:
    """Return longitude and latitude; a height is left out, as no device asks for it."""
    is_point = isinstance(found, list) and len(found) in {2, 3} and all(type(one) in {int, float} for one in found)
    if not is_point or not (abs(found[0]) <= _MOST_DEGREES_EAST and abs(found[1]) <= _MOST_DEGREES_NORTH):
        raise ListInvalid(f"the feature {number} has no place on the earth")
    return [found[0], found[1]]


def _geometry_text(geometry: Mapping[str, Any]) -> str:
    found = geometry["coordinates"]
    points: Sequence[Sequence[float]] = {"Point": [found], "LineString": found}.get(geometry["type"]) or found[0]
    return "; ".join(f"{latitude} {longitude} 0 0" for longitude, latitude in points)


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if _UNWRITABLE.search(text):
        raise ListInvalid("it holds signs that no text has")
    return text.strip()
