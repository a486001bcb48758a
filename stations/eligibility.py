"""Which stations of the frame may be drawn, and why the others may not."""

from dataclasses import dataclass
from enum import StrEnum


class Exclusion(StrEnum):
    """A reason not to draw a station; CONSORT counts them."""

    TOO_FEW_OFFICERS = "too_few_officers"
    NO_FAMILY_VIOLENCE_OFFICERS = "no_family_violence_officers"


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """The least staff of an eligible station (protocol: sampling.eligibility)."""

    min_officers: int
    min_family_violence_officers: int

    def exclusions(self, *, officers: int, family_violence_officers: int) -> tuple[Exclusion, ...]:
        """Return every reason against a station; none means that it may be drawn."""
        reasons = []
        if officers < self.min_officers:
            reasons.append(Exclusion.TOO_FEW_OFFICERS)
        if family_violence_officers < self.min_family_violence_officers:
            reasons.append(Exclusion.NO_FAMILY_VIOLENCE_OFFICERS)
        return tuple(reasons)
