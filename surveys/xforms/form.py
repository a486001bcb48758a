"""A form as its XForm says it: the questions with their rules, in order, and the lists they choose from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

XFORMS = "http://www.w3.org/2002/xforms"
JAVAROSA = "http://openrosa.org/javarosa"
_NAMES = {"x": XFORMS, "h": "http://www.w3.org/1999/xhtml", "jr": JAVAROSA}
_RULES = ("required", "relevant", "constraint", "calculate", "readonly")
_PRELOADED = ("preload", "preloadParams")
MOST_BYTES = 8 * 2**20
Kind = Literal["input", "select1", "select", "upload", "trigger", "rank", "range", "hidden"]


class XFormInvalid(ValueError):
    """The XML is no form that can be asked and checked: one sentence that says why."""


@dataclass(frozen=True, slots=True)
class ChoiceSource:
    """Where a question's choices come from: written with it, or chosen by a path from one of the form's lists."""

    codes: tuple[str, ...] = ()
    nodes: str = ""
    value: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One place for an answer: its path ("/data/g/age"), type, control, and rules as written ("" for none)."""

    path: str
    type: str
    kind: Kind
    rules: Mapping[str, str]
    repeats: tuple[str, ...] = ()
    choices: ChoiceSource | None = None
    messages: Mapping[str, str] = field(default_factory=dict)
    # What the device fills in by itself: "property username", "timestamp start"; "" for nothing.
    preload: str = ""
    # Of a scale, its ends.
    bounds: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class XForm:
    """A form by its id and version.

    `questions` in the order of the instance, `groups` with the rule by which each is asked, `children` by the path of a
    group (the root among them) the paths below it, `lists` of choices by their id, `labels` by text id and language,
    `files` by the id of a list the name of the file that holds it, `put_in` by path what a device puts in once, or when
    another answer changes.
    """

    form_id: str
    version: str
    title: str
    root: str
    questions: tuple[Question, ...]
    groups: Mapping[str, str]
    repeats: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, etree._Element]
    languages: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str] = field(default_factory=dict)
    put_in: Mapping[str, str] = field(default_factory=dict)


