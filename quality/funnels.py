"""Shares of people beside what chance alone explains: exact binomial limits, and where each point of the picture lies.

With few cases a share may lie anywhere: the limits are wide there, and nobody stands out by chance. Limits as in
Spiegelhalter, Statistics in Medicine 2005, 24:1185, drawn for any number of cases by the incomplete beta function.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

Floats: TypeAlias = NDArray[np.float64]
FEWEST_CASES = 10
"""Whoever has fewer is not shown: nothing can be said of her."""
WARNING, ACTION = 0.05, 0.002
"""Two-sided: 95 and 99.8 per cent of what chance alone brings lies within."""
_HALVINGS = 50
WIDTH, HEIGHT = 600.0, 280.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 584.0, 20.0, 232.0
_GRID = 60
_TALLEST = (5, 10, 20, 40, 60, 80, 100)
_STEPS = 5
_NICE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_FLOORS = (90, 80, 60, 40, 20, 0)


class Zone(StrEnum):
    """Where a share lies: within what chance explains, rarely so by chance, or hardly ever so."""

    WITHIN = "within"
    RARE = "rare"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Counted:
    """One person by a code: how many cases, and in how many of them it was so."""

    code: str
    cases: int
    hits: int

    @property
    def pct(self) -> float:
        return 100 * self.hits / self.cases


@dataclass(frozen=True, slots=True)
class Judged:
    """One person with the zone of her share, and the 95 % limits for as many cases as hers, in per cent."""

    counted: Counted
    zone: Zone
    low_pct: float
    high_pct: float


def tails(cases: int, hits: int, usual: float) -> tuple[float, float]:
    """Return how likely so few hits or fewer are by chance, and so many or more, where `usual` is everybody's share."""
    low = 1.0 if hits >= cases else float(betainc(cases - hits, hits + 1, 1 - usual))
    high = 1.0 if hits <= 0 else float(betainc(hits, cases - hits + 1, usual))
    return low, high


def zone_of(cases: int, hits: int, usual: float) -> Zone:
    """Return where a share lies by both exact tails; a share that is everybody's or nobody's accuses nobody."""
    if not 0 < usual < 1:
        return Zone.WITHIN
    tail = min(tails(cases, hits, usual))
    if tail >= WARNING / 2:
        return Zone.WITHIN
    return Zone.RARE if tail >= ACTION / 2 else Zone.BEYOND


def limits(cases: Sequence[float], usual: float, both_tails: float) -> tuple[list[float], list[float]]:
    """Return the lower and the upper limit in per cent for each number of cases.

    For a whole number of hits, to lie on or beyond a limit is to have an exact tail of `both_tails` / 2 or less.
    """
    n = np.asarray(cases, dtype=float)
    return (_solved(n, usual, both_tails / 2, upper=False), _solved(n, usual, both_tails / 2, upper=True))


def judged(people: Iterable[Counted], usual: float) -> list[Judged]:
    """Return those with cases enough, each with her zone, those beyond first, then by code."""
    shown = [one for one in people if one.cases >= FEWEST_CASES]
    if 0 < usual < 1:
        low, high = limits([one.cases for one in shown], usual, WARNING)
    else:
        low = high = [100 * usual] * len(shown)
    found = [
        Judged(one, zone_of(one.cases, one.hits, usual), low[place], high[place]) for place, one in enumerate(shown)
    ]
    order = list(reversed(Zone))
    return sorted(found, key=lambda one: (order.index(one.zone), one.counted.code))


def usual_share(people: Iterable[Counted]) -> float | None:
    """Return everybody's share, all cases taken together; None without a case."""
    counted = list(people)
    cases = sum(one.cases for one in counted)
    return sum(one.hits for one in counted) / cases if cases else None


