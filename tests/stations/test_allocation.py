"""Arms: equal, uniform, strata kept, and codes that hide them."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from stations.allocation import allocate, allocate_in_blocks, blind

ARMS = ["control", "training", "risk_scale", "both"]
CODES = [f"{n:04d}" for n in range(405, 421)]


@pytest.mark.requirement("F5", "F7")
@given(st.integers(0, 10**40 - 1))
def test_any_seed_gives_four_equal_arms(seed):
    assignment = allocate(CODES, ARMS, seed=str(seed))
    assert Counter(assignment.values()) == dict.fromkeys(ARMS, 4)
    assert list(assignment) == CODES
    assert assignment == allocate(CODES, ARMS, seed=str(seed))


def test_each_assignment_is_equally_likely():
    codes, arms = ["1", "2", "3", "4"], ["a", "b"]
    seen = Counter(
        tuple(code for code, arm in allocate(codes, arms, seed=str(seed)).items() if arm == "a") for seed in range(6000)
    )
    assert set(seen) == set(combinations(codes, 2))
    assert chisquare(list(seen.values())).pvalue > 0.01


@given(st.integers(0, 10**12), st.lists(st.integers(1, 3), min_size=1, max_size=5))
def test_any_seed_gives_equal_arms_within_each_block(seed, sizes):
    codes = iter(range(1000))
    blocks = {f"b{place}": [str(next(codes)) for _ in range(4 * size)] for place, size in enumerate(sizes)}
    assignment = allocate_in_blocks(blocks, ARMS, seed=str(seed))
    for place, size in enumerate(sizes):
        assert Counter(assignment[code] for code in blocks[f"b{place}"]) == dict.fromkeys(ARMS, size)


def test_each_station_of_a_set_gets_each_arm_equally_often():
    blocks = {"s1": CODES[:4], "s2": CODES[4:8]}
    seen = Counter(
        (code, arm) for seed in range(2000) for code, arm in allocate_in_blocks(blocks, ARMS, seed=str(seed)).items()
    )
    assert chisquare([seen[code, arm] for code in CODES[:8] for arm in ARMS]).pvalue > 0.01


def test_unequal_arms_are_refused():
    with pytest.raises(ValueError, match="5 stations do not part into 4 equal arms"):
        allocate(CODES[:5], ARMS, seed="1")
    with pytest.raises(ValueError, match="north: 5 stations do not part into 4 equal arms"):
        allocate_in_blocks({"north": CODES[:5]}, ARMS, seed="1")


def test_blinding_hangs_on_the_secret_not_on_the_seed():
    first, second = blind(CODES, ARMS, nonce=b"1" * 32), blind(CODES, ARMS, nonce=b"2" * 32)
    assert sorted(first.letters.values()) == list("ABCDEFGHIJKLMNOP")
    assert sorted(first.groups.values()) == [1, 2, 3, 4]
    assert sorted(first.numbers.values()) == list(range(1, 17))
    assert first.letters != second.letters
    assert first.numbers != second.numbers
