"""The smallest p that a comparison can reach, against a count of every assignment."""

from itertools import permutations

import numpy as np
import pytest

from stations.constrained import keep_best, partition_score
from stations.partitions import Covariates, PartitionSpace
from stations.reachable import Contrast, Reach, contrasts, reach_by_score, reach_in_blocks

FACTORS = {
    "control": {"training": False, "risk": False},
    "training": {"training": True, "risk": False},
    "risk": {"training": False, "risk": True},
    "both": {"training": True, "risk": True},
}
ARMS = list(FACTORS)
PAIR = Contrast("training – control", (("control", "training"),))
MAIN = Contrast("training", (("control", "training"), ("risk", "both")))


def test_contrasts_of_two_factors_are_two_main_effects_and_six_pairs():
    found = contrasts(FACTORS)
    assert [contrast.name for contrast in found[:2]] == ["training", "risk"]
    assert found[0] == MAIN
    assert found[1].pairs == (("control", "risk"), ("training", "both"))
    assert len(found) == 8
    assert PAIR in found


def test_one_factor_alone_has_no_main_effect_beside_its_pair():
    assert [c.name for c in contrasts({"no": {"x": False}, "yes": {"x": True}})] == ["yes – no"]


def of(size, blocks):
    codes = [[f"{block}{place}" for place in range(size)] for block in range(blocks)]
    return codes, {code: ARMS[place * 4 // size] for block in codes for place, code in enumerate(block)}


@pytest.mark.parametrize(
    ("size", "blocks", "contrast", "ways", "smallest_p", "out_of_reach"),
    [
        (16, 1, PAIR, 70, 2 / 70, False),
        (16, 1, MAIN, 4900, 2 / 4900, False),
        # domain.md §5: blocks of four leave 16 ways, so p is never below .125.
        (4, 4, PAIR, 16, 0.125, True),
        (4, 4, MAIN, 256, 2 / 256, False),
        (8, 2, PAIR, 36, 2 / 36, True),
        (4, 5, PAIR, 32, 0.0625, True),
        (4, 6, PAIR, 64, 0.03125, False),
        (4, 1, PAIR, 2, 1.0, True),
    ],
)
def test_ways_within_blocks(size, blocks, contrast, ways, smallest_p, out_of_reach):
    codes, assignment = of(size, blocks)
    assert reach_in_blocks(codes, assignment, [contrast]) == [Reach(contrast, ways)]
    assert Reach(contrast, ways).smallest_p == pytest.approx(smallest_p)
    assert Reach(contrast, ways).is_out_of_reach == out_of_reach


@pytest.mark.parametrize(("ways", "out_of_reach"), [(39, True), (40, False), (41, False)])
def test_reach_ends_at_p_of_05(ways, out_of_reach):
    assert Reach(PAIR, ways).is_out_of_reach == out_of_reach


@pytest.mark.parametrize("contrast", contrasts(FACTORS), ids=lambda contrast: contrast.name)
def test_ways_within_the_cutoff_are_those_of_a_plain_count(contrast):
    generator = np.random.default_rng(3)
    given = Covariates(generator.integers(-30_000, 30_000, (8, 2)), np.array([1_000, 700]))
    space = PartitionSpace(given, sets=4)
    cutoff = keep_best(space, pct=30).distribution.cutoff
    drawn = ["control", "training", "risk", "both", "both", "risk", "training", "control"]
    assert score_of(space, drawn) <= cutoff
    # Keeps which stations the two arms of each pair have together, and everything else.
    merged = {arm: pair for pair in contrast.pairs for arm in pair}
    pattern = [merged.get(arm, arm) for arm in drawn]
    plain = sum(
        [merged.get(arm, arm) for arm in other] == pattern and score_of(space, other) <= cutoff
        for other in set(permutations(drawn))
    )
    assert [reach.ways for reach in reach_by_score(given, cutoff, drawn, [contrast])] == [plain]


def score_of(space, arms):
    return partition_score(space, [[place for place, own in enumerate(arms) if own == arm] for arm in ARMS])
