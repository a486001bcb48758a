"""The geometry of a plain map: places as circles, marks beside them, and as many names as find room.

Positions are equirectangular: degrees of latitude and, shortened by the cosine of the middle latitude, of longitude;
over a city the error is smaller than a mark. Units and axes are those of `stations.charts`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, radians, sin, sqrt

from stations.charts import WIDTH

MARGIN = 22.0
TALLEST = 620.0
LARGEST_RADIUS = 15.0
SMALLEST_RADIUS = 2.0
# Two marks whose middles are that far apart do not touch.
MARK_SPACE = 13.0
ROUNDS = 300
LETTER_WIDTH, LETTER_HEIGHT = 4.8, 11.0
GAPS = (3.0, 8.0, 13.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere: degrees north and east, and how many live there."""

    name: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class Circle:
    """A place on the map; its area grows with the population."""

    name: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place, of a group (0…): where it is drawn, and where it belongs."""

    name: str
    group: int
    x: float
    y: float
    home_x: float
    home_y: float


@dataclass(frozen=True, slots=True)
class Name:
    """A place's name where it covers neither a mark nor another name; `anchor` is SVG's text-anchor."""

    text: str
    x: float
    y: float
    anchor: str
    has_marks: bool


@dataclass(frozen=True, slots=True)
class Map:
    """Circles, marks and names in their box."""

    height: int
    circles: tuple[Circle, ...]
    marks: tuple[Mark, ...]
    names: tuple[Name, ...]
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def lay_out(places: Mapping[str, Place], marks: Sequence[tuple[str, str, int]]) -> Map:
    """Lay out places by key, and marks as (name, key of its place, group). Raises KeyError for an unknown place.

    Marks of one place fan out around it, and marks of neighbours make room for each other. Names of places with marks
    come first, then the largest; a name that would cover something is left out.
    """
    circles, height = _circles(places)
    drawn = _marks(circles, marks, height)
    wanted = {key for _name, key, _group in marks}
    order = sorted(circles, key=lambda key: (key not in wanted, -places[key].population, key))
    return Map(
        round(height),
        # The large ones first, so that the small ones stay in sight.
        tuple(sorted(circles.values(), key=lambda circle: (-circle.radius, circle.name))),
        drawn,
        tuple(_names([(circles[key], key in wanted) for key in order], drawn, height)),
    )


def _circles(places: Mapping[str, Place]) -> tuple[dict[str, Circle], float]:
    """Return each place's circle, and the height of the map."""
    north = max((place.latitude for place in places.values()), default=0.0)
    south = min((place.latitude for place in places.values()), default=0.0)
    west = min((place.longitude for place in places.values()), default=0.0)
    east = max((place.longitude for place in places.values()), default=0.0)
    shortened = cos(radians((north + south) / 2))
    across, down = (east - west) * shortened, north - south
    room_across, room_down = WIDTH - 2 * MARGIN, TALLEST - 2 * MARGIN
    unit = min(room_across / across if across else room_down, room_down / down if down else room_across)
    indent = (WIDTH - across * unit) / 2
    largest = max((place.population for place in places.values()), default=0) or 1
    circles = {
        key: Circle(
            place.name,
            round(indent + (place.longitude - west) * shortened * unit, 1),
            round(MARGIN + (north - place.latitude) * unit, 1),
            round(max(SMALLEST_RADIUS, LARGEST_RADIUS * sqrt(place.population / largest)), 1),
        )
        for key, place in places.items()
    }
    return circles, down * unit + 2 * MARGIN


def _marks(circles: Mapping[str, Circle], marks: Sequence[tuple[str, str, int]], height: float) -> tuple[Mark, ...]:
    counts = {key: sum(other == key for _name, other, _group in marks) for key in circles}
    seen = dict.fromkeys(circles, 0)
    points: list[list[float]] = []
    for _name, key, _group in marks:
        fan = MARK_SPACE / 2 / sin(pi / counts[key]) if counts[key] > 1 else 0.0
        angle = 2 * pi * seen[key] / max(counts[key], 1)
        points.append([circles[key].x + fan * sin(angle), circles[key].y - fan * cos(angle)])
        seen[key] += 1
    _push_apart(points, height)
    return tuple(
        Mark(name, group, round(x, 1), round(y, 1), circles[key].x, circles[key].y)
        for (name, key, group), (x, y) in zip(marks, points, strict=True)
    )


def _push_apart(points: list[list[float]], height: float) -> None:
    """Move points, two at a time, until none are nearer than a mark's space, or the rounds are over."""
    for _round in range(ROUNDS):
        is_settled = True
        for place, one in enumerate(points):
            for other in points[:place]:
                apart = hypot(one[0] - other[0], one[1] - other[1])
                if apart >= MARK_SPACE - 0.1:
                    continue
                is_settled = False
                # Two at the very same spot part along a direction of their own.
                along = [(one[axis] - other[axis]) / apart for axis in (0, 1)] if apart else [cos(place), sin(place)]
                for axis, length in enumerate((WIDTH, height)):
                    push = along[axis] * (MARK_SPACE - apart) / 2
                    one[axis] = min(max(one[axis] + push, MARK_SPACE / 2), length - MARK_SPACE / 2)
                    other[axis] = min(max(other[axis] - push, MARK_SPACE / 2), length - MARK_SPACE / 2)
        if is_settled:
            return


def _names(circles: Sequence[tuple[Circle, bool]], marks: Sequence[Mark], height: float) -> Iterator[Name]:
    half = MARK_SPACE / 2
    taken = [_Box(mark.x - half, mark.y - half, mark.x + half, mark.y + half) for mark in marks]
    page = _Box(2, 2, WIDTH - 2, height - 2)
    for circle, has_marks in circles:
        for name, box in _candidates(circle, has_marks=has_marks):
            is_inside = (
                page.left <= box.left and box.right <= page.right and page.top <= box.top and box.bottom <= page.bottom
            )
            if is_inside and not any(box.covers(other) for other in taken):
                taken.append(box)
                yield name
                break


def _candidates(circle: Circle, *, has_marks: bool) -> Iterator[tuple[Name, _Box]]:
    """Yield places for a name with the room it takes: beside it, above and below, to either side; then further off."""
    length = LETTER_WIDTH * len(circle.name)
    for gap in GAPS if has_marks else GAPS[:1]:
        near = gap + (MARK_SPACE / 2 if has_marks else circle.radius)
        above, below = circle.y - near - LETTER_HEIGHT / 3, circle.y + near + LETTER_HEIGHT / 3
        for anchor, x, y in (
            ("start", circle.x + near, circle.y),
            ("end", circle.x - near, circle.y),
            ("middle", circle.x, above),
            ("middle", circle.x, below),
            ("start", circle.x, above),
            ("end", circle.x, above),
            ("start", circle.x, below),
            ("end", circle.x, below),
        ):
            left = x - length * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            box = _Box(left, y - LETTER_HEIGHT / 2, left + length, y + LETTER_HEIGHT / 2)
            yield Name(circle.name, round(x, 1), round(y, 1), anchor, has_marks), box
