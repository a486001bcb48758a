"""The texts that leave the study: data in two languages, neutral whoever reads them."""

import tomllib
from functools import cache
from pathlib import Path

TEXTS_FILE = Path(__file__).parent / "texts.toml"
LANGUAGES = ("es", "en")
# One SMS in the letters of any language.
LONGEST_TEXT = 160


class TextsInvalid(Exception):
    """The file of texts cannot be used; the message says which text and why."""


def message_text(code: str, language: str) -> str:
    """Return a text by its code, in Spanish unless English is asked for. Raise KeyError for an unknown code."""
    return _texts()[code]["en" if language.startswith("en") else "es"]


def text_codes() -> tuple[str, ...]:
    """Return the codes of all texts, in the order of the file."""
    return tuple(_texts())


def parse_texts(source: str) -> dict[str, dict[str, str]]:
    """Read a file of texts (TOML: a table for each, a line for each language). Raise TextsInvalid."""
    texts: dict[str, dict[str, str]] = tomllib.loads(source)
    for code, by_language in texts.items():
        if sorted(by_language) != sorted(LANGUAGES):
            raise TextsInvalid(f"{code}: expected one text in each of {', '.join(LANGUAGES)}")
        for language, text in by_language.items():
            if not text.strip() or len(text) > LONGEST_TEXT:
                raise TextsInvalid(f"{code}.{language}: expected 1 to {LONGEST_TEXT} letters, found {len(text)}")
    return texts


@cache
def _texts() -> dict[str, dict[str, str]]:
    return parse_texts(TEXTS_FILE.read_text(encoding="utf-8"))