def _solved(
    n: "np.ndarray[tuple[int], np.dtype[np.float64]]", usual: float, tail: float, *, upper: bool
) -> list[float]:
    """Halve the span of hits until the tail of so many is met; 0 or 100 % where even that is no rarer."""
    low, high = np.zeros_like(n), n.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if upper:
            is_rare = betainc(np.maximum(middle, 1e-12), n - middle + 1, usual) <= tail
            low, high = np.where(is_rare, low, middle), np.where(is_rare, middle, high)
        else:
            is_rare = betainc(np.maximum(n - middle, 1e-12), middle + 1, 1 - usual) <= tail
            low, high = np.where(is_rare, middle, low), np.where(is_rare, high, middle)
    return [float(value) for value in 100 * high / n] if upper else [float(value) for value in 100 * low / n]


# --- The picture -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of an axis: where it stands and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A person's place; only whoever lies beyond bears her code."""

    x: float
    y: float
    zone: Zone
    code: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole drawing, in units of about a pixel: the band of 95 %, the lines of 99.8 %, and everybody's share."""

    dots: tuple[Dot, ...]
    band: str
    edges: tuple[str, str]
    usual_y: float
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM


def funnel(people: Sequence[Judged], usual: float) -> Funnel | None:
    """Return the picture of those shown; None without anybody, or where the share is everybody's or nobody's."""
    if not people or not 0 < usual < 1:
        return None
    most = _rounded_up(max(one.counted.cases for one in people))
    grid = [FEWEST_CASES + (most - FEWEST_CASES) * (place / _GRID) ** 2 for place in range(_GRID + 1)]
    low, high = limits(grid, usual, WARNING)
    lowest, highest = limits(grid, usual, ACTION)
    scale = _scale(people, usual, low=lowest[_GRID // 3], high=highest[_GRID // 3])
    xs = [_x(cases, most) for cases in grid]
    forth = [(x, scale.y(value)) for x, value in zip(xs, high, strict=True)]
    back = [(x, scale.y(value)) for x, value in zip(reversed(xs), reversed(low), strict=True)]
    return Funnel(
        dots=tuple(
            Dot(
                _x(one.counted.cases, most),
                scale.y(one.counted.pct),
                one.zone,
                one.counted.code if one.zone == Zone.BEYOND else "",
            )
            for one in people
        ),
        band=_points((*forth, *back)),
        edges=(
            _points((x, scale.y(value)) for x, value in zip(xs, lowest, strict=True)),
            _points((x, scale.y(value)) for x, value in zip(xs, highest, strict=True)),
        ),
        usual_y=scale.y(100 * usual),
        x_marks=tuple(Mark(_x(cases, most), f"{cases:g}") for cases in _ticks(0, most)),
        y_marks=tuple(Mark(scale.y(value), f"{value:g}") for value in _ticks(scale.floor, scale.top)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From which share to which the picture goes; what lies outside is drawn at its edge."""

    floor: float
    top: float

    def y(self, value: float) -> float:
        within = min(max(value, self.floor), self.top)
        return round(BOTTOM - (BOTTOM - TOP) * (within - self.floor) / (self.top - self.floor), 1)


def _scale(people: Sequence[Judged], usual: float, *, low: float, high: float) -> _Scale:
    """Return a scale that holds everybody and the limits of all but the fewest cases."""
    shares = [one.counted.pct for one in people]
    lowest, highest = min(*shares, low, 100 * usual), max(*shares, high, 100 * usual)
    top = next((one for one in _TALLEST if one >= highest), 100)
    return _Scale(next(one for one in _FLOORS if one <= lowest) if top == _TALLEST[-1] else 0, top)


def _ticks(first: float, last: float) -> list[float]:
    return [first + (last - first) * step / _STEPS for step in range(_STEPS + 1)]


def _rounded_up(most: int) -> int:
    """Return the next number that five equal steps divide nicely."""
    unit = 10 ** (len(str(most)) - 1)  # of ten and more: whoever has fewer cases is not shown
    return int(
        next(nice * unit for nice in (*_NICE, 20) if nice * unit >= max(most, FEWEST_CASES) and nice * unit % 5 == 0)
    )


def _x(cases: float, most: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * cases / most, 1)


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
