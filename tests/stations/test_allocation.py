"""The draw: reproducible, of equal arms, uniform, and told apart from any altered certificate."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from stations.allocation import allocate, balance_table, blind, chance_differences, draw_sample, shuffled
from stations.certificate import CertificateUnreadable, CertificateWrong, build_certificate, check_certificate

ARMS = ["control", "training", "risk_scale", "both"]
CODES = [f"{n:04d}" for n in range(405, 509)]


def a_certificate(seed="20261118"):
    return build_certificate(
        seed=seed, eligible=CODES, size=16, arms=ARMS, frame_sha256="f" * 64, protocol_sha256="p" * 64
    )


@pytest.mark.requirement("F5")
def test_known_answer_that_any_implementation_must_give():
    # int(SHA-256("allocation:3:0"), 16) % 4 = 0 swaps a and d, and so on for blocks 1 (% 3) and 2 (% 2).
    assert shuffled(["a", "b", "c", "d"], seed="3", purpose="allocation") == ["b", "d", "c", "a"]


@pytest.mark.requirement("F5", "F7")
@given(st.integers(0, 10**40 - 1))
def test_any_seed_draws_16_of_the_eligible_into_four_equal_arms(seed):
    certificate = a_certificate(str(seed))
    assert set(certificate["sample"]) <= set(CODES)
    assert Counter(certificate["assignment"].values()) == dict.fromkeys(ARMS, 4)
    assert sorted(certificate["assignment"]) == certificate["sample"]
    assert certificate == a_certificate(str(seed))


def test_each_station_is_drawn_equally_often():
    drawn = Counter(code for seed in range(3000) for code in draw_sample(CODES[:12], 4, seed=str(seed)))
    assert chisquare([drawn[code] for code in CODES[:12]]).pvalue > 0.01


def test_each_assignment_is_equally_likely():
    codes, arms = ["1", "2", "3", "4"], ["a", "b"]
    seen = Counter(
        tuple(code for code, arm in allocate(codes, arms, seed=str(seed)).items() if arm == "a") for seed in range(6000)
    )
    assert set(seen) == set(combinations(codes, 2))
    assert chisquare(list(seen.values())).pvalue > 0.01


def test_too_few_stations_or_unequal_arms_are_refused():
    with pytest.raises(ValueError, match="cannot draw 5 of 4 stations"):
        draw_sample(CODES[:4], 5, seed="1")
    with pytest.raises(ValueError, match="5 stations do not part into 4 equal arms"):
        allocate(CODES[:5], ARMS, seed="1")


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (lambda c: c["assignment"].update({c["sample"][0]: "other"}), r"assignment: .*station \d{4}: other stated"),
        (lambda c: c["sample"].reverse(), "sample: the certificate differs"),
        (lambda c: c.update(seed="2"), "sample: the certificate differs"),
        (lambda c: c["eligible"].pop(), "the certificate differs"),
        (lambda c: c.update(arms=ARMS[:3]), "sample: the stations do not part into equal arms"),
        (lambda c: c.update(eligible=CODES[:15]), "sample: more stations than the certificate calls eligible"),
        (lambda c: c.update(method="chosen"), "expected format"),
        (lambda c: c.update(frame_sha256="0" * 64), "frame_sha256: the frame's hash is f"),
    ],
)
def test_altered_certificate_is_named(alter, named):
    certificate = a_certificate()
    check_certificate(certificate, frame_sha256="f" * 64)
    alter(certificate)
    with pytest.raises(CertificateWrong, match=named):
        check_certificate(certificate, frame_sha256="f" * 64)


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (lambda c: c.pop("seed"), "the certificate lacks seed"),
        (lambda c: c.update(seed=7), "seed: expected a text, found 7"),
        (lambda c: c.update(sample=5), "sample: expected a list of codes, each a text"),
        (lambda c: c.update(arms=[]), "arms: expected a list of codes, each a text"),
        (lambda c: c.update(eligible=[405]), "eligible: expected a list of codes, each a text"),
        (lambda c: c.update(assignment=[]), "assignment: expected an object of station code and arm code"),
        (lambda c: c.update(assignment={"0405": None}), "assignment: expected an object of station code and arm code"),
    ],
)
def test_file_that_is_no_certificate_is_named(alter, named):
    certificate = a_certificate()
    alter(certificate)
    with pytest.raises(CertificateUnreadable, match=named):
        check_certificate(certificate)


def test_balance_compares_arm_means_over_the_pooled_standard_deviation():
    assignment = {"1": "a", "2": "a", "3": "b", "4": "b"}
    covariates = {"officers": {"1": 1.0, "2": 3.0, "3": 5.0, "4": 7.0}, "same": dict.fromkeys("1234", 2.0)}
    officers, same = balance_table(assignment, covariates, ["a", "b"])
    # Means 2 and 6, both variances 2: difference 4 / √2.
    assert officers.means == {"a": 2.0, "b": 6.0}
    assert officers.largest_difference == pytest.approx(2.8284271)
    assert same.largest_difference == 0


def test_blinding_hangs_on_the_secret_not_on_the_seed():
    first, second = blind(CODES[:16], ARMS, nonce=b"1" * 32), blind(CODES[:16], ARMS, nonce=b"2" * 32)
    assert sorted(first.letters.values()) == list("ABCDEFGHIJKLMNOP")
    assert sorted(first.groups.values()) == [1, 2, 3, 4]
    assert sorted(first.numbers.values()) == list(range(1, 17))
    assert first.letters != second.letters
    assert first.numbers != second.numbers


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
