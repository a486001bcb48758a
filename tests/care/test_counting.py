"""No number of a few people is shown, nor follows from those that are."""

from hypothesis import given
from hypothesis import strategies as st

from care.counting import shown_counts


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), max_size=6))
def test_what_is_hidden_cannot_be_taken_from_the_total(counts):
    shown = shown_counts(counts)
    hidden = [counts[key] for key, count in shown.items() if count is None]
    assert all(count == counts[key] and not 0 < count < 5 for key, count in shown.items() if count is not None)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2
        assert sum(hidden) >= 5


def test_large_numbers_and_noughts_stand():
    assert shown_counts({"a": 5, "b": 0, "c": 40}) == {"a": 5, "b": 0, "c": 40}
    assert shown_counts({"a": 4, "b": 0, "c": 40}) == {"a": None, "b": None, "c": None}
