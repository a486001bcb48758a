"""What a woman said in her own words, out of a survey as it was sent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from surveys.xforms.form import XFormInvalid, read_xml

_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The answer to one question that takes text; `number` counts those of a repeat, from 1."""

    name: str
    number: int
    text: str


def own_words(content: bytes, questions: Iterable[Mapping[str, Any]]) -> tuple[OwnWords, ...]:
    """Return the texts of a survey in the order of its questions, of all that its instrument asks; empty ones left out.

    What was sent twice, in part and then whole, says what it said last. Raise XFormInvalid for what is no XML.
    """
    asked = {one["path"]: one["name"] for one in questions if _takes_text(one)}
    said: dict[tuple[str, int], str] = {}
    for survey in _surveys(content):
        counted: dict[str, int] = {}
        for element in survey.iter(etree.Element):
            path = _path(element, survey)
            if path in asked:
                counted[path] = counted.get(path, 0) + 1
                if text := (element.text or "").strip():
                    said[path, counted[path]] = text
    order = list(asked)
    found = sorted(said.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    return tuple(OwnWords(asked[path], number, text) for (path, number), text in found)


def takes_text(content: Mapping[str, Any]) -> bool:
    """Say whether a questionnaire asks anything that is answered in her own words."""
    return any(_takes_text(question) for question in content["questions"])


def _takes_text(question: Mapping[str, Any]) -> bool:
    return bool(question["may_identify"]) and question["kind"] == "input" and question["type"] == "string"


def _surveys(content: bytes) -> list[etree._Element]:
    """Return what was sent: one survey, or one answered in part with the rest behind it."""
    try:
        return [read_xml(content)]
    except XFormInvalid:
        together = read_xml(b"<all>" + _DECLARATION.sub(b"", content) + b"</all>")
        if not len(together):
            raise
        return list(together.iterchildren(etree.Element))


def _path(element: etree._Element, survey: etree._Element) -> str:
    names = [etree.QName(element).localname]
    while element is not survey:
        parent = element.getparent()
        if parent is None:
            break
        element = parent
        names.append(etree.QName(element).localname)
    return "/" + "/".join(reversed(names))
