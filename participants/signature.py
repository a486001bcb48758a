"""A signature as it is given: drawn on the screen, or a photo of the signed paper."""

import json
from dataclasses import dataclass
from enum import StrEnum

# The field on which she signs, in its own units; a drawing on any screen is scaled to it.
WIDTH, HEIGHT = 600, 200
MOST_STROKES, MOST_POINTS, FEWEST_POINTS = 200, 6000, 8
Strokes = tuple[tuple[tuple[int, int], ...], ...]


class SignatureMethod(StrEnum):
    """How she signed."""

    DRAWN = "drawn"
    PAPER = "paper"


class StrokesInvalid(ValueError):
    """The drawing is no list of strokes within the field, or too little or too much to be a signature."""


@dataclass(frozen=True, slots=True, repr=False)
class Signature:
    """Her signature: the strokes of a drawing, or the picture (JPEG) of a signed paper. It has no readable repr."""

    method: SignatureMethod
    strokes: Strokes = ()
    picture: bytes = b""

    def __repr__(self) -> str:
        return f"Signature({self.method})"


@dataclass(frozen=True, slots=True)
class SignedConsent:
    """What she agreed to, scope by scope, under which version of the text and in which language; her signature."""

    text_version: str
    language: str
    scopes: frozenset[str]
    signature: Signature


def parse_strokes(text: str) -> Strokes:
    """Read strokes written as JSON: lists of [x, y] in whole units of the field. Raise StrokesInvalid."""
    try:
        strokes = tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in json.loads(text))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise StrokesInvalid from error
    points = [point for stroke in strokes for point in stroke]
    if len(strokes) > MOST_STROKES or not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise StrokesInvalid
    if any(not (0 <= x <= WIDTH and 0 <= y <= HEIGHT) for x, y in points):
        raise StrokesInvalid
    return strokes
