"""The files that a form names: pictures beside its words, lists that it chooses from and looks things up in."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from lxml import etree

from documents.pictures import PictureUnreadable, shown_picture
from surveys.xforms.form import XFORMS, ChoiceSource, XForm
from surveys.xforms.lists import READERS, ListInvalid, items_of

IMAGE = "image"
MOST_NAME_LETTERS = 100
TYPES = {"csv": "text/csv", "geojson": "application/geo+json", "xml": "text/xml"}
_NAMES = {"x": XFORMS}
_ADDRESS = re.compile(r"^jr://(?P<what>images|file-csv|file)/(?P<name>.+)$")
_LIST = re.compile(r"""\s*(?:randomize\(\s*)?instance\(\s*['"]([^'"]+)['"]""")
# What every device and archive takes as the name of a file, and no address has to rewrite.
_FILE_NAME = re.compile(r"\w[\w .()-]{0,99}")


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file as it is given to devices: `kind` is "image" or that of a list, `given_sha256` of what was loaded."""

    name: str
    kind: str
    content_type: str
    content: bytes
    given_sha256: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def md5(self) -> str:
        """The hash by which programs of the OpenRosa family know it."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What became of the files that were given: those that can be used, lists by file name, what is wrong by name."""

    files: tuple[FormFile, ...]
    lists: Mapping[str, etree._Element]
    wrong: Mapping[str, str]


def is_file_name(name: str) -> bool:
    """Say whether a file can be called so on every device."""
    is_written_so = _FILE_NAME.fullmatch(same_name(name)) is not None and len(name) <= MOST_NAME_LETTERS
    return is_written_so and not name.endswith((" ", "."))


def shown_name(name: str) -> str:
    """Return a name as a sentence quotes it: not longer than a line, and without signs that nobody sees."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:80])


def same_name(name: str) -> str:
    """Return a name as it is compared: letters with their accents written in one way."""
    return normalize("NFC", name)


def needed_files(document: etree._Element) -> dict[str, str]:
    """Return each file that a form (parsed XForm) names, with its kind: "image", "csv", "geojson" or "xml"."""
    found: dict[str, str] = {}
    for value in document.iterfind(".//x:itext/x:translation/x:text/x:value", _NAMES):
        if value.get("form") in {"image", "big-image"} and (address := _ADDRESS.match((value.text or "").strip())):
            found.setdefault(address["name"], IMAGE)
    for instance in document.iterfind(".//x:model/x:instance", _NAMES):
        if address := _ADDRESS.match(instance.get("src", "")):
            found.setdefault(address["name"], address["name"].rpartition(".")[2].lower())
    return found


def read_files(needed: Mapping[str, str], given: Mapping[str, bytes]) -> ReadFiles:
    """Read the files that a form names, each by its content and not by its name; metadata of pictures is left out."""
    contents = {same_name(name): content for name, content in given.items()}
    files: list[FormFile] = []
    lists: dict[str, etree._Element] = {}
    wrong: dict[str, str] = {}
    for name, kind in needed.items():
        content = contents.get(same_name(name))
        if not is_file_name(name):
            wrong[name] = f"no file can be called “{shown_name(name)}”: use letters, digits, spaces, _ - . ( )"
        elif content is None:
            wrong[name] = f"the file “{name}” is missing: give it with the workbook"
        else:
            try:
                made, found = _read(name, kind, content)
            except (PictureUnreadable, ListInvalid) as error:
                wrong[name] = _why(name, kind, error)
                continue
            files.append(made)
            if found is not None:
                lists[name] = found
    return ReadFiles(tuple(files), lists, wrong)


def unnamed_files(needed: Iterable[str], given: Iterable[str]) -> list[str]:
    """Return the names of the files that were given and that the form does not name."""
    known = {same_name(name) for name in needed}
    return sorted(name for name in given if same_name(name) not in known)


def wrong_with_choices(form: XForm) -> Iterator[tuple[str, str]]:
    """Yield the file and what is wrong where a question cannot take its choices from it."""
    for question in form.questions:
        source = question.choices
        named = _LIST.match(source.nodes) if source is not None else None
        if source is not None and named is not None and (name := form.files.get(named[1])):
            items = items_of(form.lists[named[1]])
            yield from ((name, what) for what in _wrong_with_items(items, name, source, question.kind))


def _wrong_with_items(items: list[etree._Element], name: str, source: ChoiceSource, kind: str) -> Iterator[str]:
    columns = {one.tag for item in items for one in item}
    lacking = [column for column in (source.value, source.label) if column not in columns]
    if lacking:
        yield from (f"the file “{name}” has no column “{column}”" for column in lacking)
        return
    codes = [(item.findtext(source.value) or "").strip() for item in items]
    if not all(codes):
        yield f"the file “{name}” has an item without “{source.value}”"
    elif kind == "select" and (code := next((code for code in codes if " " in code), "")):
        yield f"in the file “{name}” the code “{code[:40]}” holds a space"


def _read(name: str, kind: str, content: bytes) -> tuple[FormFile, etree._Element | None]:
    given = hashlib.sha256(content).hexdigest()
    if kind == IMAGE:
        picture, content_type = shown_picture(content)
        return FormFile(name, kind, content_type, picture, given), None
    reader = READERS.get(kind)
    if reader is None:
        raise ListInvalid("this kind of list is not read")
    read = reader(content)
    return FormFile(name, kind, TYPES[kind], read.content, given), read.instance


def _why(name: str, kind: str, error: Exception) -> str:
    if kind == IMAGE:
        return f"the file “{name}” is no picture that can be shown: a PNG or JPEG is"
    return f"the list in the file “{name}” cannot be read: {error}"
