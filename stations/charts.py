"""The geometry of charts: values in, coordinates out, in units of an SVG's own box.

A box is 360 wide, so that its letters keep their size on a phone. x grows to the right, y downwards; coordinates are
rounded to a tenth. Words, numbers as people write them, and colours belong to the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

WIDTH = 360


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight axis: values from low to high are laid from start to end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value lies; the middle where the axis has no length."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A value marked on an axis, and where."""

    value: float
    at: float


def round_steps(low: float, high: float, *, at_most: int) -> list[float]:
    """Return multiples of 1, 2 or 5 × 10ⁿ, at most that many (from 2) and as close as that allows, around low…high.

    The first is not above low, the last not below high. Meant for steps from 1e-9 on.
    """
    least = (high - low or abs(high) or 1.0) / (at_most - 1)
    power = 10.0 ** floor(log10(least))
    for step in (power * factor for factor in (1, 2, 5, 10, 20)):
        first, last = floor(round(low / step, 9)), ceil(round(high / step, 9))
        if last - first < at_most:
            break
    # Divided rather than multiplied, so that 3 × 0.1 is 0.3.
    return [round(number * step, 12) for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart: its name, its points as SVG writes them, and where its name starts or ends."""

    name: str
    points: str
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over a common axis, the ground they stand on, and one value of that axis marked."""

    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    mark: float | None
    width: int = WIDTH


def line_chart(lines: Mapping[str, Sequence[tuple[float, float]]], *, mark: float | None = None) -> LineChart:
    """Lay out lines (name → points (x, y), x ascending, y not negative) from y = 0; `mark` is a value of x.

    Lines are given from below and rise: there is room for the first one's name below it towards the right, for the
    others' above them towards the left.
    """
    height, left, right, top, bottom = 270, 36.0, 344.0, 26.0, 230.0
    xs = [x for points in lines.values() for x, _y in points]
    x_steps = round_steps(min(xs), max(xs), at_most=6)
    y_steps = round_steps(0, max(y for points in lines.values() for _x, y in points), at_most=7)
    across = Scale(x_steps[0], x_steps[-1], left, right)
    up = Scale(y_steps[0], y_steps[-1], bottom, top)
    return LineChart(
        height,
        left,
        right,
        top,
        bottom,
        tuple(Tick(step, across.at(step)) for step in x_steps),
        tuple(Tick(step, up.at(step)) for step in y_steps),
        tuple(
            _line(name, points, across, up, is_lowest=place == 0 and len(lines) > 1)
            for place, (name, points) in enumerate(lines.items())
        ),
        None if mark is None else across.at(mark),
    )


def _line(name: str, points: Sequence[tuple[float, float]], across: Scale, up: Scale, *, is_lowest: bool) -> Line:
    x, y = points[len(points) // 2]
    drawn = " ".join(f"{across.at(x)},{up.at(y)}" for x, y in points)
    return Line(
        name, drawn, across.at(x), round(up.at(y) + (20 if is_lowest else -10), 1), "start" if is_lowest else "end"
    )


@dataclass(frozen=True, slots=True)
class Dot:
    """A value of a row; `is_largest` for one of the largest of its row, `is_beyond` where it has no finite place."""

    x: float
    is_largest: bool
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row of dots on a line, its name above it."""

    name: str
    name_y: float
    y: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class LovePlot:
    """Rows of dots over a common axis from 0, with upright lines at the values marked."""

    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    rows: tuple[DotRow, ...]
    marks: tuple[Tick, ...]
    width: int = WIDTH


def love_plot(rows: Mapping[str, Sequence[float]], *, marks: Sequence[float]) -> LovePlot:
    """Lay out differences without sign (row's name → values from 0) beside the values to compare them with.

    An infinite value stands at the right end. Names stand above their rows, so that long ones fit a phone.
    """
    left, right, top, pitch = 14.0, 346.0, 24.0, 36
    finite = [value for values in rows.values() for value in values if isfinite(value)]
    steps = round_steps(0, max([*finite, *marks]), at_most=7)
    across = Scale(0, steps[-1], left, right)
    bottom = top + pitch * len(rows)
    return LovePlot(
        int(bottom) + 40,
        left,
        right,
        top,
        bottom,
        tuple(Tick(step, across.at(step)) for step in steps),
        tuple(
            DotRow(name, top + pitch * place + 14, top + pitch * place + 26, _dots(values, across))
            for place, (name, values) in enumerate(rows.items())
        ),
        tuple(Tick(mark, across.at(mark)) for mark in marks),
    )


def _dots(values: Sequence[float], across: Scale) -> tuple[Dot, ...]:
    largest = max(values)
    return tuple(
        Dot(across.at(value) if isfinite(value) else across.end, value == largest, not isfinite(value))
        for value in sorted(values)
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin: where its bar stands, and how much of its width, from the left, lies within the cut-off."""

    x: float
    y: float
    width: float
    height: float
    width_within: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars over an axis of values, their heights in % of all, with the cut-off and one value marked."""

    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    cutoff: float
    marked: float
    width: int = WIDTH


def histogram(bins: Sequence[tuple[float, float, int]], *, cutoff: float, marked: float) -> Histogram:
    """Lay out bins (low, high, count) of about the same width, ascending; counts are not all 0."""
    height, left, right, top, bottom = 250, 36.0, 346.0, 48.0, 210.0
    total = sum(count for _low, _high, count in bins)
    shares = [100 * count / total for _low, _high, count in bins]
    x_steps = round_steps(bins[0][0], bins[-1][1], at_most=8)
    y_steps = round_steps(0, max(shares), at_most=6)
    across, up = Scale(x_steps[0], x_steps[-1], left, right), Scale(0, y_steps[-1], bottom, top)
    return Histogram(
        height,
        left,
        right,
        top,
        bottom,
        tuple(Tick(step, across.at(step)) for step in x_steps),
        tuple(Tick(step, up.at(step)) for step in y_steps),
        tuple(
            _bar(low, high, share, cutoff, across, up) for (low, high, _count), share in zip(bins, shares, strict=True)
        ),
        across.at(cutoff),
        across.at(marked),
    )


def _bar(low: float, high: float, share: float, cutoff: float, across: Scale, up: Scale) -> Bar:
    x, end, y = across.at(low), across.at(high), up.at(share)
    within = min(max(across.at(cutoff), x), end) - x
    return Bar(x, y, round(end - x, 1), round(up.start - y, 1), round(within, 1))
