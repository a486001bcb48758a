"""Rows between separators: alike whatever else the process has loaded."""

import csv

import pytest

from documents.delimited import LONGEST_CELL, delimited_rows


@pytest.fixture(params=[131_072, 2**31 - 1], ids=["usual", "raised"])
def limit_of_the_process(request):
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("limit_of_the_process")
@pytest.mark.parametrize("mark", ['"', ""])
def test_longest_cell_is_ours_and_not_the_process_s(mark):
    longest = "x" * LONGEST_CELL
    assert list(delimited_rows(f"a,{mark}{longest}{mark}\n")) == [["a", longest]]
    with pytest.raises(csv.Error):
        list(delimited_rows(f"a,{mark}{longest}x{mark}\n"))


def test_quoted_cells_hold_separators_quotes_and_line_breaks():
    assert list(delimited_rows('a;"b; ""c""\nd"\n', delimiter=";")) == [["a", 'b; "c"\nd']]


def test_mark_out_of_place_is_refused_where_it_matters():
    assert list(delimited_rows('a,"b"c\n')) == [["a", "bc"]]
    with pytest.raises(csv.Error):
        list(delimited_rows('a,"b"c\n', strict=True))
