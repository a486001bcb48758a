"""The Spanish of the interface: `update` gathers strings, `check` tells what lacks, `compile` makes them usable.

Strings in code and templates are English. Those of an app and of templates/<app>/ belong to <app>/locale, all others
to locale/ at the top. Works with Babel alone: no gettext tools are needed on the machine.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Header lines that change at each run or say nothing.
IDLE_HEADER = re.compile(r'"(POT|PO|Project-Id|Report-Msgid|Last-Translator|Language-Team|Generated-By)\b')
SKIPPED = {"node_modules", "var", ".venv", ".git", "tests", "migrations", "scripts"}


def main() -> int:
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("update", "check", "compile"))
    what = parser.parse_args().what
    settings.configure(USE_I18N=True)
    if what == "compile":
        compile_catalogues()
        return 0
    if what == "update":
        for file, strings in strings_by_catalogue().items():
            _write(file, updated(_read(file), strings))
        return 0
    problems = [*find_problems(), *find_disagreements()]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def catalogue_of(source: Path) -> Path:
    """Return the catalogue that a source file's strings belong to."""
    parts = source.relative_to(ROOT).parts
    room = parts[1] if parts[0] == "templates" and len(parts[1:]) > 1 else parts[0]
    home = ROOT / room if (ROOT / room / "apps.py").exists() else ROOT
    return home / "locale" / "es" / "LC_MESSAGES" / "django.po"


def strings_by_catalogue() -> dict[Path, Catalog]:
    """Extract every translatable string of the tree into the catalogue of its room."""
    found: dict[Path, Catalog] = {}
    for source in sorted(sources()):
        for message, context in extract(source):
            catalogue = found.setdefault(catalogue_of(source), Catalog(locale="es"))
            place = (source.relative_to(ROOT).as_posix(), 0)
            catalogue.add(message, locations=[place], context=context)
    return found


def sources() -> Iterator[Path]:
    """Yield the Python files and templates that can hold strings."""
    for pattern in ("*.py", "*.html", "*.txt"):
        for path in ROOT.rglob(pattern):
            parts = path.relative_to(ROOT).parts
            if not SKIPPED & set(parts) and (pattern == "*.py" or parts[0] == "templates"):
                yield path


def extract(source: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Yield the strings of one file: message (or singular and plural), and context."""
    text = source.read_text(encoding="utf-8")
    # What templatize leaves of a template's indentation would not pass for Python.
    code = text if source.suffix == ".py" else re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(source)))
    for _line, called, arguments, _comments in extract_python(
        io.BytesIO(code.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        function = str(called)
        given = (arguments,) if isinstance(arguments, str) else tuple(arguments)
        context = given[0] if function.startswith(("pgettext", "npgettext")) else None
        words = given[1:] if context is not None else given
        words = tuple(word for word in words[: 2 if function.startswith(("ngettext", "npgettext")) else 1] if word)
        if words:
            yield (words[0] if len(words) == 1 else words), context


def updated(old: Catalog, strings: Catalog) -> Catalog:
    """Return the strings with the translations that they already have; what is no longer used falls away."""
    fresh = Catalog(locale="es", fuzzy=False, header_comment="# Spanish (es-PE), kept by scripts/messages.py.")
    for message in sorted(strings, key=lambda m: (str(m.id), m.context or "")):
        if not message.id:
            continue
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        locations = sorted(set(message.locations))
        string = known.string if known is not None and known.pluralizable == message.pluralizable else None
        fresh.add(message.id, string, locations=locations, context=message.context)
    return fresh


def find_problems() -> Iterator[str]:
    """Yield a line for each string that is untranslated, fuzzy, stale or has other placeholders than the original."""
    wanted = strings_by_catalogue()
    for file in sorted({*wanted, *catalogues()}):
        name, have = file.relative_to(ROOT), _read(file)
        strings = wanted.get(file, Catalog(locale="es"))
        for message in strings:
            if message.id:
                yield from _problems_of(name, message.id, message.context, have)
        for message in have:
            first = message.id if isinstance(message.id, str) else message.id[0]
            if first and strings.get(first, message.context) is None:
                yield f"{name}: no longer used: {first!r} (run make messages)"


def find_disagreements() -> Iterator[str]:
    """Yield a line for each string that two catalogues translate differently: a page would show only one of them."""
    first: dict[tuple[object, str | None], tuple[Path, object]] = {}
    for file in catalogues():
        for message in _read(file):
            if message.id and message.string:
                known, string = first.setdefault((message.id, message.context), (file, message.string))
                if string != message.string:
                    where = f"{known.relative_to(ROOT)} and {file.relative_to(ROOT)}"
                    yield f"{where}: translated differently: {message.id!r}: {string!r}, {message.string!r}"


def catalogues() -> list[Path]:
    """Return every text catalogue of the tree."""
    return sorted([*ROOT.glob("locale/*/LC_MESSAGES/*.po"), *ROOT.glob("*/locale/*/LC_MESSAGES/*.po")])


def _problems_of(name: Path, wanted: str | Iterable[str], context: str | None, have: Catalog) -> Iterator[str]:
    words = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    message = have.get(words[0], context)
    string = message.string if message is not None else None
    given = (string,) if isinstance(string, str) else tuple(string or ())
    if message is None or not given or not all(given):
        yield f"{name}: not translated: {words[0]!r}"
    elif message.fuzzy:
        yield f"{name}: marked fuzzy: {words[0]!r}"
    elif any(_placeholders(string) - _placeholders(*words) for string in given) or (
        _placeholders(given[-1]) != _placeholders(words[-1])
    ):
        yield f"{name}: other placeholders than the original: {words[0]!r}"


def _placeholders(*texts: str) -> set[str]:
    return {place for text in texts for place in PLACEHOLDER.findall(text)}


def compile_catalogues() -> None:
    """Write the binary catalogue beside each text one, where it is older."""
    for po in catalogues():
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            with mo.open("wb") as file:
                write_mo(file, _read(po))


def _read(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(locale="es")
    with file.open("rb") as stream:
        return read_po(stream, locale="es", abort_invalid=True)


def _write(file: Path, catalogue: Catalog) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=False, include_lineno=False, sort_output=False)
    lines = [line for line in buffer.getvalue().decode().splitlines() if not IDLE_HEADER.match(line)]
    file.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
