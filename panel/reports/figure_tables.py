"""The tables of charts that no other table has the numbers of: other allocations, and power."""

from panel.reports.figures import counted, power_points
from panel.reports.findings import Findings
from panel.reports.remarks import said
from panel.reports.table import Table, number
from panel.reports.tables import TableWriter
from panel.reports.words import HEADS, TABLES


def figure_tables(found: Findings, writer: TableWriter, language: str) -> list[Table]:
    """Return the numbers behind the charts of allocations and of power."""
    tables = [
        Table(
            f"distribution_{one.outcome}_{one.treatment}",
            f"{TABLES['distribution'].in_language(language)}: {writer.name_of(one.outcome)}, {one.treatment}",
            tuple(HEADS[head].in_language(language) for head in ("from", "to", "ways")),
            tuple((number(low), number(high), str(count)) for low, high, count in counted(one)),
            writer.marks("planned"),
            (said(one.told, language),),
            is_of_chart=True,
        )
        for one in found.distributions
    ]
    return tables + [
        Table(
            f"power_{one.outcome}",
            f"{TABLES['power'].in_language(language)}: {writer.name_of(one.outcome)}",
            tuple(HEADS[head].in_language(language) for head in ("effect_sd", "chance")),
            tuple((number(effect, 2), number(power)) for effect, power in power_points(one)),
            writer.marks("described"),
            is_of_chart=True,
        )
        for one in found.likeness
        if one.detectable
    ]
