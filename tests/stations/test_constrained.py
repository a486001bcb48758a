"""Constrained randomisation against the plainest count: every assignment, one by one."""

import hashlib
from collections import Counter
from decimal import Decimal
from itertools import combinations, permutations
from math import ceil
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from stations.constrained import (
    balance_score,
    best_matched,
    draw_constrained,
    keep_best,
    pair_shares,
    partition_score,
)
from stations.partitions import Covariates, PartitionSpace, TooManyPartitions, count_partitions
from stations.standardised import indicators, whole_column, whole_covariates

ARMS = ["a", "b", "c", "d"]


def covariates(stations: int, columns: int = 3, *, seed: int = 1) -> Covariates:
    generator = np.random.default_rng(seed)
    return Covariates(
        generator.integers(-30_000, 30_000, (stations, columns)),
        generator.integers(500, 2_000, columns),
    )


def plain_partitions(stations: int, sets: int) -> dict[str, tuple[tuple[int, ...], ...]]:
    """Every partition, found by giving names to stations in all ways: set numbers of the stations → sets."""
    size, found = stations // sets, {}
    for names in set(permutations([number for number in range(sets) for _ in range(size)])):
        order = list(dict.fromkeys(names))
        line = "".join(str(order.index(name)) for name in names)
        found[line] = tuple(tuple(p for p in range(stations) if names[p] == name) for name in order)
    return dict(sorted(found.items(), key=lambda item: item[1]))


def plain_score(given: Covariates, sets) -> int:
    return sum(
        int(weight) * int(sum(given.values[place, column] for place in members)) ** 2
        for members in sets
        for column, weight in enumerate(given.weights)
    )


@pytest.mark.parametrize(
    ("stations", "sets", "partitions"), [(16, 4, 2_627_625), (8, 4, 105), (8, 2, 35), (4, 4, 1), (6, 1, 1), (4, 2, 3)]
)
def test_number_of_partitions(stations, sets, partitions):
    space = PartitionSpace(covariates(stations), sets=sets)
    assert count_partitions(stations, sets) == space.partitions == partitions
    assert sum(len(block.scores) for block in space.blocks()) == partitions


def test_all_assignments_of_16_stations_into_four_arms_are_scored():
    space = PartitionSpace(covariates(16, 8), sets=4)
    assert space.assignments == 63_063_000
    candidates = keep_best(space, pct=10)
    assert sum(candidates.distribution.counts) * 24 == candidates.assignments == 63_063_000
    assert candidates.kept >= 6_306_300


@pytest.mark.parametrize(("stations", "sets"), [(8, 4), (8, 2), (6, 3), (6, 2), (4, 4), (5, 5), (6, 1)])
def test_partitions_come_in_order_with_their_scores(stations, sets):
    given = covariates(stations)
    space = PartitionSpace(given, sets=sets)
    found = [
        ("".join(map(str, growth)), int(score))
        for block in space.blocks()
        for growth, score in zip(block.growth(np.arange(len(block.scores))), block.scores, strict=True)
    ]
    assert found == [(line, plain_score(given, parts)) for line, parts in plain_partitions(stations, sets).items()]


@pytest.mark.parametrize("pct", [1, 10, 50, 100])
@pytest.mark.parametrize(("stations", "sets"), [(8, 4), (8, 2)])
def test_kept_are_the_best_ties_included(stations, sets, pct):
    given = covariates(stations, 1)
    plain = {line: plain_score(given, parts) for line, parts in plain_partitions(stations, sets).items()}
    cutoff = sorted(plain.values())[ceil(len(plain) * pct / 100) - 1]
    kept = [line for line, score in plain.items() if score <= cutoff]
    candidates = keep_best(PartitionSpace(given, sets=sets), pct=pct)
    assert (candidates.distribution.cutoff, candidates.kept_partitions) == (cutoff, len(kept))
    assert candidates.sha256 == hashlib.sha256("".join(f"{line}\n" for line in kept).encode()).hexdigest()
    for first, second in combinations(range(stations), 2):
        together = sum(line[first] == line[second] for line in kept)
        assert candidates.together[first, second] == together


def test_stations_that_are_all_alike_leave_every_assignment():
    same = Covariates(np.zeros((8, 2), dtype=np.int64), np.ones(2, dtype=np.int64))
    candidates = keep_best(PartitionSpace(same, sets=4), pct=1)
    assert candidates.kept == candidates.assignments == 2_520


