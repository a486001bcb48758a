"""The women who reported as tables: whole for the administrator, without small cells for the board."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TypeVar

from monitoring.shares import share, shown_share
from panel.small_cells import shown_table
from participants.recruitment import Flow, FlowCell

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One line: its label, what came of the women in the order of Flow, and how many there were; None is not shown.

    `agreed_pct` is the consent rate: of the eligible women who said whether they want to take part, those enrolled.
    """

    label: str
    counts: tuple[int | None, ...]
    reported: int | None
    agreed_pct: int | None


def flow_table(
    cells: Sequence[FlowCell],
    labels: Mapping[Key, str],
    *,
    by: Callable[[FlowCell], Key],
    total: str,
    hides_small: bool,
) -> list[FlowRow]:
    """Return a line for each key of `labels`, in its order, from the cells that `by` gives that key; then the total."""
    flows: dict[Key, Flow] = dict.fromkeys(labels, Flow())
    for cell in cells:
        if by(cell) in flows:
            flows[by(cell)] += cell.flow
    summed = [*flows.values(), sum(flows.values(), Flow())]
    table: list[list[int | None]]
    if hides_small and flows:
        table = shown_table([astuple(flow) for flow in flows.values()])
    else:
        table = [[*astuple(flow), flow.reported] for flow in summed]
    part = shown_share if hides_small else share
    return [
        FlowRow(label, tuple(counts[:-1]), counts[-1], part(flow.enrolled, flow.enrolled + flow.refused))
        for label, counts, flow in zip((*labels.values(), total), table, summed, strict=True)
    ]
