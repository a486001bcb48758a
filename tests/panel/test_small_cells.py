"""Cells that could give a woman away are hidden, and cannot be worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.small_cells import SMALLEST_SHOWN, shown_counts, shown_table


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 0, "b": 5, "c": 90}, {"a": 0, "b": 5, "c": 90}),
        ({"a": 4, "b": 20, "c": 90}, {"a": None, "b": None, "c": 90}),  # alone, it would be the total less the rest
        ({"a": 4, "b": 1, "c": 90}, {"a": None, "b": None, "c": 90}),
        ({"a": 1, "b": 1, "c": 90, "d": 95}, {"a": None, "b": None, "c": None, "d": 95}),  # a sum of two is one and one
        ({"a": 3, "b": 0}, {"a": None, "b": 0}),
        ({}, {}),
    ],
)
def test_small_cells_are_hidden(counts, shown):
    assert shown_counts(counts) == shown


HIDDEN = None


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([[9, 0], [7, 5]], [[9, 0, 9], [7, 5, 12], [16, 5, 21]]),
        # One small cell takes three others with it: along its row, along its column, and where those two meet.
        (
            [[3, 20, 30], [10, 40, 50], [60, 70, 80]],
            [[HIDDEN, HIDDEN, 30, 53], [HIDDEN, HIDDEN, 50, 100], [60, 70, 80, 210], [73, 130, 160, 363]],
        ),
        # Of one row the totals are that row again.
        ([[2, 9, 9]], [[HIDDEN, HIDDEN, 9, 20], [HIDDEN, HIDDEN, 9, 20]]),
        # The total less the rest is two: one and one.
        ([[1, 1, 9, 9]], [[HIDDEN, HIDDEN, HIDDEN, 9, 20], [HIDDEN, HIDDEN, HIDDEN, 9, 20]]),
        ([[1, 1, 0, 0]], [[HIDDEN, HIDDEN, 0, 0, HIDDEN], [HIDDEN, HIDDEN, 0, 0, HIDDEN]]),
        ([[0, 0]], [[0, 0, 0], [0, 0, 0]]),
    ],
)
def test_small_cells_of_a_table_are_hidden_with_what_would_tell_them(rows, shown):
    assert shown_table(rows) == shown


def test_what_is_hidden_elsewhere_is_hidden_with_what_would_tell_it():
    # The first row's total: it follows from its cells, and from the other totals.
    shown = shown_table([[7, 8], [20, 30]], hidden={(0, 2)})
    assert shown[0][2] is HIDDEN
    assert all(line.count(HIDDEN) != 1 for line in (*shown, *map(list, zip(*shown, strict=True))))
    assert shown[2][2] == 65


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=6))
def test_no_cell_of_a_table_can_be_worked_out_from_its_line(rows):
    shown = shown_table(rows)

    whole = [[*row, sum(row)] for row in rows]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    for shown_line, line in zip([*shown, *zip(*shown, strict=True)], [*whole, *zip(*whole, strict=True)], strict=True):
        hidden = [count for seen, count in zip(shown_line, line, strict=True) if seen is None]
        assert len(hidden) != 1
        assert not hidden or shown_line[-1] is None or sum(hidden) >= SMALLEST_SHOWN
        for seen, count in zip(shown_line, line, strict=True):
            assert seen is None or (seen == count and not 0 < count < SMALLEST_SHOWN)
