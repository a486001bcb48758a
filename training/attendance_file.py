"""The list of attendance that trainers bring, as CSV or XLSX: a row for each officer and module attended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.tables import Columns, NotExpected, Problem, choice, count, day, read_table, text
from training.attendance import BEST_SCORE, LONGEST_DELAY_MINUTES

COLUMNS = ("officer", "module", "held_on", "station")
OPTIONAL_COLUMNS = ("minutes_late", "score_before", "score_after")
WORDS: dict[str, str | Promise] = {
    "up_to": _("expected a whole number from 0 to %(most)s, found %(found)s"),
    "officer": _("no officer has the code %(found)s"),
    "station": _("expected the code of a station of the study, such as Estación 07, found %(found)s"),
    "future": _("the session has not begun yet; attendance is written down once it was held"),
    "posting": _("%(officer)s did not serve at this station on that day"),
    "modules": _("the session at this station on that day is on module %(found)s"),
    "several": _("there are several sessions at this station on that day; write it down on the page of the session"),
    "deviation": _("the protocol plans no session at this station; plan it on its page first, with the reason"),
    "used_up": _("this station has all its sessions for everybody; plan a catch-up session on that day first"),
    "twice": _("the officer, module, day and station of this row stand in row %(first)s already"),
}


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """A row of the list: somebody attended. What a row leaves open (None) stays as it is stored."""

    row: int
    officer: str
    module: int
    held_on: date
    station: str
    minutes_late: int | None
    score_before: int | None
    score_after: int | None


def read_attendance(content: bytes, *, name: str, modules: Sequence[int]) -> tuple[list[AttendanceRow], list[Problem]]:
    """Read a list: the rows that are right by themselves, and every problem; `modules` are those of the protocol.

    Never raises for what a file holds.
    """
    numbers = choice([str(module) for module in modules])
    columns: Columns = {
        "officer": text(16),
        "module": lambda value: int(numbers(value)),
        "held_on": day,
        "station": text(40),
    }
    optional: Columns = {
        "minutes_late": _up_to(LONGEST_DELAY_MINUTES),
        "score_before": _up_to(BEST_SCORE),
        "score_after": _up_to(BEST_SCORE),
    }
    records, problems = read_table(content, columns, name=name, optional=optional)
    return [AttendanceRow(row=row, **values) for row, values in records], problems


def _up_to(most: int) -> Callable[[str], int]:
    def convert(value: str) -> int:
        number = count(value)
        if number > most:
            raise NotExpected("up_to", words=WORDS, most=most, found=repr(value))
        return number

    return convert
