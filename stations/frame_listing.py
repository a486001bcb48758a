"""Looking through the frame: who may be drawn, who not and why, and finding a station among many."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stations.eligibility import Exclusion

ALL, ELIGIBLE = "all", "eligible"


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A station of the frame as listed, with the reasons against drawing it."""

    code: str
    name: str
    district: str
    officers: int
    family_violence_officers: int
    ipv_reports: int | None
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True)
class EligibilityFlow:
    """The first boxes of the CONSORT diagram: clusters assessed, excluded for each set of reasons, eligible.

    A station counts once, under all its reasons together: the parts add up to the whole.
    """

    assessed: int
    eligible: int
    excluded: Mapping[tuple[Exclusion, ...], int]

    @property
    def excluded_in_all(self) -> int:
        return sum(self.excluded.values())


def eligibility_flow(rows: Iterable[FrameRow]) -> EligibilityFlow:
    """Count the stations by the reasons against them, the most frequent first."""
    counted = Counter(row.exclusions for row in rows)
    excluded = sorted(((reasons, n) for reasons, n in counted.items() if reasons), key=lambda pair: (-pair[1], pair[0]))
    return EligibilityFlow(counted.total(), counted[()], dict(excluded))


def shown_rows(rows: Iterable[FrameRow], show: str) -> list[FrameRow]:
    """Return the rows of a filter: "all", "eligible", or the code of a reason."""
    return [row for row in rows if show == ALL or (not row.exclusions if show == ELIGIBLE else show in row.exclusions)]


def found_rows(rows: Iterable[FrameRow], words: str) -> list[FrameRow]:
    """Return the rows whose code, name or district hold every word, whatever its case and accents."""
    wanted = plain(words).split()
    return [row for row in rows if all(word in plain(f"{row.code} {row.name} {row.district}") for word in wanted)]


def plain(text: str) -> str:
    """Return a text without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
