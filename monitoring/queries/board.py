"""What the board reads each week: the whole study in counts, nobody named, no station and no arm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from audit.models import Checkpoint, Event
from audit.queries import latest_checkpoint
from complaints.queries import complaint_counts
from data_protection.models import DataIncident, DataRequest
from monitoring.queries.contamination import ledger_entries
from participants.models import AccessNotice, ContactOverride, Participant, Withdrawal
from safety.models import AdverseEvent
from training.models import Session
from visits.models import VisitLog

ONE_WEEK = timedelta(days=7)
ACCESSES: Mapping[str, tuple[str, ...]] = {
    "cards_opened": ("participants.open_card", "phone.give_cards"),
    "emergencies": ("participants.open_in_emergency",),
    "reports_read": ("participants.read_report",),
    "searches": ("participants.find",),
    "data_taken": ("panel.export", "panel.download_release"),
}
"""What counts as having had data before one's eyes, by the acts of the audit."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One line: its section and name, how many in the week, and since the beginning (None: not counted)."""

    section: str
    name: str
    in_week: int | None
    in_all: int | None


@dataclass(frozen=True, slots=True)
class BoardWeek:
    """The study at the end of a week, and the last signed check of the audit."""

    monday: date
    lines: list[BoardLine]
    checkpoint: Checkpoint | None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def board_week(monday: date) -> BoardWeek:
    """Count the week that begins on a Monday, and everything since the beginning; a fixed number of queries."""
    first, end = _midnight(monday), _midnight(monday + ONE_WEEK)
    lines = [*_people(monday, first, end), *_events(first, end), *_deviations(monday, first, end)]
    lines += [*_complaints(first, end), *_personal_data(monday, first, end), *_accesses(first, end)]
    return BoardWeek(monday, lines, latest_checkpoint())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _within(field: str, first: datetime | date, end: datetime | date) -> Q:
    return Q(**{f"{field}__gte": first, f"{field}__lt": end})


def _people(monday: date, first: datetime, end: datetime) -> list[BoardLine]:
    """Count every woman enrolled in one line of today: followed, resting, followed to the end, left, lost or died."""
    status = Participant.Status
    left = Q(status=status.WITHDRAWN)
    women = Participant.objects.aggregate(
        all=Count("pk"),
        week=Count("pk", filter=_within("enrolled_on", monday, monday + ONE_WEEK)),
        followed=Count("pk", filter=Q(status=status.ENROLLED)),
        resting=Count("pk", filter=Q(status=status.PAUSED)),
        completed=Count("pk", filter=Q(status=status.COMPLETED)),
        left=Count("pk", filter=left),
        left_week=Count("pk", filter=left & _within("status_changed_at", first, end)),
        lost=Count("pk", filter=Q(status__in=(status.LOST, status.MOVED))),
        died=Count("pk", filter=Q(status=status.DECEASED)),
    )
    parts = Withdrawal.objects.filter(is_whole=False).aggregate(
        all=Count("pk"), week=Count("pk", filter=_within("withdrawn_at", first, end))
    )
    return [
        BoardLine("enrolment", "enrolled", women["week"], women["all"]),
        BoardLine("enrolment", "in_follow_up", None, women["followed"]),
        BoardLine("enrolment", "resting", None, women["resting"]),
        BoardLine("enrolment", "completed", None, women["completed"]),
        BoardLine("withdrawals", "left_whole", women["left_week"], women["left"]),
        BoardLine("withdrawals", "left_part", parts["week"], parts["all"]),
        BoardLine("withdrawals", "lost", None, women["lost"]),
        BoardLine("withdrawals", "died", None, women["died"]),
    ]


def _events(first: datetime, end: datetime) -> list[BoardLine]:
    week, serious = _within("recorded_at", first, end), Q(is_serious=True)
    standing = AdverseEvent.objects.filter(replaced_by=None, withdrawn_at=None)
    found = standing.aggregate(
        serious=Count("pk", filter=serious),
        serious_week=Count("pk", filter=serious & week),
        other=Count("pk", filter=~serious),
        other_week=Count("pk", filter=~serious & week),
    )
    return [
        BoardLine("events", "serious_events", found["serious_week"], found["serious"]),
        BoardLine("events", "other_events", found["other_week"], found["other"]),
    ]


def _deviations(monday: date, first: datetime, end: datetime) -> list[BoardLine]:
    breaches = VisitLog.objects.exclude(breaches=[]).aggregate(
        all=Count("pk"), week=Count("pk", filter=_within("received_at", first, end))
    )
    contacts = ContactOverride.objects.aggregate(
        all=Count("pk"), week=Count("pk", filter=_within("overridden_at", first, end))
    )
    sessions = (
        Session.objects.held()
        .exclude(deviation_reason="")
        .aggregate(all=Count("pk"), week=Count("pk", filter=_within("held_on", monday, monday + ONE_WEEK)))
    )
    mixed = ledger_entries()
    lines = [
        BoardLine("deviations", "visits_otherwise", breaches["week"], breaches["all"]),
        BoardLine("deviations", "contacts_outside", contacts["week"], contacts["all"]),
        BoardLine("deviations", "sessions_otherwise", sessions["week"], sessions["all"]),
    ]
    for kind, name in (("officer", "staff_moved"), ("woman", "participants_moved")):
        days = [one.on for one in mixed if one.kind == kind]
        lines.append(BoardLine("deviations", name, sum(monday <= on < monday + ONE_WEEK for on in days), len(days)))
    return lines


def _complaints(first: datetime, end: datetime) -> list[BoardLine]:
    found = complaint_counts(first, end, today=timezone.localdate())
    return [
        BoardLine("complaints", "complaints_written", found.written, found.written_all),
        BoardLine("complaints", "complaints_serious", found.serious, found.serious_all),
        BoardLine("complaints", "complaints_waiting", None, found.waiting),
        BoardLine("complaints", "complaints_overdue", None, found.overdue),
    ]


def _personal_data(monday: date, first: datetime, end: datetime) -> list[BoardLine]:
    requests = DataRequest.objects.aggregate(
        all=Count("pk"), week=Count("pk", filter=_within("received_on", monday, monday + ONE_WEEK))
    )
    incidents = DataIncident.objects.aggregate(
        all=Count("pk"), week=Count("pk", filter=_within("reported_at", first, end))
    )
    return [
        BoardLine("personal_data", "data_requests", requests["week"], requests["all"]),
        BoardLine("personal_data", "data_incidents", incidents["week"], incidents["all"]),
    ]


def _accesses(first: datetime, end: datetime) -> list[BoardLine]:
    """Count the week alone: the audit is found by its time, and never read whole for a page."""
    found = Event.objects.filter(_within("at", first, end)).aggregate(
        **{name: Count("pk", filter=Q(action__in=actions)) for name, actions in ACCESSES.items()}
    )
    odd = AccessNotice.objects.aggregate(all=Count("pk"), week=Count("pk", filter=_within("raised_at", first, end)))
    lines = [BoardLine("access", name, count, None) for name, count in found.items()]
    return [*lines, BoardLine("access", "odd_accesses", odd["week"], odd["all"])]
