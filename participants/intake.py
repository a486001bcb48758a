"""Which reports are new, and whose: the rule that lets no woman stand twice among those to be screened."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from participants.lookups import Digests
from participants.report_entry import ReportEntry
from participants.report_lookups import person_marks
from participants.vault import Lookup


class Fate(StrEnum):
    """What becomes of a report that comes in."""

    NEW = "new"
    SAME_WOMAN = "same_woman"
    ENROLLED = "enrolled"
    AGAIN = "again"
    CONFLICT = "conflict"


KEPT = frozenset({Fate.NEW, Fate.SAME_WOMAN, Fate.ENROLLED})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report that comes in: its row in the file (1 if typed), its station, and its hashes."""

    row: int
    station_id: int
    entry: ReportEntry
    digests: Digests


@dataclass(frozen=True, slots=True)
class Known:
    """A report that is stored, or stands further up in the same file (negative ids, in its order).

    `first_id` is her first report: the one that is screened, at `station_id`. `is_closed` says that she was found not
    eligible there. `person` has the hashes of document and name.
    """

    report_id: int
    first_id: int
    station_id: int
    person: frozenset[bytes]
    code: str = ""
    row: int = 0
    participant_id: int | None = None
    is_closed: bool = False


@dataclass(slots=True)
class KnownReports:
    """What can be found of earlier reports and enrolled women: by number, and by a person's marks."""

    by_number: dict[bytes, Known] = field(default_factory=dict)
    by_person: dict[bytes, list[Known]] = field(default_factory=dict)
    enrolled: dict[bytes, int] = field(default_factory=dict)

    def add(self, known: Known, *, numbers: Iterable[bytes], marks: Iterable[bytes]) -> None:
        """Let a report be found from now on."""
        self.by_number.update(dict.fromkeys(numbers, known))
        for mark in marks:
            self.by_person.setdefault(mark, []).append(known)


@dataclass(frozen=True, slots=True)
class Planned:
    """The fate of a report: the earlier one that it repeats or follows, and whose it is if she is enrolled."""

    incoming: Incoming
    fate: Fate
    earlier: Known | None = None
    participant_id: int | None = None


def plan_intake(incoming: Sequence[Incoming], known: KnownReports) -> list[Planned]:
    """Decide what becomes of each report, in order; those kept count as known for those after them.

    The same number at a station is the same report, unless it stands for somebody else (a conflict: nothing is lost
    silently). A woman who is enrolled is no candidate again. Otherwise a further report joins her first one; only where
    she was found not eligible at another station may she be screened at this one.
    """
    return [_planned(-place, report, known) for place, report in enumerate(incoming, start=1)]


def _planned(own_id: int, report: Incoming, known: KnownReports) -> Planned:
    numbers = list(report.digests[Lookup.REPORT_NUMBER].values())
    person = frozenset(_person(report.digests))
    for number in numbers:
        if same := known.by_number.get(number):
            return Planned(report, Fate.AGAIN if person & same.person else Fate.CONFLICT, same)
    marks = list(person_marks(report.digests))
    first = _first_report(marks, report.station_id, known)
    participant_id = next((known.enrolled[mark] for mark in marks if mark in known.enrolled), None)
    if participant_id is None and first is not None:
        participant_id = first.participant_id
    known.add(
        Known(
            report_id=own_id,
            first_id=first.first_id if first else own_id,
            station_id=first.station_id if first else report.station_id,
            person=person,
            row=report.row,
            participant_id=participant_id,
        ),
        numbers=numbers,
        marks=marks,
    )
    if participant_id is not None:
        return Planned(report, Fate.ENROLLED, first, participant_id)
    return Planned(report, Fate.SAME_WOMAN if first else Fate.NEW, first)


def _first_report(marks: Iterable[bytes], station_id: int, known: KnownReports) -> Known | None:
    """Return an earlier report of hers that this one follows: one at this station before any other."""
    alike = [found for mark in marks for found in known.by_person.get(mark, ())]
    here = (found for found in alike if found.station_id == station_id)
    return next(here, None) or next((found for found in alike if not found.is_closed), None)


def _person(digests: Digests) -> Iterator[bytes]:
    for kind in (Lookup.DOCUMENT, Lookup.NAME):
        yield from digests.get(kind, {}).values()
