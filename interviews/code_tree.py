"""The codebook as a tree: who stands under whom, what was merged into what, in which colour."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

# Told apart by people with any kind of colour vision. Source: M. Okabe and K. Ito, Color Universal Design (2002).
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999")
_Parts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code with what it stands under, if anything, and what it was merged into, if it was."""

    id: UUID
    name: str
    parent: UUID | None
    merged_into: UUID | None = None


def nearest_colour(written: str) -> int:
    """Return the place in COLOURS of the one that is closest to a colour of another program ("#rrggbb")."""
    wanted = _parts(written)

    def distance(place: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(_parts(COLOURS[place]), wanted, strict=True))

    return min(range(len(COLOURS)), key=distance)


def _parts(colour: str) -> _Parts:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def standing(codes: Iterable[CodeNode]) -> dict[UUID, UUID]:
    """Return for each code the one that counts today: itself, or at the end of its merges."""
    merged = {code.id: code.merged_into for code in codes}

    def counts(code: UUID) -> UUID:
        into = merged[code]
        return code if into is None else counts(into)

    return {code: counts(code) for code in merged}


def in_order(codes: Iterable[CodeNode]) -> list[tuple[CodeNode, int]]:
    """Return the codes that were not merged with their depth, each before what stands under it, by name."""
    under: dict[UUID | None, list[CodeNode]] = {}
    for code in sorted(codes, key=lambda code: (code.name.casefold(), str(code.id))):
        if code.merged_into is None:
            under.setdefault(code.parent, []).append(code)

    def walked(parent: UUID | None, depth: int) -> Iterator[tuple[CodeNode, int]]:
        for code in under.get(parent, ()):
            yield code, depth
            yield from walked(code.id, depth + 1)

    return list(walked(None, 0))


def may_stand_under(code: UUID, parent: UUID | None, parents: Mapping[UUID, UUID | None]) -> bool:
    """Say whether a code may stand under another: not under itself, nor under what stands under it."""
    above = parent
    while above is not None:
        if above == code:
            return False
        above = parents.get(above)
    return True
