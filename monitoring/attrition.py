"""Women whose survey was not answered, by wave and group: of those whose time has passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.consort import Stage
from monitoring.shares import share
from panel.small_cells import shown_table

ANSWERED = ("done", "partial")


@dataclass(frozen=True, slots=True)
class Attrition:
    """One wave: of each group, and of all in the last place, the per cent not answered; None is not shown.

    `difference` is how many points lie between the groups with most and least; None while one of them is not shown.
    """

    stage: str
    shares: tuple[int | None, ...]
    difference: int | None


@dataclass(frozen=True, slots=True)
class Missed:
    """So many surveys of women whom one station enrolled, missed for one reason, of whatever wave."""

    station_id: int
    reason: str
    cases: int


def attrition(waves: Sequence[Stage], *, hides_small: bool) -> list[Attrition]:
    """Return the attrition of each wave of which some survey is over; `waves` hold all their counts.

    Where small cells are hidden, a share is too that would tell of 1 to 4, or with the others of one that would.
    """
    found = []
    for wave in waves:
        over = [(total or 0) - (waiting or 0) for total, waiting in zip(wave.totals, wave.row("waiting"), strict=True)]
        answered = [
            sum(counts) for counts in zip(*((n or 0 for n in wave.row(line)) for line in ANSWERED), strict=True)
        ]
        if not over[-1]:
            continue
        counts = [answered[:-1], [due - said for due, said in zip(over[:-1], answered[:-1], strict=True)]]
        is_told = [None not in column for column in zip(*shown_table(counts), strict=True)]
        shares = tuple(
            share(due - said, due) if told or not hides_small else None
            for due, said, told in zip(over, answered, is_told, strict=True)
        )
        groups = [one for one in shares[:-1] if one is not None]
        is_whole = len(groups) == len(shares) - 1 > 0
        found.append(Attrition(wave.name, shares, max(groups) - min(groups) if is_whole else None))
    return found


def latest_told(waves: Sequence[Attrition]) -> Attrition | None:
    """Return the last wave of which the share of all is shown: what a picture can say; None without one."""
    return next((wave for wave in reversed(waves) if wave.shares[-1] is not None), None)