def test_each_kept_assignment_is_drawn_equally_often():
    space, codes = PartitionSpace(covariates(6), sets=3), list("uvwxyz")
    candidates = keep_best(space, pct=20)
    seen = Counter(
        tuple(draw_constrained(space, candidates, codes, ARMS[:3], seed=str(seed)).values()) for seed in range(3000)
    )
    assert len(seen) == candidates.kept == 18
    assert chisquare(list(seen.values())).pvalue > 0.01


@pytest.mark.requirement("F8")
@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_any_seed_draws_equal_arms_within_the_cutoff(seed):
    space, codes = PartitionSpace(covariates(8), sets=4), [str(n) for n in range(8)]
    candidates = keep_best(space, pct=10)
    assignment = draw_constrained(space, candidates, codes, ARMS, seed=str(seed))
    assert Counter(assignment.values()) == dict.fromkeys(ARMS, 2)
    places = [[int(code) for code, arm in assignment.items() if arm == wanted] for wanted in ARMS]
    assert partition_score(space, places) <= candidates.distribution.cutoff


def test_balance_score_is_the_weighted_sum_of_squared_differences_between_arm_means():
    columns = {"x": [3.0, 9.5, 4.0, 1.0, 7.0, 2.0, 8.0, 6.0], "y": [10.0, 3.0, 5.0, 8.0, 1.0, 2.0, 9.0, 4.0]}
    codes = [str(n) for n in range(8)]
    given = whole_covariates(
        codes,
        {name: {c: Decimal(str(v)) for c, v in zip(codes, values, strict=True)} for name, values in columns.items()},
        {"y": Decimal("2.5")},
    )
    space, sets = PartitionSpace(given, sets=4), [(0, 1), (2, 3), (4, 5), (6, 7)]
    by_hand = sum(
        weight * (fmean(values[p] for p in first) - fmean(values[p] for p in second)) ** 2 / stdev(values) ** 2
        for weight, values in ((1.0, columns["x"]), (2.5, columns["y"]))
        for first, second in combinations(sets, 2)
    )
    assert balance_score(partition_score(space, sets), space) == pytest.approx(by_hand, rel=1e-3)


def test_matched_sets_are_the_most_alike_of_all():
    given = covariates(8, 2)
    plain = plain_partitions(8, 2)
    best = max(plain, key=lambda line: plain_score(given, plain[line]))
    assert "".join(map(str, best_matched(PartitionSpace(given, sets=2)))) == best


def test_pair_that_chance_does_not_decide_is_found():
    # Two stations far out on opposite sides balance only in one arm; the others are alike.
    values = np.array([[-9], [9], [0], [0], [0], [0]], dtype=np.int64)
    candidates = keep_best(PartitionSpace(Covariates(values, np.ones(1, dtype=np.int64)), sets=3), pct=10)
    shares = {(pair.first, pair.second): pair.share for pair in pair_shares(candidates)}
    assert shares[0, 1] == 1
    assert shares[0, 2] == 0
    assert len(shares) == 15


def test_whole_column_is_standardised_to_four_decimals_and_zero_without_spread():
    assert whole_column([Decimal(1), Decimal(2), Decimal(3)]) == [-10_000, 0, 10_000]
    assert whole_column([Decimal("7.5")] * 4) == [0, 0, 0, 0]
    assert whole_column([Decimal(0), Decimal(0), Decimal(1)]) == [-5774, -5774, 11547]


def test_category_becomes_an_indicator_for_each_level():
    assert indicators("part", {"1": "north", "2": "south", "3": "north"}) == {
        "part=north": {"1": 1, "2": 0, "3": 1},
        "part=south": {"1": 0, "2": 1, "3": 0},
    }


def test_space_that_cannot_be_gone_through_is_refused():
    with pytest.raises(TooManyPartitions, match="96,197,645,544 ways to part 24 stations into 4 sets"):
        PartitionSpace(covariates(24), sets=4)
    with pytest.raises(ValueError, match="7 stations do not part into 4 equal sets"):
        PartitionSpace(covariates(7), sets=4)


def test_progress_is_told_to_the_end():
    told: list[tuple[int, int]] = []
    keep_best(PartitionSpace(covariates(8), sets=4), pct=10, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (105, 105)
    assert told == sorted(told)
