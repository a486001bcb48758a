"""Sessions, their rosters, and what was written down of each officer."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from stations.models import Officer, Posting
from training.attendance import Entry
from training.models import Attendance, Session
from training.queries.coverage import modules_attended

EntryKey = tuple[int, int]
"""Officer's id and module number."""


def sessions() -> QuerySet[Session]:
    """Return every session, newest day first, with `came`: the number of officers who came to any of it."""
    came = Count("attendances__officer", filter=Q(attendances__came=True), distinct=True)
    return Session.objects.annotate(came=came).order_by("-held_on", "-start_time", "-id")


def sessions_shown(show: str) -> QuerySet[Session]:
    """Return the sessions of a status, the deviations from the protocol ("deviation"), or all of them ("")."""
    if show == "deviation":
        return sessions().exclude(deviation_reason="")
    return sessions().filter(status=show) if show else sessions()


def sessions_to_write_down(today: date) -> QuerySet[Session]:
    """Return the sessions whose day is over and of which nobody wrote down who came, the latest first."""
    return sessions_shown(Session.Status.PLANNED).filter(held_on__lt=today)


def roster(session: Session) -> list[Officer]:
    """Return, by code, the officers whom a session is for, and those already written down for it.

    These are the officers who served at its station on its day; of a catch-up session, those of them who had missed one
    of its modules until then.
    """
    recorded = Q(attendances__session=session)
    serving = Q(postings__in=Posting.objects.serving(session.held_on).filter(station=session.station_id))
    officers = Officer.objects.filter(recorded | serving).distinct().order_by("code")
    if session.kind == Session.Kind.REGULAR:
        return list(officers)
    attended = modules_attended(until=session.held_on, apart_from=session)
    recorded_ids = set(session.attendances.values_list("officer_id", flat=True))
    wanted = set(session.modules)
    return [one for one in officers if one.pk in recorded_ids or wanted - attended.get(one.pk, set())]


def recorded(session: Session) -> Mapping[EntryKey, Attendance]:
    """Return the stored lines of a session's roster, by officer and module."""
    return {(row.officer_id, row.module): row for row in session.attendances.all()}


def entries(session: Session) -> Mapping[EntryKey, Entry]:
    """Return what is written down of a session, by officer and module."""
    return {key: as_entry(row) for key, row in recorded(session).items()}


def as_entry(row: Attendance) -> Entry:
    """Return a stored line of a roster as plain values."""
    return Entry(row.came, row.minutes_late, row.absence, row.score_before, row.score_after)


def starts_at(session: Session) -> datetime:
    """Return the moment a session begins; where only its day is known, when that day begins."""
    moment = datetime.combine(session.held_on, session.start_time or time.min)
    return timezone.make_aware(moment)
