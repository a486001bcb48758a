"""Checking a submission again with the form's own rules, as its device should have."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from lxml import etree

from surveys.xforms.dates import days_of, days_of_moment, iso_of, share_of_day
from surveys.xforms.form import Question, XFormInvalid, read_xml
from surveys.xforms.functions import PLACE, SAID, number_of, place_among, text_of, truth_of
from surveys.xforms.rules import FormRules, QuestionRules, codes_of

Answers = dict[str, Any]
_CLOSE = 1e-6
# More than any survey holds: what asks for each of them what all others say would take hours.
MOST_ELEMENTS = 20_000
# What an expression ends in that is given something else than it can work with.
_CANNOT_BE_RUN = (
    etree.XPathEvalError, etree.XPathFunctionError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError,
)  # fmt: skip
# Whether a question is asked may hang on a later one; each pass settles one step of such a chain.
_MOST_PASSES = 5
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_POINT = re.compile(r"-?[0-9]+(\.[0-9]+)?( -?[0-9]+(\.[0-9]+)?){1,3}")


class Breach(StrEnum):
    """What is wrong with an answer."""

    REQUIRED = "required"
    NOT_ASKED = "not_asked"
    CONSTRAINT = "constraint"
    TYPE = "type"
    CHOICE = "choice"
    CALCULATION = "calculation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one answer breaks: the question's path, in a repeat with its number ("/data/kid[2]/age")."""

    place: str
    breach: Breach


@dataclass(frozen=True, slots=True)
class CheckedSubmission:
    """What a submission says: answers by name, each repeat as a list of such answers, and every rule that is broken.

    A name that stands in several groups is written with its groups ("g/name").
    """

    instance_id: str
    version: str
    answers: Answers
    findings: tuple[Finding, ...]


def check_submission(content: bytes, rules: FormRules, *, zone: tzinfo, now: datetime) -> CheckedSubmission:
    """Read a submission and check it at a moment. Raise XFormInvalid for what is no submission of this form."""
    sent, form = read_xml(content), rules.form
    name, form_id = etree.QName(sent).localname, sent.get("id", "")
    if name != form.root or form_id != form.form_id:
        raise XFormInvalid(f"this is a submission of “{form_id or name}”; expected “{form.form_id}”")
    if (elements := sum(1 for _element in sent.iter())) > MOST_ELEMENTS:
        raise XFormInvalid(f"the submission has {elements:,} answers; expected at most {MOST_ELEMENTS:,}")
    check = _Check(rules, zone, days_of_moment(now, zone))
    check.read(sent)
    check.judge()
    return CheckedSubmission(
        _instance_id(sent), sent.get("version", ""), check.answers(check.root), tuple(check.findings)
    )


def sent_as(content: bytes) -> tuple[str, str, str]:
    """Return what a submission says of itself: form id, version and instance id, "" for each that lacks.

    Raise XFormInvalid for what is no XML.
    """
    sent = read_xml(content)
    return sent.get("id", ""), sent.get("version", ""), _instance_id(sent)


def said(content: bytes, name: str) -> str:
    """Return what a submission says to the question of that name, asked or not; "" for nothing."""
    found = (node for node in read_xml(content).iter() if isinstance(node.tag, str))
    return next(((node.text or "").strip() for node in found if etree.QName(node).localname == name), "")


