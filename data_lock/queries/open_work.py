"""What is still open in a cut before it is locked: counts alone, each with the page where it is worked on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from back_checks.models import BackCheck
from data_lock.states import LockKind
from quality.models import QualityQuery
from risk.models import Lowering, PhoneSheet
from surveys.models import DataQuery, PaperEntry, PhoneEntry, SurveyCase
from surveys.schedule import HELD, OPEN
from visits.models import Device, LogConflict, Visit


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be locked: its kind, and a wave, or a last day with the moment at which that is over."""

    kind: str
    wave: str = ""
    until: date | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """So many things of one code are open."""

    code: str
    number: int


def open_work(cut: Cut) -> tuple[OpenWork, ...]:
    """Return what is open in a cut, by code, without what is not; a query for each code that fits its kind."""
    counted = ((code, count(cut)) for code, kinds, count in _COUNTS if cut.kind in kinds)
    return tuple(OpenWork(code, number) for code, number in counted if number)


def _surveys_of(cut: Cut, case: str = "") -> Q:
    """Return the condition of surveys in a cut; `case` leads from a row to the survey's case."""
    return Q(**{f"{case}wave": cut.wave}) if cut.wave else Q(**{f"{case}due_on__lte": cut.until})


def _surveys_open(cut: Cut) -> int:
    return SurveyCase.objects.filter(_surveys_of(cut), status__in=OPEN | HELD).count()


def _entries_held(cut: Cut) -> int:
    return PhoneEntry.objects.undecided().filter(_surveys_of(cut, "case__")).count()


def _papers(cut: Cut) -> int:
    entered = PaperEntry.objects.filter(_surveys_of(cut, "case__"), case__status__in=OPEN)
    return entered.order_by().values("case").distinct().count()


def _survey_queries(cut: Cut) -> int:
    waiting = DataQuery.objects.exclude(status=DataQuery.Status.CLOSED)
    return waiting.filter(_surveys_of(cut, "submission__case__")).count()


def _back_checks(cut: Cut) -> int:
    return BackCheck.objects.open().filter(_surveys_of(cut, "submission__case__")).count()


def _visits_without_log(cut: Cut) -> int:
    return Visit.objects.filter(status=Visit.Status.PLANNED, planned_on__lte=cut.until).count()


def _visits_unexplained(cut: Cut) -> int:
    return Visit.objects.filter(status=Visit.Status.MISSED, missed_reason="", planned_on__lte=cut.until).count()


def _conflicts(cut: Cut) -> int:
    return LogConflict.objects.undecided().filter(log__occurred_at__lt=cut.ends_at).count()


def _sheets_marked(cut: Cut) -> int:
    return PhoneSheet.objects.to_look_at().filter(assessment__assessed_at__lt=cut.ends_at).count()


def _lowerings(cut: Cut) -> int:
    return Lowering.objects.waiting().filter(assessment__assessed_at__lt=cut.ends_at).count()


def _findings(cut: Cut) -> int:
    waiting = QualityQuery.objects.waiting()
    if cut.ends_at is None:
        return waiting.filter(desk=QualityQuery.Desk.INTERVIEWER).count()
    return waiting.filter(happened_at__lt=cut.ends_at).count()


def _unsent(_cut: Cut) -> int:
    return Device.objects.in_use().filter(unsent_count__gt=0).count()


_OF_SURVEYS = frozenset({LockKind.SURVEYS, LockKind.EVERYTHING})
_OF_VISITS = frozenset({LockKind.VISITS, LockKind.EVERYTHING})
_OF_SHEETS = frozenset({LockKind.SHEETS, LockKind.EVERYTHING})
_COUNTS: Iterable[tuple[str, frozenset[LockKind], Callable[[Cut], int]]] = (
    ("surveys_open", _OF_SURVEYS, _surveys_open),
    ("entries_held", _OF_SURVEYS, _entries_held),
    ("papers", _OF_SURVEYS, _papers),
    ("survey_queries", _OF_SURVEYS, _survey_queries),
    ("back_checks", _OF_SURVEYS, _back_checks),
    ("visits_without_log", _OF_VISITS, _visits_without_log),
    ("visits_unexplained", _OF_VISITS, _visits_unexplained),
    ("conflicts", _OF_VISITS, _conflicts),
    ("sheets_marked", _OF_SHEETS, _sheets_marked),
    ("lowerings", _OF_SHEETS, _lowerings),
    ("findings", frozenset(LockKind), _findings),
    ("unsent", _OF_VISITS | _OF_SHEETS, _unsent),
)
