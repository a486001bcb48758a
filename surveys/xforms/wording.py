"""What a form asks, in its own words: each question with its labels and choices in every language of the form."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from surveys.xforms.form import XFORMS, ChoiceSource, Question, XForm, read_xml, words_of

Words = Mapping[str, str]
"""A text by language, as the form names it ("Español (es)"); "" for a form of one language."""

_NAMES = {"x": XFORMS, "h": "http://www.w3.org/1999/xhtml"}
_ITEXT = re.compile(r"""^\s*jr:itext\(\s*['"](.+?)['"]\s*\)\s*$""")
_LIST = re.compile(r"""instance\(\s*['"]([^'"]+)['"]\s*\)""")
_TITLE = re.compile(r"<h:title>.*?</h:title>|<h:title\s*/>", re.DOTALL)
_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:-[A-Za-z0-9]+)?\)\s*$")
# What somebody says in her own words, or what tells where she is: it may name her.
_FREE_TYPES = frozenset({"binary", "geopoint", "geotrace", "geoshape", "barcode"})


@dataclass(frozen=True, slots=True)
class WordedChoice:
    """One answer to choose: its code, and what it says."""

    code: str
    label: Words


@dataclass(frozen=True, slots=True)
class WordedQuestion:
    """One question as people read it.

    `name` is the key of its answer, `groups` what the groups around it say, `may_identify` whether its answer is text
    of hers or a place, or comes from one.
    """

    name: str
    path: str
    type: str
    kind: str
    label: Words
    hint: Words
    choices: tuple[WordedChoice, ...]
    rules: Mapping[str, str]
    groups: tuple[Words, ...]
    repeats: tuple[str, ...]
    may_identify: bool


def worded_questions(form: XForm, xml: bytes) -> tuple[WordedQuestion, ...]:
    """Return the questions of a form in order, notes and hidden calculations among them."""
    document = read_xml(xml)
    labels, hints = _said(document, form, "label"), _said(document, form, "hint")
    names = Counter(path.rpartition("/")[2] for path in (*(q.path for q in form.questions), *form.repeats))
    inline, free = _inline_choices(document, form), identifying_paths(form)
    return tuple(
        WordedQuestion(
            name=question.name if names[question.name] == 1 else question.path.split("/", 2)[2],
            path=question.path,
            type=question.type,
            kind="note" if _is_note(question) else question.kind,
            label=labels.get(question.path, {}),
            hint=hints.get(question.path, {}),
            choices=_choices(question.choices, form, inline.get(question.path, ())),
            rules={rule: text for rule, text in question.rules.items() if text},
            groups=tuple(labels[path] for path in _above(question.path) if labels.get(path)),
            repeats=question.repeats,
            may_identify=question.path in free,
        )
        for question in form.questions
        if "/meta/" not in question.path
    )


def identifying_paths(form: XForm) -> frozenset[str]:
    """Return the paths whose answers are free text, places or files, and what quotes one of these.

    That are calculations, what a device puts in, and choices among what was answered before.

    Among them what a device says of whoever holds it: a name, a number, an address.
    """
    found = {
        question.path
        for question in form.questions
        if question.type in _FREE_TYPES
        or question.preload.startswith("property")
        or (question.type == "string" and question.kind == "input" and not _is_note(question))
    }
    quoting = {question.path: _quoting(question, form) for question in form.questions}
    while more := {path for path, rule in quoting.items() if path not in found and _quotes(rule, found)}:
        found |= more
    return frozenset(found)


def in_language(words: Words, language: str) -> str:
    """Return a text in a language by its code ("es"), in the form's first where it has not that one, "" for none."""
    for name, text in words.items():
        if (code := _CODE.search(name)) and code[1] == language[:2]:
            return text
    return next(iter(words.values()), "")


def language_name(languages: tuple[str, ...], language: str) -> str:
    """Return what a form calls a language of that code ("Español (es)" for "es"), "" where it has none."""
    return next((name for name in languages if (code := _CODE.search(name)) and code[1] == language[:2]), "")


def titled(xform: str, title: str) -> str:
    """Return a form as it was made (text of XML) under another title."""
    return _TITLE.sub(lambda _found: f"<h:title>{escape(title)}</h:title>", xform, count=1)


def _is_note(question: Question) -> bool:
    return question.kind == "input" and question.rules["readonly"] == "true()" and not question.rules["calculate"]


def _quoting(question: Question, form: XForm) -> str:
    """Return every expression whose value may become the answer."""
    source = question.choices
    # The code of a choice out of a list was written by the form's author.
    chosen = f"{source.nodes}/{source.value}" if source and "instance(" not in source.nodes else ""
    return " ".join((question.rules["calculate"], form.put_in.get(question.path, ""), chosen))


def _quotes(rule: str, paths: set[str]) -> bool:
    names = {path.rpartition("/")[2] for path in paths}
    return any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", rule) for name in names)


def _above(path: str) -> list[str]:
    steps = path.split("/")
    return ["/".join(steps[:length]) for length in range(3, len(steps))]


def _said(document: etree._Element, form: XForm, what: str) -> dict[str, Words]:
    """Return the label or hint of each control and group by its path."""
    body = document.find("h:body", _NAMES)
    found: dict[str, Words] = {}
    for control in body.iter() if body is not None else ():
        path = (control.get("ref") or control.get("nodeset") or "").strip() if isinstance(control.tag, str) else ""
        said = control.find(f"x:{what}", _NAMES) if path.startswith("/") else None
        if said is not None and (words := _words(said, form)):
            found.setdefault(path, words)
    for repeat in document.iterfind(".//x:repeat", _NAMES):
        # The label of a repeat stands at the group around it.
        outer, path = repeat.getparent(), (repeat.get("nodeset") or "").strip()
        said = outer.find(f"x:{what}", _NAMES) if outer is not None else None
        if said is not None and (words := _words(said, form)):
            found.setdefault(path, words)
    return found


def _words(said: etree._Element, form: XForm) -> Words:
    if found := _ITEXT.match(said.get("ref") or ""):
        return form.labels.get(found[1], {})
    text = words_of(said)
    return {"": text} if text else {}


def _inline_choices(document: etree._Element, form: XForm) -> dict[str, tuple[WordedChoice, ...]]:
    found: dict[str, tuple[WordedChoice, ...]] = {}
    for item in document.iterfind(".//x:item", _NAMES):
        control, label = item.getparent(), item.find("x:label", _NAMES)
        if control is None or etree.QName(item).namespace != XFORMS or not (path := control.get("ref")):
            continue
        code = (item.findtext("x:value", "", _NAMES) or "").strip()
        choice = WordedChoice(code, _words(label, form) if label is not None else {})
        found[path.strip()] = (*found.get(path.strip(), ()), choice)
    return found


def _choices(source: ChoiceSource | None, form: XForm, inline: tuple[WordedChoice, ...]) -> tuple[WordedChoice, ...]:
    if source is None or source.codes:
        return inline
    named = _LIST.search(source.nodes)
    root = form.lists.get(named[1]) if named else None
    if root is None:
        return ()
    found: dict[str, WordedChoice] = {}
    for item in root.iter("item"):
        code, text_id = (item.findtext(source.value) or "").strip(), (item.findtext("itextId") or "").strip()
        own = source.label if named and named[1] in form.files else "label"
        label = form.labels.get(text_id, {}) if text_id else {"": (item.findtext(own) or "").strip()}
        found.setdefault(code, WordedChoice(code, label))
    return tuple(found.values())
