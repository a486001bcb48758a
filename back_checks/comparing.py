"""Two answers to one question beside each other, and what their differences say.

Kinds of questions as IPA and J-PAL number them: 1 hardly ever changes and is easy to ask, so that a difference speaks
of the survey; 2 hardly ever changes but is harder to ask; 3 may have changed, and its difference is never anybody's
fault (J-PAL, "Data quality checks"; IPA's back checks and its program bcstats).
"""

import math
from enum import IntEnum, StrEnum

TOOK_PLACE = "took_place"
"""Whether somebody talked with her at all: asked of every survey, and no question of a questionnaire."""
YES, NO = "yes", "no"
NOT_SAID = "refused"
_MOST_DIGITS = 18
NO_ANSWERS = frozenset({"", NOT_SAID, "not_applicable"})
"""The codes by which a questionnaire keeps that she preferred not to say, or had nothing to say."""


FEWEST_COMPARED = 10
"""Of fewer answers nothing is said."""


class Kind(IntEnum):
    STABLE = 1
    HARDER = 2
    MAY_CHANGE = 3


class Verdict(StrEnum):
    """What a share of differences says beside what is allowed."""

    TOO_FEW = "too_few"
    WITHIN = "within"
    BEYOND = "beyond"


def differs(first: str, again: str, *, within: int = 0) -> bool | None:
    """Say whether two answers differ; numbers do when they lie further apart than `within`. None if one is missing."""
    if not first or not again:
        return None
    if _is_number(first) and _is_number(again):
        return abs(int(first) - int(again)) > within
    return first != again


def _is_number(answer: str) -> bool:
    # Longer ones no question takes, and Python reads none of thousands of digits.
    return answer.isdecimal() and len(answer) <= _MOST_DIGITS


def said_first(answer: object) -> str:
    """Return an answer of the survey as it is compared: "" where there is none, or she preferred not to say."""
    return "" if answer is None or answer in NO_ANSWERS else str(answer)


def interval(hits: int, cases: int, *, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % interval of a share in per cent, after Wilson (1927); the whole span of nothing."""
    if not cases:
        return 0.0, 100.0
    share, spread = hits / cases, z * z / cases
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / cases + spread / (4 * cases)) / (1 + spread)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def verdict(hits: int, cases: int, *, allowed_pct: int) -> Verdict:
    """Judge a share by its interval: beyond only if all of it lies above what is allowed, within if none does."""
    if cases < FEWEST_COMPARED:
        return Verdict.TOO_FEW
    low, high = interval(hits, cases)
    if low > allowed_pct:
        return Verdict.BEYOND
    return Verdict.WITHIN if high <= allowed_pct else Verdict.TOO_FEW
