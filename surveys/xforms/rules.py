"""A form's rules made ready to run: every expression compiled once, what cannot be run here named."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from lxml import etree

from surveys.xforms import functions
from surveys.xforms.expressions import JAVAROSA, ExpressionInvalid, Place, compiled, rewritten
from surveys.xforms.form import Question, XForm
from surveys.xforms.functions import UNREPEATABLE, text_of

_CALLED = re.compile(r"([A-Za-z_][\w-]*)\s*\(")
# What XPath 1.0 itself knows; a function that is neither its nor ours cannot be run here.
_XPATH_KNOWS = frozenset({
    "last", "position", "count", "id", "local-name", "namespace-uri", "name", "substring-before", "substring-after",
    "substring", "translate", "boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "text",
    "node", "instance", "pulldata", "current", "today", "now", "itext", "choice-name", "and", "or", "div", "mod",
})  # fmt: skip
# What devices know besides (ODK XForms specification, section 8.2) and the server does not.
_DEVICES_KNOW = frozenset({
    "area", "base64-decode", "digest", "distance", "extract-signed", "geofence", "intersects", "search",
    "property", "version", "jr:itext", "jr:choice-name",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """One question's rules; None where there is none, or where it cannot be run here."""

    required: etree.XPath | None
    relevant: etree.XPath | None
    constraint: etree.XPath | None
    calculate: etree.XPath | None
    choices: etree.XPath | None
    codes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Unusable:
    """A rule that cannot be run here: the path of its question, which rule ("relevant" …), and why.

    `is_unreadable`: no program can read it; otherwise it is taken on trust, as it uses a function not known here.
    """

    path: str
    rule: str
    why: str
    is_unreadable: bool


@dataclass(frozen=True, slots=True)
class FormRules:
    """A form with its rules by path, and those that cannot be run here; `names` counts the paths that end in a name."""

    form: XForm
    questions: Mapping[str, Question]
    of_question: Mapping[str, QuestionRules]
    of_group: Mapping[str, etree.XPath | None]
    unusable: tuple[Unusable, ...]
    names: Mapping[str, int]


def form_rules(form: XForm, *, zone: tzinfo) -> FormRules:
    """Make a form's rules ready, for devices on that zone's clock."""
    compiler = _Compiler(form, zone)
    groups = {path: compiler.ready(relevant, _place(form, path), "relevant") for path, relevant in form.groups.items()}
    questions = {question.path: compiler.rules(question) for question in form.questions}
    names = Counter(path.rpartition("/")[2] for path in (*questions, *form.repeats))
    return FormRules(form, {q.path: q for q in form.questions}, questions, groups, tuple(compiler.unusable), names)


@dataclass
class _Compiler:
    form: XForm
    zone: tzinfo
    unusable: list[Unusable] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = functions.functions_in(self.zone)
        self._names = functions.names_for(known)
        self._known = _XPATH_KNOWS | known.keys()
        self._extensions: dict[tuple[str | None, str], Callable[..., Any]] = {
            **functions.as_extensions(known),
            (None, "instance"): self._list,
            (None, "pulldata"): self._pulled,
            (JAVAROSA, "choice-name"): lambda _context, *_words: "",
            (JAVAROSA, "itext"): lambda _context, *_words: "",
        }

    def rules(self, question: Question) -> QuestionRules:
        place, rules, source = Place(question.path, question.repeats), question.rules, question.choices
        chosen = self.ready(source.nodes, place, "choices") if source else None
        return QuestionRules(
            required=self.ready(rules["required"], place, "required"),
            relevant=self.ready(rules["relevant"], place, "relevant"),
            constraint=self.ready(rules["constraint"], place, "constraint"),
            calculate=self.ready(rules["calculate"], place, "calculate"),
            choices=chosen,
            codes=self._fixed_codes(question, chosen),
        )

    def ready(self, expression: str, place: Place, what: str) -> etree.XPath | None:
        if not expression or (what == "calculate" and _is_unrepeatable(expression)):
            return None
        unknown = sorted({name for name in _CALLED.findall(_without_texts(expression)) if name not in self._known})
        if unknown:
            named = [f"{name}()" for name in unknown if name not in _DEVICES_KNOW]
            why = f"forms know no {', '.join(named)}" if named else ", ".join(f"{name}()" for name in unknown)
            self.unusable.append(Unusable(place.path, what, why, bool(named)))
            return None
        try:
            return compiled(rewritten(expression, place, renamed=self._names), self._extensions)
        except ExpressionInvalid as error:
            self.unusable.append(Unusable(place.path, what, str(error), True))
            return None

    def _fixed_codes(self, question: Question, chosen: etree.XPath | None) -> frozenset[str] | None:
        """Return the codes that do not hang on other answers, None where they do."""
        source = question.choices
        if source is None:
            return None
        if source.codes:
            return frozenset(source.codes)
        if chosen is None or "[" in source.nodes or "$" in source.nodes:
            return None
        return codes_of(chosen(etree.Element("none"), root=[], here=[], today=0.0, now=0.0), source.value)

    def _list(self, _context: object, name: Any) -> list[etree._Element]:
        found = self.form.lists.get(text_of(name))
        return [] if found is None else [found]

    def _pulled(self, _context: object, name: Any, column: Any, key: Any, wanted: Any) -> str:
        """Return what a column says in the first item of a list whose key is that; "" where there is none."""
        found = self.form.lists.get(text_of(name))
        code, column, key = text_of(wanted), text_of(column), text_of(key)
        items = found.iterfind("root/item") if found is not None else ()
        # A name that is none finds nothing: the file may not say where the reader looks.
        item = next((item for item in items if any(one.tag == key and (one.text or "") == code for one in item)), None)
        return next((one.text or "" for one in item if one.tag == column), "") if item is not None else ""


def codes_of(items: Any, value: str) -> frozenset[str]:
    """Return the codes of the items that a list of choices gives."""
    return frozenset((item.findtext(value) or "").strip() for item in items) if isinstance(items, list) else frozenset()


def _place(form: XForm, path: str) -> Place:
    return Place(path, tuple(repeat for repeat in form.repeats if path.startswith(f"{repeat}/")))


def _is_unrepeatable(expression: str) -> bool:
    return bool(UNREPEATABLE & set(_CALLED.findall(_without_texts(expression))))


def _without_texts(expression: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'", "''", expression)