@dataclass(slots=True)
class _Check:
    """One submission laid out as the form knows it: every question an element, even where nothing was sent."""

    rules: FormRules
    zone: tzinfo
    now: float
    root: etree._Element = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    _paths: dict[etree._Element, str] = field(default_factory=dict)
    _written: dict[etree._Element, str] = field(default_factory=dict)
    _unasked: set[etree._Element] = field(default_factory=set)

    def read(self, sent: etree._Element) -> None:
        self.root = etree.Element(self.rules.form.root)
        self._paths[self.root] = f"/{self.rules.form.root}"
        self._lay_out(self.root, sent)
        for _pass in range(_MOST_PASSES):
            before = set(self._unasked)
            self._settle(self.root, is_asked=True)
            if self._unasked == before:
                break

    def judge(self) -> None:
        for element, path in self._paths.items():
            question = self.rules.questions.get(path)
            if question is not None and (breach := self._breach_of(element, question)):
                self.findings.append(Finding(self._place(element), breach))

    def answers(self, group: etree._Element) -> Answers:
        """Return what was answered below a group, what was not asked left out."""
        found: Answers = {}
        for element in group:
            path, name = self._paths[element], self._name(element)
            if element.tag == "meta":
                continue
            if path in self.rules.form.repeats:
                if element not in self._unasked:
                    found.setdefault(name, []).append(self.answers(element))
            elif path in self.rules.questions:
                if self._written[element] and element not in self._unasked:
                    found[name] = self._written[element]
            else:
                found |= self.answers(element)
        return found

    def _lay_out(self, group: etree._Element, sent: etree._Element | None) -> None:
        path, form = self._paths[group], self.rules.form
        by_name: dict[str, list[etree._Element]] = {}
        for child in sent if sent is not None else ():
            if isinstance(child.tag, str):
                by_name.setdefault(etree.QName(child).localname, []).append(child)
        for below in form.children.get(path, ()):
            name = below.rpartition("/")[2]
            given: list[etree._Element | None] = list(by_name.pop(name, ()))
            if below in form.repeats:
                kept = given
            else:
                kept = given[:1] or [None]
                self.findings += [Finding(below, Breach.UNKNOWN)] * (len(given) > 1)
            for number, one in enumerate(kept, start=1):
                element = etree.SubElement(group, name, {PLACE: str(number)})
                self._paths[element] = below
                if below in form.groups:
                    self._lay_out(element, one)
                else:
                    self._write(element, (one.text or "").strip() if one is not None else "")
        by_name.pop("meta", None)
        self.findings += [Finding(f"{path}/{name}", Breach.UNKNOWN) for name in by_name]

    def _write(self, element: etree._Element, text: str) -> None:
        self._written[element] = text
        self._show(element, text)

    def _show(self, element: etree._Element, text: str) -> None:
        """Let expressions see a text, and a day as its number."""
        question = self.rules.questions[self._paths[element]]
        days = days_of(text, self.zone) if question.type in {"date", "dateTime"} else math.nan
        element.text = text if math.isnan(days) else repr(days)
        if math.isnan(days):
            element.attrib.pop(SAID, None)
        else:
            element.set(SAID, text)

    def _settle(self, group: etree._Element, *, is_asked: bool) -> None:
        """Find what is asked; what is not is empty for every expression after it."""
        for element in group:
            path = self._paths[element]
            question = self.rules.of_question.get(path)
            relevant = question.relevant if question is not None else self.rules.of_group.get(path)
            asked = is_asked and (relevant is None or self._is_true(relevant, element, otherwise=True))
            (self._unasked.discard if asked else self._unasked.add)(element)
            if question is None:
                self._settle(element, is_asked=asked)
            else:
                self._show(element, self._written[element] if asked else "")

    def _breach_of(self, element: etree._Element, question: Question) -> Breach | None:
        text, rules = self._written[element], self.rules.of_question[question.path]
        if element in self._unasked:
            return Breach.NOT_ASKED if text else None
        if not text:
            is_for_a_person = question.kind != "hidden" and not question.rules["readonly"].startswith("true")
            is_required = rules.required is not None and self._is_true(rules.required, element, otherwise=False)
            return Breach.REQUIRED if is_for_a_person and is_required else self._calculated(element, question, rules)
        if not _has_type(text, question.type, self.zone):
            return Breach.TYPE
        if not self._is_offered(element, text, question, rules):
            return Breach.CHOICE
        is_held = rules.constraint is None or self._is_true(rules.constraint, element, otherwise=True)
        if not is_held or not _is_on_scale(text, question):
            return Breach.CONSTRAINT
        return self._calculated(element, question, rules)

    def _is_offered(self, element: etree._Element, text: str, question: Question, rules: QuestionRules) -> bool:
        if question.choices is None:
            return True
        codes = rules.codes
        if codes is None:
            if rules.choices is None:
                return True
            codes = codes_of(self._value(rules.choices, element), question.choices.value)
        chosen = [text] if question.kind == "select1" else text.split()
        return codes.issuperset(chosen) and len(set(chosen)) == len(chosen)

    def _calculated(self, element: etree._Element, question: Question, rules: QuestionRules) -> Breach | None:
        # What a person may change after it was calculated for her is her answer.
        if rules.calculate is None or question.kind != "hidden":
            return None
        value = self._value(rules.calculate, element)
        if value is None or _is_same(value, self._written[element], self.zone):
            return None
        return Breach.CALCULATION

    def _is_true(self, rule: etree.XPath, element: etree._Element, *, otherwise: bool) -> bool:
        value = self._value(rule, element)
        return otherwise if value is None else truth_of(value)

    def _value(self, rule: etree.XPath, element: etree._Element) -> Any:
        """Run a rule at a place; None where it cannot be run there."""
        try:
            return rule(element, root=[self.root], here=[element], today=float(math.floor(self.now)), now=self.now)
        except _CANNOT_BE_RUN:
            return None

    def _name(self, element: etree._Element) -> str:
        path = self._paths[element]
        name = path.rpartition("/")[2]
        return name if self.rules.names[name] == 1 else path.split("/", 2)[2]

    def _place(self, element: etree._Element) -> str:
        """Return the path of an element with the number of each repeat around it."""
        steps = []
        for step in [element, *element.iterancestors()]:
            is_repeat = self._paths[step] in self.rules.form.repeats
            steps.append(f"{step.tag}[{place_among(step)}]" if is_repeat else str(step.tag))
        return "/" + "/".join(reversed(steps))


