"""The geometry of the map: everything in its box, marks that keep apart, names that cover nothing."""

import csv
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.charts import WIDTH
from stations.maps import LARGEST_RADIUS, MARK_SPACE, SMALLEST_RADIUS, Place, lay_out
from tests.fixtures.study import DISTRICTS_FILE

LIMA = {
    row["ubigeo"]: Place(row["name"], float(row["latitude"]), float(row["longitude"]), int(row["population_2020"]))
    for row in csv.DictReader(DISTRICTS_FILE.read_text(encoding="utf-8").splitlines())
}
SQUARE = {
    "a": Place("North-west", 0.5, -0.5, 400),
    "b": Place("North-east", 0.5, 0.5, 100),
    "c": Place("South-east", -0.5, 0.5, 0),
}


def box(name) -> tuple[float, float, float, float]:
    """The room a name takes when a letter is 4.5 wide and 9 high, as the page's font nearly is."""
    length = 4.5 * len(name.text)
    left = name.x - length * {"start": 0, "middle": 0.5, "end": 1}[name.anchor]
    return left, name.y - 4.5, left + length, name.y + 4.5


def overlap(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_north_is_up_east_is_right_and_degrees_are_as_long_as_on_the_ground():
    circles = {circle.name: circle for circle in lay_out(SQUARE, []).circles}
    assert (circles["North-west"].x, circles["North-west"].y) == (22, 22)
    assert (circles["North-east"].x, circles["North-east"].y) == (338, 22)
    assert (circles["South-east"].x, circles["South-east"].y) == (338, 338)
    # At 60° a degree of longitude is half as long, so that the same square is twice as high as wide.
    north = {key: Place(place.name, place.latitude + 60, place.longitude, 1) for key, place in SQUARE.items()}
    far = {circle.name: circle for circle in lay_out(north, []).circles}
    across = far["North-east"].x - far["North-west"].x
    down = far["South-east"].y - far["North-east"].y
    assert across / down == pytest.approx(0.5, abs=0.001)


def test_area_grows_with_the_population_and_nobody_vanishes():
    radii = {circle.name: circle.radius for circle in lay_out(SQUARE, []).circles}
    assert radii == {"North-west": LARGEST_RADIUS, "North-east": LARGEST_RADIUS / 2, "South-east": SMALLEST_RADIUS}
    assert [circle.name for circle in lay_out(SQUARE, []).circles] == ["North-west", "North-east", "South-east"]


def test_single_mark_stands_on_its_place():
    (mark,) = lay_out(SQUARE, [("01", "b", 2)]).marks
    assert (mark.name, mark.group, mark.x, mark.y, mark.home_x, mark.home_y) == ("01", 2, 338, 22, 338, 22)


@pytest.mark.parametrize("count", [2, 3, 4, 8])
def test_marks_of_one_place_fan_out_around_it(count):
    middle = {"m": Place("Middle", 0, 0, 1), **{key: place for key, place in SQUARE.items() if key != "b"}}
    marks = lay_out(middle, [(str(number), "m", 0) for number in range(count)]).marks
    home = marks[0].home_x, marks[0].home_y
    assert sum(mark.x for mark in marks) / count == pytest.approx(home[0], abs=0.1)
    assert sum(mark.y for mark in marks) / count == pytest.approx(home[1], abs=0.1)
    gaps = [hypot(one.x - other.x, one.y - other.y) for one in marks for other in marks if one is not other]
    assert min(gaps) == pytest.approx(MARK_SPACE, abs=0.2)


def test_unknown_place_is_refused():
    with pytest.raises(KeyError):
        lay_out(SQUARE, [("01", "nowhere", 0)])


@pytest.mark.parametrize("places", [{}, {"a": SQUARE["a"]}, {"a": SQUARE["a"], "b": SQUARE["a"]}])
def test_hardly_any_places_are_laid_out_too(places):
    laid = lay_out(places, [("01", key, 0) for key in places])
    assert len(laid.circles) == len(laid.marks) == len(places)


def test_every_district_of_lima_with_a_circle_and_the_lonely_ones_with_a_name():
    laid = lay_out(LIMA, [])
    assert len(laid.circles) == 43
    named = {name.text for name in laid.names}
    assert {"Ancon", "Pucusana", "Cieneguilla", "San Juan De Lurigancho", "Villa El Salvador"} <= named


drawn_in_lima = st.lists(st.tuples(st.sampled_from(sorted(LIMA)), st.integers(0, 3)), max_size=20)


@given(drawn_in_lima)
def test_any_draw_keeps_marks_apart_and_names_free(drawn):
    marks = [(f"{number:02d}", ubigeo, group) for number, (ubigeo, group) in enumerate(drawn)]
    laid = lay_out(LIMA, marks)
    assert [(mark.name, mark.group) for mark in laid.marks] == [(name, group) for name, _ubigeo, group in marks]
    places = [(mark.x, mark.y) for mark in laid.marks]
    apart = [hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
    assert all(gap > MARK_SPACE - 1 for gap in apart)
    boxes = [box(name) for name in laid.names]
    symbols = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    assert not any(overlap(one, other) for i, one in enumerate(boxes) for other in [*boxes[:i], *symbols])
    assert all(
        left >= 0 and right <= WIDTH and top >= 0 and bottom <= laid.height for left, top, right, bottom in boxes
    )
    assert all(5 <= x <= WIDTH - 5 and 5 <= y <= laid.height - 5 for x, y in places)
    assert laid == lay_out(LIMA, marks)
