"""The recorded rules by which women are chosen to be asked for an interview, and who comes next when one does not talk.

Every candidate has a rank, SHA-256 of the seed and her study code: whoever has the seed and the candidates draws again
and finds the same women, in whatever order they are given, and who comes next does not hang on who dropped out first.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

YOUNGER_UNTIL = 34
HIGHER_FROM_RANK = 2


class Rule(TextChoices):
    """How the women of a group are chosen among those who consent."""

    PURPOSIVE_GRID = "purposive_grid", _("Grid of first level and age, districts spread")
    SEEDED_RANDOM = "seeded_random", _("By seed alone")


class Cell(TextChoices):
    """A cell of the grid: the level of the first sheet, and the age at enrolment."""

    LOWER_YOUNGER = "lower_younger", _("Lower first level, up to 34 years")
    LOWER_OLDER = "lower_older", _("Lower first level, 35 years or more")
    HIGHER_YOUNGER = "higher_younger", _("Higher first level, up to 34 years")
    HIGHER_OLDER = "higher_older", _("Higher first level, 35 years or more")
    UNKNOWN = "unknown", _("First level not known")


# In this order the grid is filled; who has no first level comes last.
_CELLS = tuple(Cell.values)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A woman who could be asked: her row, her study code, her group (the arm), her cell and her station's district."""

    id: int
    code: str
    group: str
    cell: str
    district: str


def cell_of(*, level_rank: int | None, age: int) -> Cell:
    """Return the cell of a woman by the rank of her first level (0 the lowest; None not known) and her age."""
    if level_rank is None:
        return Cell.UNKNOWN
    is_higher, is_younger = level_rank >= HIGHER_FROM_RANK, age <= YOUNGER_UNTIL
    if is_higher:
        return Cell.HIGHER_YOUNGER if is_younger else Cell.HIGHER_OLDER
    return Cell.LOWER_YOUNGER if is_younger else Cell.LOWER_OLDER


def choose(candidates: Iterable[Candidate], *, rule: str, per_group: int, seed: str) -> list[Candidate]:
    """Choose `per_group` women of each group, in an order that tells nothing of the group.

    By seed alone: those of the lowest rank. By grid: the cells take turns, and within a cell a district that the group
    has not yet comes before the rank. A group that is too small gives all that it has.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.group, []).append(candidate)
    chosen = [woman for group in groups.values() for woman in _of_group(group, rule, per_group, seed)]
    return sorted(chosen, key=lambda woman: (_rank(f"{seed}\0order", woman.code), woman.code))


def next_in_place_of(
    leaving: Candidate, candidates: Sequence[Candidate], held: Collection[Candidate], *, rule: str, seed: str
) -> Candidate | None:
    """Return who is asked instead of a woman, by the same rule: of her group, and by grid of her cell if it has any.

    `held` are the women chosen before, who are not chosen again. None when nobody of her group is left.
    """
    taken = {woman.id for woman in held}
    left = [woman for woman in candidates if woman.group == leaving.group and woman.id not in taken]
    alike = [woman for woman in left if woman.cell == leaving.cell]
    if rule == Rule.PURPOSIVE_GRID and alike:
        left = alike
    districts = {woman.district for woman in held if woman.group == leaving.group and woman.id != leaving.id}
    return min(left, key=lambda woman: _order(woman, districts, rule, seed), default=None)


def candidates_digest(candidates: Iterable[Candidate], *, nonce: bytes) -> str:
    """Return SHA-256 of the candidates under a nonce: without it, nobody can try which groups would give the digest."""
    lines = sorted(f"{woman.code}\t{woman.group}\t{woman.cell}\t{woman.district}" for woman in candidates)
    return hashlib.sha256(nonce + "\n".join(lines).encode()).hexdigest()


def _of_group(group: Sequence[Candidate], rule: str, per_group: int, seed: str) -> Iterator[Candidate]:
    left, districts, turn = list(group), set[str](), 0
    for _place in range(min(per_group, len(group))):
        pool = left
        if rule == Rule.PURPOSIVE_GRID:
            cells = [cell for cell in _CELLS if any(woman.cell == cell for woman in left)]
            cell = next((cell for cell in cells if _CELLS.index(cell) >= turn), cells[0])
            turn = _CELLS.index(cell) + 1
            pool = [woman for woman in left if woman.cell == cell]
        woman = min(pool, key=lambda candidate: _order(candidate, districts, rule, seed))
        left.remove(woman)
        districts.add(woman.district)
        yield woman


def _order(woman: Candidate, districts: Collection[str], rule: str, seed: str) -> tuple[bool, str, str]:
    is_met = rule == Rule.PURPOSIVE_GRID and woman.district in districts
    return is_met, _rank(seed, woman.code), woman.code


def _rank(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}\0{code}".encode()).hexdigest()