def _instance_id(sent: etree._Element) -> str:
    found = next(
        (node for node in sent.iter() if isinstance(node.tag, str) and etree.QName(node).localname == "instanceID"),
        None,
    )
    return (found.text or "").strip() if found is not None else ""


def _has_type(text: str, kind: str, zone: tzinfo) -> bool:
    has = _TYPES.get(kind)
    return has is None or has(text, zone)


def _is_on_scale(text: str, question: Question) -> bool:
    return question.bounds is None or question.bounds[0] <= number_of(text) <= question.bounds[1]


def _is_day(text: str, zone: tzinfo) -> bool:
    return len(text) == len("2026-11-28") and not math.isnan(days_of(text, zone))


def _is_moment(text: str, zone: tzinfo) -> bool:
    return "T" in text and not math.isnan(days_of(text, zone))


_TYPES: dict[str, Callable[[str, tzinfo], bool]] = {
    "int": lambda text, _zone: _INTEGER.fullmatch(text) is not None,
    "decimal": lambda text, _zone: _DECIMAL.fullmatch(text) is not None,
    "date": _is_day,
    "dateTime": _is_moment,
    "time": lambda text, _zone: not math.isnan(share_of_day(text)),
    "boolean": lambda text, _zone: text in {"true", "false", "1", "0"},
    "geopoint": lambda text, _zone: _POINT.fullmatch(text) is not None,
}


def _is_same(value: Any, written: str, zone: tzinfo) -> bool:
    """Say whether a calculation's value is what was sent, a number to the sixth place, a day however it is written."""
    text = text_of(value)
    if text == written or {text, written} <= {"", "NaN"} or {text, written} in ({"true", "1"}, {"false", "0"}):
        return True
    sent = days_of(written, zone)
    try:
        number = float(text)
        sent = float(written) if math.isnan(sent) else sent
        return math.isclose(number, sent, rel_tol=_CLOSE, abs_tol=_CLOSE) or iso_of(number) == written
    except (ValueError, OverflowError):
        return False
