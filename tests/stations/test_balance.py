"""Balance at cluster level, beside what chance gives."""

from math import inf, sqrt
from random import Random

import pytest

from stations.allocation import allocate
from stations.balance import BalanceRow, balance_table, chance_differences, pair_differences


def test_balance_compares_arm_means_over_the_pooled_standard_deviation():
    assignment = {"1": "a", "2": "a", "3": "b", "4": "b"}
    covariates = {"officers": {"1": 1.0, "2": 3.0, "3": 5.0, "4": 7.0}, "same": dict.fromkeys("1234", 2.0)}
    officers, same = balance_table(assignment, covariates, ["a", "b"])
    # Means 2 and 6, both variances 2: difference 4 / √2.
    assert officers.means == {"a": 2.0, "b": 6.0}
    assert officers.largest_difference == pytest.approx(2.8284271)
    assert same.largest_difference == 0


def test_pairs_share_the_deviation_of_their_row_and_the_largest_is_the_rows_own():
    covariates = {"officers": dict(zip("123456", (1.0, 3.0, 5.0, 7.0, 3.0, 5.0), strict=True))}
    row = balance_table(dict(zip("123456", "aabbcc", strict=True)), covariates, ["a", "b", "c"])[0]
    # Means 2, 6 and 4, pooled standard deviation √2.
    assert pair_differences(row) == pytest.approx(
        {("a", "b"): 4 / sqrt(2), ("a", "c"): 2 / sqrt(2), ("b", "c"): 2 / sqrt(2)}
    )
    assert max(pair_differences(row).values()) == pytest.approx(row.largest_difference)


@pytest.mark.parametrize(
    ("means", "largest", "expected"),
    [((2.0, 2.0, 2.0), 0.0, [0, 0, 0]), ((2.0, 2.0, 3.0), inf, [0, inf, inf])],
)
def test_pairs_without_spread_differ_by_nothing_or_beyond_measure(means, largest, expected):
    row = BalanceRow("officers", dict(zip("abc", means, strict=True)), largest)
    assert list(pair_differences(row).values()) == expected


def test_chance_alone_parts_four_arms_of_four_as_simulated():
    middle, rare = chance_differences(4, 4)
    # Tables of the studentised range: q(.05; 4, 12) = 4.199.
    assert rare == pytest.approx(4.199 / 2, abs=0.001)
    codes, arms, generator = [f"{n:02d}" for n in range(16)], ["a", "b", "c", "d"], Random(7)
    found = sorted(
        balance_table(allocate(codes, arms, seed=str(seed)), {"x": {code: generator.gauss() for code in codes}}, arms)[
            0
        ].largest_difference
        for seed in range(2000)
    )
    assert found[1000] == pytest.approx(middle, rel=0.05)
    assert found[1900] == pytest.approx(rare, rel=0.07)
