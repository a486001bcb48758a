"""Lines over time in per cent, from 0 to 20, 40 or 100: where each point, tick and name of the drawing lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 390.0, 24.0, 216.0
_TALLEST, _QUARTERS = (20, 40, 100), 4
_MOST_NAMES_BELOW = 6
_NAME_RISE = 15.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it stands and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One line: its name with the place beside its end, and its runs of points; a gap parts two runs."""

    name: str
    name_y: float
    runs: tuple[str, ...]
    dots: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The whole drawing, in units of about a pixel."""

    lines: tuple[TrendLine, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    bottom: float = BOTTOM


def trend(moments: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> Trend | None:
    """Return the lines of some series, each with a value in per cent (or None) for every moment; None without any."""
    if not moments or not any(value is not None for values in series.values() for value in values):
        return None
    xs = [_x(place, len(moments)) for place in range(len(moments))]
    most = max(value for values in series.values() for value in values if value is not None)
    top = next((one for one in _TALLEST if one >= most), _TALLEST[-1])
    step = -(-len(moments) // _MOST_NAMES_BELOW)
    x_ticks = tuple(Tick(xs[place], moments[place]) for place in range(0, len(moments), step))
    drawn = {name: values for name, values in series.items() if any(value is not None for value in values)}
    ends = {
        name: _y(next(value for value in reversed(values) if value is not None), top) for name, values in drawn.items()
    }
    names = _apart(ends)
    lines = tuple(TrendLine(name, names[name], *_runs(xs, values, top)) for name, values in drawn.items())
    return Trend(
        lines, x_ticks, tuple(Tick(_y(value, top), str(value)) for value in range(0, top + 1, top // _QUARTERS))
    )


def _x(place: int, moments: int) -> float:
    return round((LEFT + RIGHT) / 2 if moments == 1 else LEFT + (RIGHT - LEFT) * place / (moments - 1), 1)


def _y(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _runs(xs: Sequence[float], values: Sequence[float | None], top: float) -> tuple[tuple[str, ...], tuple[Point, ...]]:
    """Return the runs of two points and more as SVG points, and every point that has no neighbour."""
    runs: list[list[Point]] = [[]]
    for x, value in zip(xs, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, _y(value, top)))
    lines = tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1)
    return lines, tuple(run[0] for run in runs if len(run) == 1)


def _apart(ends: Mapping[str, float]) -> dict[str, float]:
    """Return the heights of the names, moved down so that none covers another, and up again from the axis."""
    placed: dict[str, float] = {}
    lowest = TOP - _NAME_RISE
    for name, y in sorted(ends.items(), key=lambda item: item[1]):
        lowest = max(y, lowest + _NAME_RISE)
        placed[name] = lowest
    over = max(0.0, lowest - BOTTOM)
    return {name: round(y - over, 1) for name, y in placed.items()}
