"""How often what the sheet comes to is accepted: the question that nobody could ask of VioGén."""

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST_SHOWN = 5
KINDS = ("accepted", "raised", "lowered", "kept")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Complete sheets of a station by what became of the computed level; None where a number is too small to show.

    Accepted as it stood; raised by the officer; lowered by a supervisor because the sheet came to less; kept above what
    the sheet came to, because nobody lowered it.
    """

    code: str
    sheets: int | None
    accepted: int | None
    raised: int | None
    lowered: int | None
    kept: int | None

    @property
    def accepted_pct(self) -> int | None:
        return round(100 * self.accepted / self.sheets) if self.sheets and self.accepted is not None else None


def acceptance(code: str, counts: Mapping[str, int]) -> Acceptance:
    """Return a station's line from its counts by kind, small numbers hidden.

    A single hidden number could be had by subtraction: then the smallest of the others is hidden too.
    """
    numbers = {kind: counts.get(kind, 0) for kind in KINDS}
    total = sum(numbers.values())
    if 0 < total < SMALLEST_SHOWN:
        return Acceptance(code, None, None, None, None, None)
    hidden = {kind for kind, number in numbers.items() if 0 < number < SMALLEST_SHOWN}
    if len(hidden) == 1:
        hidden.add(
            min((kind for kind in KINDS if kind not in hidden and numbers[kind]), key=lambda kind: numbers[kind])
        )
    shown = {kind: None if kind in hidden else number for kind, number in numbers.items()}
    return Acceptance(code, total, shown["accepted"], shown["raised"], shown["lowered"], shown["kept"])
