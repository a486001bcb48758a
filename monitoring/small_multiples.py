"""A small drawing for each of many, all on the same axes: what was reached beside what was wanted, over weeks."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 176.0, 96.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 170.0, 12.0, 78.0


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing, in units of about a pixel: two lines as SVG points and the height of the number wanted.

    `pace` is empty where no pace is wanted, `reached` where there is no week.
    """

    reached: str
    pace: str
    wanted_y: float
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    bottom: float = BOTTOM


def panel(reached: Sequence[int], pace: Sequence[int | None], *, wanted: int, most: int) -> Panel:
    """Draw a line through what was reached by the end of each moment, and one through what the pace wanted (or None).

    `most` is what the upper edge stands for: the same in every drawing that is compared, `wanted` or more.
    """
    xs = [_x(place, len(reached)) for place in range(len(reached))]
    return Panel(_points(xs, reached, most), _points(xs, pace, most), _y(wanted, most))


def _points(xs: Sequence[float], values: Sequence[int | None], most: int) -> str:
    return " ".join(f"{x},{_y(value, most)}" for x, value in zip(xs, values, strict=True) if value is not None)


def _x(place: int, moments: int) -> float:
    return LEFT if moments == 1 else round(LEFT + (RIGHT - LEFT) * place / (moments - 1), 1)


def _y(value: int, most: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / most, 1)
