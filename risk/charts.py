"""The geometry of risk's charts: values in, coordinates of an SVG's own box out. Words and colours are the page's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from risk.scale_file import Scale

WIDTH = 360
SHADES = 4
_LEFT, _RIGHT = 30.0, 346.0
_TOP, _STEP = 22.0, 34.0
_LEAST_APART = 44.0


def shade(rank: int, levels: int) -> int:
    """Return a level's shade from 0 to 3, so that the lowest and the highest of any scale look alike."""
    return round(rank * (SHADES - 1) / (levels - 1)) if levels > 1 else 0


@dataclass(frozen=True, slots=True)
class BandPart:
    """A level's part of the strip."""

    x: float
    width: float
    middle: float
    least: int
    most: int
    shade: int


def band_strip(scale: Scale) -> tuple[BandPart, ...]:
    """Lay a scale's bands side by side, as wide as the scores that they hold; nothing for a level chosen by hand."""
    ends = [(band.min, band.max) for band in scale.levels if band.min is not None and band.max is not None]
    if not ends:
        return ()
    first, count = ends[0][0], ends[-1][1] - ends[0][0] + 1
    unit = WIDTH / count
    return tuple(
        BandPart(
            x=round((least - first) * unit, 1),
            width=round((most - least + 1) * unit, 1),
            middle=round(((least + most + 1) / 2 - first) * unit, 1),
            least=least,
            most=most,
            shade=shade(rank, len(ends)),
        )
        for rank, (least, most) in enumerate(ends)
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assessment as the chart needs it: ranks are -1 where there is no level, `own` is her rating or None."""

    on: date
    computed: int
    held: int
    own: int | None
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the chart; `value` is what stands there."""

    x: float
    y: float
    value: int
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the axis; `anchor` keeps its letters inside the box."""

    x: float
    on: date
    anchor: str


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Levels over time: the held one as steps, computed ones as marks, her own rating as dots on a lane below."""

    height: float
    left: float
    right: float
    rows: tuple[float, ...]
    held: str
    computed: tuple[Mark, ...]
    own: tuple[Mark, ...]
    own_top: float
    own_bottom: float
    incidents: tuple[float, ...]
    ticks: tuple[Tick, ...]
    axis: float
    width: int = WIDTH


def trajectory(
    sheets: Sequence[Sheet], *, levels: int, lowered: Sequence[tuple[date, int]], incidents: Sequence[date], today: date
) -> Trajectory:
    """Lay out a woman's sheets (by day, at least one), each day with the rank lowered to, and her new incidents."""
    begin = min([sheets[0].on, *incidents])
    days = max((today - begin).days, 1)
    bottom = _TOP + (levels - 1) * _STEP

    def across(on: date) -> float:
        return round(_LEFT + (min(on, today) - begin).days / days * (_RIGHT - _LEFT), 1)

    def up(rank: int) -> float:
        return round(bottom - rank * _STEP, 1)

    has_own = any(sheet.own is not None for sheet in sheets)
    own_top, own_bottom = (bottom + 26, bottom + 66) if has_own else (bottom, bottom)
    changes = sorted([*((sheet.on, sheet.held) for sheet in sheets if sheet.held >= 0), *lowered], key=lambda c: c[0])
    return Trajectory(
        height=own_bottom + 34,
        left=_LEFT,
        right=_RIGHT,
        rows=tuple(up(rank) for rank in range(levels)),
        held=_steps([(across(on), up(rank)) for on, rank in changes]),
        computed=tuple(
            Mark(across(sheet.on), up(max(sheet.computed, 0)), sheet.computed, sheet.is_complete) for sheet in sheets
        ),
        own=tuple(
            Mark(across(sheet.on), round(own_bottom - sheet.own * (own_bottom - own_top) / 10, 1), sheet.own)
            for sheet in sheets
            if sheet.own is not None
        ),
        own_top=own_top,
        own_bottom=own_bottom,
        incidents=tuple(across(on) for on in incidents),
        ticks=_ticks(begin, today, across(begin), across(today)),
        axis=own_bottom + 8,
    )


def _steps(points: list[tuple[float, float]]) -> str:
    """Write a line that keeps each level until the next and goes on to today's edge."""
    if not points:
        return ""
    written = [f"{points[0][0]},{points[0][1]}"]
    for (_x, before), (x, y) in pairwise(points):
        written += [f"{x},{before}", f"{x},{y}"]
    return " ".join([*written, f"{_RIGHT},{points[-1][1]}"])


def _ticks(begin: date, today: date, first: float, last: float) -> tuple[Tick, ...]:
    end = Tick(last, today, "end")
    return (Tick(first, begin, "start"), end) if last - first > _LEAST_APART and begin < today else (end,)
