"""Giving arms to drawn stations, so that anyone can draw again and find the same: four methods, one stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stations.stream import shuffled


def allocate(codes: Sequence[str], arms: Sequence[str], *, seed: str, purpose: str = "allocation") -> dict[str, str]:
    """Give each station an arm, arms of equal size, each assignment equally likely (63,063,000 for 16 into 4 × 4).

    Return station code → arm code, sorted by station. Raises ValueError if the arms cannot be of equal size.
    """
    if len(codes) % len(arms):
        message = f"{len(codes)} stations do not part into {len(arms)} equal arms"
        raise ValueError(message)
    size = len(codes) // len(arms)
    order = shuffled(codes, seed=seed, purpose=purpose)
    return dict(sorted((code, arms[place // size]) for place, code in enumerate(order)))


def allocate_in_blocks(blocks: Mapping[str, Sequence[str]], arms: Sequence[str], *, seed: str) -> dict[str, str]:
    """Allocate each block by itself, arms of equal size within it: strata, or matched sets of one station an arm.

    `blocks` maps a block's name to its stations. Raises ValueError naming a block that does not part evenly.
    """
    assignment: dict[str, str] = {}
    for name, codes in sorted(blocks.items()):
        try:
            assignment |= allocate(codes, arms, seed=seed, purpose=f"allocation-{name}")
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return dict(sorted(assignment.items()))


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


def _letter(place: int) -> str:
    """Write 0 as A, 25 as Z, 26 as AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
