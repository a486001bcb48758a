"""Two readings of a questionnaire: where they differ, and what is kept of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.differences import Difference, differences, merged

readings = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["yes", "no", "3"]))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, ()),
        ({"a": "yes"}, {"a": "yes"}, ()),
        ({"a": "yes"}, {"a": "no"}, (Difference("a", "yes", "no"),)),
        ({"a": "yes"}, {}, (Difference("a", "yes", None),)),
        ({"b": "1"}, {"a": "2", "b": "1"}, (Difference("a", None, "2"),)),
        ({"k": [{"n": "1"}]}, {"k": [{"n": "2"}]}, (Difference("k", [{"n": "1"}], [{"n": "2"}]),)),
    ],
)
def test_differences_stand_in_order(first, second, expected):
    assert differences(first, second) == expected


def test_every_difference_must_be_decided():
    with pytest.raises(KeyError):
        merged({"a": "yes"}, {"a": "no"}, {})


@given(readings, readings)
def test_choosing_one_reading_throughout_gives_that_reading(first, second):
    names = [one.name for one in differences(first, second)]
    assert merged(first, second, dict.fromkeys(names, 1)) == first
    assert merged(first, second, dict.fromkeys(names, 2)) == second


@given(readings)
def test_a_reading_does_not_differ_from_itself(reading):
    assert differences(reading, reading) == ()
