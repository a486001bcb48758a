"""What is hashed and signed: the same rows have the same hash, and no others."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lock.statement import WomanRows, cut_sha256, part_of, recount_of, signature_text

pytestmark = pytest.mark.requirement("F33")
CUT = {"kind": "visits", "wave": "", "until": "2026-11-17"}
SAID = {"lock": 3, "cut": CUT, "sha256": "0" * 64, "purpose": "lock", "meaning": "approved", "person": "user:7",
        "role": "researcher", "at": "2026-11-18T15:00:00+00:00"}  # fmt: skip
ROWS = st.lists(
    st.builds(WomanRows, st.integers(1, 99), st.integers(1, 9), st.text("0123456789abcdef", min_size=4, max_size=4)),
    unique_by=lambda one: one.woman,
).map(lambda rows: sorted(rows, key=lambda one: one.woman))


@given(ROWS, ROWS)
def test_two_cuts_have_one_hash_only_if_they_have_the_same_rows(first, second):
    hashes = [cut_sha256(CUT, [part_of("visits", rows)]) for rows in (first, second)]
    assert (hashes[0] == hashes[1]) == (first == second)


@given(ROWS, st.sets(st.integers(1, 99)))
def test_what_is_in_use_is_the_cut_without_the_others(rows, women):
    found = recount_of(CUT, [("visits", rows)], {"visits": women})
    left = [one for one in rows if one.woman in women]
    assert found.in_use_sha256 == cut_sha256(CUT, [part_of("visits", left)])
    assert found.rows == sum(one.rows for one in rows)


def test_the_hash_of_an_empty_cut_is_known():
    """Made with sha256sum of the line that the docstrings describe."""
    line = '{"format":1,"kind":"visits","parts":[["visits",0,"%s"]],"until":"2026-11-17","wave":""}'
    nothing = part_of("visits", [])
    assert nothing.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert json.loads(line % nothing.sha256)["parts"] == [["visits", 0, nothing.sha256]]
    assert cut_sha256(CUT, [nothing]) == hashlib.sha256((line % nothing.sha256).encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "other"),
    [("lock", 4), ("sha256", "1" * 64), ("person", "user:8"), ("meaning", "reviewed"), ("role", "administrator"),
     ("purpose", "lift"), ("at", "2026-11-18T15:00:01+00:00"), ("cut", {**CUT, "until": "2026-11-16"})],
)  # fmt: skip
def test_a_signature_is_of_one_record_and_one_hand(name, other):
    assert signature_text(**SAID) != signature_text(**{**SAID, name: other})
