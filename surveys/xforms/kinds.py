"""What a form may ask for by the rules of XLSForm and cannot have here, or not as its author expects.

No file is taken from devices, and of those that a form names pictures and lists alone are given to them: a question
that needs another could not be answered, or its answer would be lost without a word. Each is named before anybody is
asked.
"""

import re
from collections.abc import Iterator, Mapping

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

Cells = Mapping[str, str]
"""A row by its headings, in small letters and with _ for spaces; only what has a value."""


def _made_as(*tags: str) -> frozenset[str]:
    return frozenset(kind for kind, made in QUESTION_TYPE_DICT.items() if made.get("control", {}).get("tag") in tags)


# Kinds of questions whose answer is a file, however they are spelt.
_ANSWERED_BY_FILE = _made_as("upload") | {"background-audio", "audit"}
# Kinds that name their list of choices behind them.
_CHOOSING = _made_as("select", "select1", "rank") | aliases.select.keys()
_LIST_ELSEWHERE = re.compile(r"^select[ _]one[ _]external\b", re.IGNORECASE)
_SEARCHED = re.compile(r"\bsearch\s*\(")
_PULLED_UNNAMED = re.compile(r"\bpulldata\s*\((?!\s*['\"])")
_SAVED_BEFORE = re.compile(r"\$\{last-saved#")
_ON_A_MAP = re.compile(r"\bgeo(trace|shape)\b|\bmaps\b|\bplacement-map\b")
_MOMENT = re.compile(r"\bdate[ _]?time\b", re.IGNORECASE)
_PLAYED = re.compile(r"^(media::)?(audio|video)(::.*)?$")
_CLOCKS = frozenset(kind for kind, made in QUESTION_TYPE_DICT.items() if "control" not in made)

ANSWER = "the answer to this question is a file, which is not kept: take the question away"
LIST = "the choices lie where not every device looks: write them on the sheet “choices”, or in a file of their own"
NO_LIST = "the list of choices is missing: write its name after the kind, as in “select_one yes_no”"
DATA = "pulldata() has to name its file in quotes, as in pulldata('prices', …)"
BEFORE = "what was saved last is not put into another survey: it may be another woman's"
INCLUDED = "another form in a file is not brought in: write its rows here"
SOUND = "sound and films are not played: it is asked without them"
MAP = "the map stays empty, as its pictures would come from somebody else's server"
MOMENT = "a day with its hour is typed as text on the page: ask a date and a time"


def cannot_be_asked(cells: Cells) -> tuple[str, str] | None:
    """Return the heading and what is wrong where a row of the survey cannot be asked here; None where it can."""
    heading, kind = _kind_of(cells)
    if what := _wrong_with_kind(kind):
        return heading, what
    return next(((name, what) for name, written in cells.items() if (what := _wrong_with_cell(name, written))), None)


def _wrong_with_kind(kind: str) -> str:
    word = kind.lower()
    if word in _ANSWERED_BY_FILE or word.partition(" ")[0] == "osm":
        return ANSWER
    if _LIST_ELSEWHERE.search(kind):
        return LIST
    if word in _CHOOSING:
        return NO_LIST
    return INCLUDED if word == "include" else ""


def _wrong_with_cell(heading: str, written: str) -> str:
    if _PULLED_UNNAMED.search(written):
        return DATA
    if _SAVED_BEFORE.search(written):
        return BEFORE
    return LIST if heading.endswith("appearance") and _SEARCHED.search(written) else ""


def is_left_out(cells: Cells) -> bool:
    """Say whether a row of the survey is left out by its own word."""
    return bool(aliases.yes_no.get(cells.get("disabled", "")))


def asked_otherwise(cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield heading and sentence for what is asked, but not as its author may expect, of survey or choices."""
    heading, kind = _kind_of(cells)
    appearance = next((name for name in cells if name.endswith("appearance")), "")
    if _ON_A_MAP.search(kind.lower()):
        yield heading, MAP
    elif _ON_A_MAP.search(cells.get(appearance, "")):
        yield appearance, MAP
    if _MOMENT.search(kind) and kind.lower() not in _CLOCKS:
        yield heading, MOMENT
    yield from ((name, SOUND) for name in cells if is_played(name))


def is_played(heading: str) -> bool:
    """Say whether a column, by its heading in small letters, names sound or films."""
    return _PLAYED.match(heading) is not None


def _kind_of(cells: Cells) -> tuple[str, str]:
    heading = "type" if "type" in cells else "command"
    return heading, " ".join(cells.get(heading, "").split())
