"""A line of the roster: when it counts, and when it contradicts itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.attendance import Entry, is_consistent, takes_back


@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        (Entry(came=True), True),
        (Entry(came=True, minutes_late=30), True),
        (Entry(came=True, minutes_late=31), False),
        (Entry(came=False), False),
        (Entry(came=False, absence="ill"), False),
    ],
)
def test_late_joiner_counts_up_to_what_the_protocol_allows(entry, counts):
    assert entry.counts(late_minutes_allowed=30) is counts


@pytest.mark.parametrize(
    ("entry", "consistent"),
    [
        (Entry(came=True, score_before=0, score_after=100), True),
        (Entry(came=True, score_before=-1), False),
        (Entry(came=True, score_after=101), False),
        (Entry(came=True, minutes_late=600), True),
        (Entry(came=True, minutes_late=601), False),
        (Entry(came=True, minutes_late=-1), False),
        (Entry(came=True, absence="ill"), False),
        (Entry(came=False, absence="ill"), True),
        (Entry(came=False, minutes_late=1), False),
        (Entry(came=False, score_before=50), False),
        (Entry(came=False, score_after=50), False),
    ],
)
def test_line_that_contradicts_itself_is_known(entry, consistent):
    assert is_consistent(entry) is consistent


@pytest.mark.parametrize(
    ("before", "after", "corrects"),
    [
        (Entry(came=True), Entry(came=True, score_before=40, score_after=80), False),
        (Entry(came=False), Entry(came=False, absence="ill"), False),
        (Entry(came=True), Entry(came=True, minutes_late=5), True),
        (Entry(came=True, score_after=80), Entry(came=True, score_after=81), True),
        (Entry(came=True, score_after=80), Entry(came=True), True),
        (Entry(came=True), Entry(came=False), True),
        (Entry(came=False), Entry(came=True), True),
    ],
)
def test_filling_in_is_no_correction(before, after, corrects):
    assert takes_back(after.changes_from(before)) is corrects


scores = st.none() | st.integers(0, 100)
lines = st.builds(Entry, came=st.just(True), minutes_late=st.integers(0, 600), score_before=scores, score_after=scores)


@given(before=lines, after=lines)
def test_what_changed_is_told_with_old_and_new_and_nothing_else_is(before, after):
    changes = after.changes_from(before)
    assert {name: (getattr(before, name), getattr(after, name)) for name in changes} == changes
    assert {name for name in Entry.__slots__ if getattr(before, name) != getattr(after, name)} == set(changes)
