"""A table of a report, and how it is written: CSV, LaTeX in the style of an economics paper, numbers as people read."""

import csv
import io
from dataclasses import dataclass

_SMALLEST_P = 0.001
_LATEX = {
    "\\": r"\textbackslash{}", "–": "--", "−": "-", "…": r"\ldots{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"\textbar{}",
} | {sign: f"\\{sign}" for sign in "&%$#_{}"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its code; `marks` are the sentences that must never be lost: blinded, exploratory, by the plan.

    `is_of_chart`: it has the numbers of a chart and nothing else, so that only who asks for them sees them.
    `problems` say what is not in it and why; a table may have nothing but these.
    """

    code: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_of_chart: bool = False
    problems: tuple[str, ...] = ()

    @property
    def below(self) -> tuple[str, ...]:
        """Return what stands below the rows."""
        return (*self.notes, *self.problems)


def number(value: float | None, digits: int = 3) -> str:
    """Write a number; nothing where there is none."""
    return "" if value is None else _unsigned_nothing(f"{value:.{digits}f}")


def chance(value: float | None) -> str:
    """Write a p-value."""
    if value is None:
        return ""
    return f"<{_SMALLEST_P}" if value < _SMALLEST_P else f"{value:.3f}"


def interval(ends: tuple[float, float] | None) -> str:
    """Write an interval."""
    return "" if ends is None else f"[{number(ends[0])}, {number(ends[1])}]"


def _unsigned_nothing(text: str) -> str:
    """Take the sign from what was rounded to nothing."""
    return text if text.strip("-0.") else text.removeprefix("-")


def csv_of(table: Table) -> str:
    """Return the table as CSV, under its title, marks and problems as comments of their own lines."""
    out = io.StringIO()
    out.writelines(f"# {line}\n" for line in (table.title, *table.marks, *table.problems))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([table.header, *table.rows])
    return out.getvalue()


def latex_of(table: Table) -> str:
    """Return the table for LaTeX with the package booktabs."""
    lines = [" & ".join(map(_escaped, row)) + r" \\" for row in table.rows]
    notes = " ".join(map(_escaped, (*table.marks, *table.below)))
    return "\n".join(
        [
            r"\begin{table}[htbp]\centering",
            rf"\caption{{{_escaped(table.title)}}}\label{{tab:{table.code}}}",
            rf"\begin{{tabular}}{{l{'c' * (len(table.header) - 1)}}}",
            r"\toprule",
            " & ".join(map(_escaped, table.header)) + r" \\",
            r"\midrule",
            *lines,
            r"\bottomrule",
            r"\end{tabular}",
            rf"\par\footnotesize {notes}",
            r"\end{table}",
            "",
        ]
    )


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
