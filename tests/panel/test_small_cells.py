"""Cells that could give a woman away are hidden, and cannot be worked out."""

import pytest

from panel.small_cells import shown_counts


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 0, "b": 5, "c": 90}, {"a": 0, "b": 5, "c": 90}),
        ({"a": 4, "b": 20, "c": 90}, {"a": None, "b": None, "c": 90}),  # alone, it would be the total less the rest
        ({"a": 4, "b": 1, "c": 90}, {"a": None, "b": None, "c": 90}),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}),
        ({}, {}),
    ],
)
def test_small_cells_are_hidden(counts, shown):
    assert shown_counts(counts) == shown