def read_xml(content: bytes) -> etree._Element:
    """Parse XML from outside: no document type, no entities, nothing fetched. Raise XFormInvalid."""
    if len(content) > MOST_BYTES:
        raise XFormInvalid(f"the XML has {len(content):,} bytes; expected at most {MOST_BYTES:,}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise XFormInvalid(f"this is no XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise XFormInvalid("the XML declares a document type; expected none")
    return root


def read_xform(content: bytes, lists: Mapping[str, etree._Element] | None = None) -> XForm:
    """Read an XForm as pyxform writes it, with the lists that lie in files by their names. Raise XFormInvalid."""
    document = read_xml(content)
    model = document.find(".//x:model", _NAMES)
    instance = document.find(".//x:model/x:instance/*", _NAMES)
    if model is None or instance is None:
        raise XFormInvalid("this is no form: it has no model with an instance")
    title = document.findtext("h:head/h:title", "", _NAMES)
    binds = {_path_of(bind.get("nodeset", "")): bind for bind in model.iterfind("x:bind", _NAMES)}
    controls = {path: control for control in _controls(document) if (path := _reference(control))}
    repeats = {_path_of(repeat.get("nodeset", "")) for repeat in document.iterfind(".//x:repeat", _NAMES)}
    labels = _labels(model)
    named = {found.get("id", ""): found for found in model.iterfind("x:instance", _NAMES) if found.get("id")}
    files = {name: found.get("src", "").rpartition("/")[2] for name, found in named.items() if found.get("src")}
    leaves, groups, children = list[Question](), dict[str, str](), dict[str, list[str]]()
    for element, path in _places(instance):
        children.setdefault(path.rpartition("/")[0], []).append(path)
        bind, around = binds.get(path), tuple(sorted(r for r in repeats if path == r or path.startswith(f"{r}/")))
        if len(element):
            groups[path] = bind.get("relevant", "").strip() if bind is not None else ""
        else:
            leaves.append(_question(path, bind, controls.get(path), around, labels))
    return XForm(
        form_id=instance.get("id") or etree.QName(instance).namespace or "",
        version=instance.get("version", ""),
        title=title.strip(),
        root=etree.QName(instance).localname,
        questions=tuple(leaves),
        groups=groups,
        repeats=tuple(sorted(repeats)),
        children={path: tuple(below) for path, below in children.items()},
        lists={name: _list(found, files.get(name), lists or {}) for name, found in named.items()},
        languages=tuple(found.get("lang", "") for found in model.iterfind("x:itext/x:translation", _NAMES)),
        labels=labels,
        files=files,
        put_in={_path_of(one.get("ref", "")): one.get("value", "") for one in document.iter(f"{{{XFORMS}}}setvalue")},
    )


def _places(instance: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield each group and question of the instance once, with its path; of a repeat its template alone."""
    seen: set[str] = set()
    waiting = [(instance, f"/{etree.QName(instance).localname}")]
    while waiting:
        element, path = waiting.pop(0)
        below = [(child, f"{path}/{etree.QName(child).localname}") for child in element if isinstance(child.tag, str)]
        if path not in seen and path.count("/") > 1:
            yield element, path
        seen.add(path)
        fresh: dict[str, etree._Element] = {}
        for child, place in below:
            fresh.setdefault(place, child)
        waiting[:0] = [(child, place) for place, child in fresh.items() if place not in seen]


def _list(found: etree._Element, file: str | None, lists: Mapping[str, etree._Element]) -> etree._Element:
    """Return a list of the form, out of its file where it lies in one; empty where that is not at hand."""
    return _plain(found) if file is None else lists.get(file, etree.Element("instance"))


def _plain(element: etree._Element) -> etree._Element:
    """Return a copy of an element in which no name has a namespace, as the expressions of forms write them."""
    copy = etree.Element(etree.QName(element).localname)
    copy.text = (element.text or "").strip()
    copy.extend(_plain(child) for child in element if isinstance(child.tag, str))
    return copy


def _controls(document: etree._Element) -> Iterator[etree._Element]:
    body = document.find("h:body", _NAMES)
    for control in body.iter() if body is not None else ():
        if isinstance(control.tag, str) and etree.QName(control).localname in {
            "input", "select1", "select", "upload", "trigger", "rank", "range",
        }:  # fmt: skip
            yield control


def _reference(control: etree._Element) -> str:
    return _path_of(control.get("ref") or control.get("nodeset") or "")


def _path_of(text: str) -> str:
    return text.strip()


def _question(
    path: str,
    bind: etree._Element | None,
    control: etree._Element | None,
    repeats: tuple[str, ...],
    labels: Mapping[str, Mapping[str, str]],
) -> Question:
    attributes = dict(bind.attrib) if bind is not None else {}
    rules = {rule: str(attributes.get(rule, "")).strip() for rule in _RULES}
    message = str(attributes.get(f"{{{JAVAROSA}}}constraintMsg", ""))
    kind: Kind = etree.QName(control).localname if control is not None else "hidden"
    return Question(
        path=path,
        type=str(attributes.get("type", "string")).rpartition(":")[2],
        kind=kind,
        rules=rules,
        repeats=repeats,
        choices=_choices(control) if control is not None and kind in {"select1", "select", "rank"} else None,
        messages=_message(message, labels),
        bounds=_bounds(control) if control is not None and kind == "range" else None,
        preload=" ".join(str(attributes.get(f"{{{JAVAROSA}}}{name}", "")) for name in _PRELOADED).strip(),
    )


def _bounds(control: etree._Element) -> tuple[float, float] | None:
    try:
        low, high = sorted(float(control.get(end, "")) for end in ("start", "end"))
    except ValueError:
        return None
    return low, high


def _choices(control: etree._Element) -> ChoiceSource:
    itemset = control.find("x:itemset", _NAMES)
    if itemset is not None:
        value, label = itemset.find("x:value", _NAMES), itemset.find("x:label", _NAMES)
        return ChoiceSource(
            nodes=itemset.get("nodeset", ""),
            value=value.get("ref", "name") if value is not None else "name",
            label=label.get("ref", "label") if label is not None else "label",
        )
    return ChoiceSource(
        tuple((item.findtext("x:value", "", _NAMES) or "").strip() for item in control.iterfind("x:item", _NAMES))
    )


def _message(text: str, labels: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return a message by language; one that is written in place has the language ""."""
    if text.startswith("jr:itext("):
        return labels.get(text[len("jr:itext(") :].rstrip(") ").strip("'\" "), {})
    return {"": text} if text else {}


def _labels(model: etree._Element) -> dict[str, dict[str, str]]:
    """Return every text of the form by its id and language, what it quotes left as ${path}."""
    found: dict[str, dict[str, str]] = {}
    for translation in model.iterfind("x:itext/x:translation", _NAMES):
        for text in translation.iterfind("x:text", _NAMES):
            value = next((value for value in text.iterfind("x:value", _NAMES) if not value.get("form")), None)
            if value is not None:
                found.setdefault(text.get("id", ""), {})[translation.get("lang", "")] = words_of(value)
    return found


def words_of(value: etree._Element) -> str:
    """Return what a text says, what it quotes left as ${name}."""
    parts = [value.text or ""]
    for quoted in value:
        if isinstance(quoted.tag, str):
            parts.append("${" + (quoted.get("value", "").strip().rpartition("/")[2]) + "}")
        parts.append(quoted.tail or "")
    return " ".join("".join(parts).split())
