"""The geometry of the charts: everything stands where its value says, inside its box."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.charts import WIDTH, Scale, histogram, line_chart, love_plot, round_steps

RISING = {"low": [(0, 5), (0.05, 10), (0.1, 12)], "high": [(0, 10), (0.05, 21), (0.1, 38)]}


@pytest.mark.parametrize(
    ("value", "at"), [(0, 230), (20, 130), (40, 30), (10, 180), (0.02, 229.9), (0.005, 230), (-4, 250), (44, 10)]
)
def test_scale_lays_values_from_start_to_end(value, at):
    assert Scale(0, 40, 230, 30).at(value) == at


def test_scale_without_length_answers_the_middle():
    assert Scale(3, 3, 0, 100).at(3) == 50


@pytest.mark.parametrize(
    ("low", "high", "at_most", "steps"),
    [
        (0, 0.1, 6, [0, 0.02, 0.04, 0.06, 0.08, 0.1]),
        (0, 0.1, 5, [0, 0.05, 0.1]),
        (0, 39.1, 7, [0, 10, 20, 30, 40]),
        (0, 40, 7, [0, 10, 20, 30, 40]),
        (0, 40.1, 7, [0, 10, 20, 30, 40, 50]),
        (-1.2, 0.7, 5, [-2, -1, 0, 1]),
        (0, 0, 3, [0]),
        (7, 7, 4, [7]),
    ],
)
def test_steps_are_round_and_hold_the_values(low, high, at_most, steps):
    assert round_steps(low, high, at_most=at_most) == steps


numbers = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))


@given(numbers, numbers, st.integers(3, 12))
def test_any_values_lie_between_the_first_and_the_last_step(one, other, at_most):
    low, high = sorted((one, other))
    steps = round_steps(low, high, at_most=at_most)
    assert steps[0] <= low + 1e-6
    assert high - 1e-6 <= steps[-1]
    assert len(steps) <= at_most


def test_lines_stand_on_zero_and_the_mark_on_its_value():
    chart = line_chart(RISING, mark=0.05)
    assert [line.points for line in chart.lines] == [
        "36.0,204.5 190.0,179.0 344.0,168.8",
        "36.0,179.0 190.0,122.9 344.0,36.2",
    ]
    assert chart.mark == 190
    assert [(tick.value, tick.at) for tick in chart.y_ticks] == [(0, 230), (10, 179), (20, 128), (30, 77), (40, 26)]
    assert [tick.at for tick in chart.x_ticks] == [36, 97.6, 159.2, 220.8, 282.4, 344]


def test_name_of_the_lowest_line_stands_below_it_and_others_above():
    low, high = line_chart(RISING).lines
    assert (low.name, low.name_x, low.name_y, low.anchor) == ("low", 190, 199, "start")
    assert (high.name, high.name_x, high.name_y, high.anchor) == ("high", 190, 112.9, "end")
    assert line_chart({"only": RISING["low"]}).lines[0].anchor == "end"
    assert line_chart(RISING).mark is None


@given(st.lists(numbers.map(abs), min_size=2, max_size=30))
def test_any_line_stays_within_its_chart(values):
    chart = line_chart({"line": [(place / 10, value) for place, value in enumerate(values)]})
    points = [tuple(map(float, point.split(","))) for point in chart.lines[0].points.split()]
    assert all(chart.left <= x <= chart.right <= WIDTH and chart.top <= y <= chart.bottom for x, y in points)


def test_love_plot_stands_on_zero_and_marks_what_to_compare_with():
    plot = love_plot({"officers": [0.5, 2.0, 0], "women": [1.0, 1.0]}, marks=[0.1, 1.5])
    assert [(tick.value, tick.at) for tick in plot.x_ticks] == [
        (0, 14),
        (0.5, 97),
        (1, 180),
        (1.5, 263),
        (2, 346),
    ]
    assert [(mark.value, mark.at) for mark in plot.marks] == [(0.1, 30.6), (1.5, 263)]
    officers, women = plot.rows
    assert [(dot.x, dot.is_largest) for dot in officers.dots] == [(14, False), (97, False), (346, True)]
    assert [(dot.x, dot.is_largest) for dot in women.dots] == [(180, True), (180, True)]
    assert (officers.name, officers.name_y, officers.y, women.name_y, women.y) == ("officers", 38, 50, 74, 86)
    assert (plot.bottom, plot.height) == (96, 136)


def test_difference_without_measure_stands_at_the_end_and_says_so():
    plot = love_plot({"officers": [0, inf]}, marks=[2])
    assert [(dot.x, dot.is_beyond) for dot in plot.rows[0].dots] == [(14, False), (346, True)]


@given(st.lists(st.lists(numbers.map(abs) | st.just(inf), min_size=1, max_size=6), min_size=1, max_size=9))
def test_any_dot_stays_within_its_plot(rows):
    plot = love_plot({str(place): values for place, values in enumerate(rows)}, marks=[0.1, 1, 2])
    assert all(plot.left <= dot.x <= plot.right for row in plot.rows for dot in row.dots)
    assert all(plot.top < row.name_y < row.y < plot.bottom < plot.height for row in plot.rows)


def test_histogram_lays_shares_over_scores_and_parts_the_bin_of_the_cutoff():
    laid = histogram([(0, 10, 1), (10, 20, 4), (20, 30, 15)], cutoff=12.5, marked=5)
    assert [(tick.value, tick.at) for tick in laid.x_ticks] == [
        (place, pytest.approx(36 + 310 * place / 30, abs=0.06)) for place in (0, 5, 10, 15, 20, 25, 30)
    ]
    assert [(tick.value, tick.at) for tick in laid.y_ticks] == [(0, 210), (20, 169.5), (40, 129), (60, 88.5), (80, 48)]
    assert [(bar.x, bar.width, bar.y, bar.height, bar.width_within) for bar in laid.bars] == [
        (36, 103.3, 199.9, 10.1, 103.3),
        (139.3, 103.4, 169.5, 40.5, 25.9),
        (242.7, 103.3, 58.1, 151.9, 0),
    ]
    assert (laid.cutoff, laid.marked) == (165.2, 87.7)


@pytest.mark.parametrize(("cutoff", "within"), [(10, [True, False]), (10.5, [True, True]), (0, [False, False])])
def test_bin_that_begins_at_the_cutoff_is_not_within(cutoff, within):
    bars = histogram([(0, 10, 1), (10, 20, 1)], cutoff=cutoff, marked=0).bars
    assert [bar.width_within > 0 for bar in bars] == within


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=60), st.floats(0, 1), st.floats(0, 1))
def test_any_histogram_stays_within_its_chart(counts, cutoff, marked):
    bins = [(place, place + 1, count) for place, count in enumerate([*counts, 1])]
    laid = histogram(bins, cutoff=cutoff * len(bins), marked=marked * len(bins))
    assert all(laid.left <= bar.x and bar.x + bar.width <= laid.right + 0.1 for bar in laid.bars)
    assert all(laid.top <= bar.y and bar.y + bar.height == pytest.approx(laid.bottom) for bar in laid.bars)
    assert all(bar.width_within <= bar.width for bar in laid.bars)
    assert laid.left <= laid.cutoff <= laid.right
