"""Drawing stations and giving them arms, so that anyone can draw again and find the same.

Randomness is a stream of SHA-256 blocks: block i of the stream of seed s for a purpose p is
SHA-256("p:s:i"), read as a 256-bit integer, big-endian. A choice among n takes the first block below the largest
multiple of n, modulo n, so that each is equally likely. Nothing depends on a language's own generator.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import sqrt
from statistics import fmean, variance

METHOD = "simple"
BLOCK_VALUES = 1 << 256


def shuffled(items: Sequence[str], *, seed: str, purpose: str) -> list[str]:
    """Return the items, sorted and then shuffled by Fisher and Yates with the stream of that seed and purpose."""
    order, stream = sorted(items), _blocks(f"{purpose}:{seed}")
    for last in range(len(order) - 1, 0, -1):
        chosen = _below(last + 1, stream)
        order[last], order[chosen] = order[chosen], order[last]
    return order


def draw_sample(codes: Sequence[str], size: int, *, seed: str) -> list[str]:
    """Draw `size` of the station codes, each set of them equally likely; sorted. Raises ValueError if too few."""
    if size > len(set(codes)):
        message = f"cannot draw {size} of {len(set(codes))} stations"
        raise ValueError(message)
    return sorted(shuffled(list(set(codes)), seed=seed, purpose="sample")[:size])


def allocate(codes: Sequence[str], arms: Sequence[str], *, seed: str) -> dict[str, str]:
    """Give each station an arm, arms of equal size, each assignment equally likely (63,063,000 for 16 into 4 × 4).

    Return station code → arm code, sorted by station. Raises ValueError if the arms cannot be of equal size.
    """
    if len(codes) % len(arms):
        message = f"{len(codes)} stations do not part into {len(arms)} equal arms"
        raise ValueError(message)
    size = len(codes) // len(arms)
    order = shuffled(codes, seed=seed, purpose="allocation")
    return dict(sorted((code, arms[place // size]) for place, code in enumerate(order)))


@dataclass(frozen=True, slots=True)
class Blinding:
    """What readers see instead of names: a study number and a letter for each station, a group number for each arm."""

    numbers: Mapping[str, int]
    letters: Mapping[str, str]
    groups: Mapping[str, int]


def blind(codes: Sequence[str], arms: Sequence[str], *, nonce: bytes) -> Blinding:
    """Permute stations into numbers 1…n and letters, arms into groups, by a secret that the seed does not reveal."""
    secret = nonce.hex()
    numbers = {code: place + 1 for place, code in enumerate(shuffled(codes, seed=secret, purpose="numbers"))}
    letters = {code: _letter(place) for place, code in enumerate(shuffled(codes, seed=secret, purpose="letters"))}
    groups = {arm: place + 1 for place, arm in enumerate(shuffled(arms, seed=secret, purpose="groups"))}
    return Blinding(numbers, letters, groups)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One covariate: its mean in each arm, and the largest standardised difference between two arms."""

    covariate: str
    means: Mapping[str, float]
    largest_difference: float


def balance_table(
    assignment: Mapping[str, str], covariates: Mapping[str, Mapping[str, float]], arms: Sequence[str]
) -> list[BalanceRow]:
    """Compare the arms at cluster level, without tests: means, and differences over the pooled standard deviation.

    `covariates` maps a covariate to station code → value. The pooled variance is the mean of the arms' variances
    (n − 1); where every station has the same value the difference is 0.
    """
    rows = []
    for covariate, values in covariates.items():
        groups = [[values[code] for code, arm in assignment.items() if arm == wanted] for wanted in arms]
        means = [fmean(group) for group in groups]
        pooled = sqrt(fmean(variance(group) if len(group) > 1 else 0.0 for group in groups))
        spread = max(means) - min(means)
        difference = spread / pooled if pooled else 0.0 if spread == 0 else float("inf")
        rows.append(BalanceRow(covariate, dict(zip(arms, means, strict=True)), difference))
    return rows


@lru_cache
def chance_differences(arms: int, per_arm: int) -> tuple[float, float]:
    """Return the largest difference that chance alone gives: in the middle draw, and in one draw of twenty.

    In standard deviations of stations, as `balance_table` reports it: the studentised range of `arms` means with
    arms × (per_arm − 1) degrees of freedom, over √per_arm. Raises ValueError for fewer than two stations an arm.
    """
    if per_arm < 2:  # noqa: PLR2004 (one station has no spread)
        raise ValueError("chance has no measure with one station an arm")
    from scipy.stats import studentized_range  # noqa: PLC0415 (half a second or more, in every process of the study)

    middle, rare = studentized_range.ppf([0.5, 0.95], arms, arms * (per_arm - 1)) / sqrt(per_arm)
    return float(middle), float(rare)


def _blocks(prefix: str) -> Iterator[int]:
    for number in count():
        yield int.from_bytes(hashlib.sha256(f"{prefix}:{number}".encode()).digest(), "big")


def _below(bound: int, stream: Iterator[int]) -> int:
    limit = BLOCK_VALUES - BLOCK_VALUES % bound
    return next(block for block in stream if block < limit) % bound


def _letter(place: int) -> str:
    """Write 0 as A, 25 as Z, 26 as AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
