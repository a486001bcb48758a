"""Scoring of the revised Conflict Tactics Scales, without their text, which a licence holder brings.

Codes: 0 never, 1 to 6 how often in the past year, 7 not in the past year but before. Straus et al. (1996).
"""

from collections.abc import Sequence
from dataclasses import dataclass

ITEMS = {"psychological": 8, "physical": 12, "sexual": 7, "injury": 6, "negotiation": 6}
"""Items of each scale."""

MIDPOINTS = (0, 1, 2, 4, 8, 15, 25)
"""Times in the year that codes 0 to 6 stand for."""

BEFORE_THE_YEAR = 7


@dataclass(frozen=True, slots=True)
class Cts2Score:
    """One scale: times in the year, any in the year (annual) or ever, and times among the annual (chronicity)."""

    frequency: int | None
    annual: int | None
    ever: int | None
    chronicity: int | None


def score_cts2(codes: Sequence[int | None]) -> Cts2Score:
    """Score one scale's codes (0–7, None for no answer).

    One act is enough for annual and ever; without any, and for the frequency, every item must be answered.
    Raise ValueError for a code outside 0–7.
    """
    for code in codes:
        if code is not None and code not in range(BEFORE_THE_YEAR + 1):
            raise ValueError(f"{code}: expected a code from 0 to {BEFORE_THE_YEAR}")
    told = [code for code in codes if code is not None]
    is_whole = len(told) == len(codes)
    annual = _any(told, range(1, BEFORE_THE_YEAR), is_whole=is_whole)
    frequency = sum(0 if code == BEFORE_THE_YEAR else MIDPOINTS[code] for code in told) if is_whole else None
    return Cts2Score(
        frequency=frequency,
        annual=annual,
        ever=_any(told, range(1, BEFORE_THE_YEAR + 1), is_whole=is_whole),
        chronicity=frequency if annual else None,
    )


def _any(told: Sequence[int], codes: range, *, is_whole: bool) -> int | None:
    if any(code in codes for code in told):
        return 1
    return 0 if is_whole else None
