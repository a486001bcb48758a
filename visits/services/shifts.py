"""When officers are there: their shifts and absences; the visits that this changes find others at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.absences import AbsenceWithdrawn, AwayAlready, require_days
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from stations.models import Officer
from visits.models import Absence, Shift, Visit, VisitChange
from visits.queries.staffing import officers_in_reach, open_visits, stations_ahead
from visits.services.assigning import AssignmentCounts, hold_weeks, write_teams
from visits.weeks import WEEK, monday_of

MOST_VISITS_A_DAY = 40


class OfficerOutOfReach(StudyError):
    """A supervisor sets the shifts of her own station."""

    code = "officer_out_of_reach"
    message = _("This officer does not serve at your station today.")
    http_status = 403


class ShiftInvalid(StudyError):
    """A shift has hours in order and a number of visits that can be made."""

    code = "shift_invalid"
    message = _("Choose weekdays, hours in order, and at most 40 visits a day.")
    http_status = 422


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """The weekdays (ISO: 1 Monday … 7 Sunday), the hours, and the most visits a day."""

    weekdays: tuple[int, ...]
    starts_at: time
    ends_at: time
    visits_a_day: int

    @property
    def is_valid(self) -> bool:
        days = set(self.weekdays)
        in_order = self.starts_at < self.ends_at
        return in_order and days <= set(range(1, 8)) and 0 <= self.visits_a_day <= MOST_VISITS_A_DAY


@transaction.atomic
def set_shift(*, by: User, officer: Officer, times: ShiftTimes, now: datetime) -> Shift:
    """Set when an officer goes on visits, and share out her station's open visits by it.

    Raise OfficerOutOfReach or ShiftInvalid.
    """
    held = _in_reach(by, officer, now)
    if not times.is_valid:
        raise ShiftInvalid
    before = Shift.objects.filter(officer=held).first()
    shift, _is_new = Shift.objects.update_or_create(
        officer=held,
        defaults={
            "weekdays": sorted(set(times.weekdays)),
            "starts_at": times.starts_at,
            "ends_at": times.ends_at,
            "visits_a_day": times.visits_a_day,
            "changed_at": now,
            "changed_by": by,
        },
    )
    counts = _share_out(held, now)
    record(
        actor=by,
        action="visits.set_shift",
        object_type="officer",
        object_id=held.code,
        details={"was": _told(before), "is": _told(shift), "changed": counts.changed, "unmet": counts.unmet},
    )
    return shift


@transaction.atomic
def record_absence(
    *, by: User, officer: Officer, starts_on: date, ends_on: date | None, reason: Absence.Reason, now: datetime
) -> tuple[Absence, AssignmentCounts]:
    """Note that an officer is away, and give her open visits of those days to others who have room.

    Return the absence, and how many visits changed hands or found none. Raise OfficerOutOfReach, AbsenceInvalid or
    AwayAlready.
    """
    held = _in_reach(by, officer, now)
    require_days(starts_on, ends_on, timezone.localdate(now))
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                officer=held, starts_on=starts_on, ends_on=ends_on, reason=reason, recorded_at=now, recorded_by=by
            )
    except IntegrityError as error:
        raise AwayAlready from error
    before = _open_teams(held, now)
    counts = _share_out(held, now)
    _keep_changes(absence, before)
    record(
        actor=by,
        action="visits.record_absence",
        object_type="officer",
        object_id=held.code,
        reason=reason,
        details={
            "from": starts_on.isoformat(),
            "until": ends_on.isoformat() if ends_on else None,
            "changed": counts.changed,
            "unmet": counts.unmet,
        },
    )
    return absence, counts


@transaction.atomic
def withdraw_absence(*, by: User, absence: Absence, now: datetime) -> AssignmentCounts:
    """Take back an absence: she goes again where she was to go before, if nothing else was decided since.

    Raise OfficerOutOfReach or AbsenceWithdrawn.
    """
    held = _in_reach(by, absence.officer, now)
    locked = Absence.objects.select_for_update().get(pk=absence.pk)
    if locked.withdrawn_at is not None:
        raise AbsenceWithdrawn
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    before = _open_teams(held, now)
    _give_back(locked, before, now)
    counts = _share_out(held, now)
    changed = sum(team != before.get(pk) for pk, team in _open_teams(held, now).items())
    record(
        actor=by,
        action="visits.withdraw_absence",
        object_type="officer",
        object_id=held.code,
        details={"from": locked.starts_on.isoformat(), "changed": changed},
    )
    return AssignmentCounts(changed, counts.unmet)


def _in_reach(by: User, officer: Officer, now: datetime) -> Officer:
    """Return the officer under a lock. Raise OfficerOutOfReach."""
    require(by, Permission.MANAGE_SHIFTS)
    if not officers_in_reach(by, on=timezone.localdate(now)).filter(pk=officer.pk).exists():
        raise OfficerOutOfReach
    return Officer.objects.select_for_update().get(pk=officer.pk)


def _share_out(officer: Officer, now: datetime) -> AssignmentCounts:
    """Give the open visits of her stations, this week and the next, to whoever can go now."""
    return write_teams(stations_ahead(officer, now), _mondays(now), now)


def _open_teams(officer: Officer, now: datetime) -> dict[UUID, tuple[int, ...]]:
    """Hold her stations' weeks, and return who goes to their open visits."""
    stations, mondays = stations_ahead(officer, now), _mondays(now)
    hold_weeks(stations, mondays, now)
    return {
        visit.pk: visit.officer_ids for monday in mondays for visit in open_visits(stations, monday, now).order_by("pk")
    }


def _keep_changes(absence: Absence, before: Mapping[UUID, tuple[int, ...]]) -> None:
    """Keep which visits an absence gave to others, so that they can be given back."""
    changed = [
        visit for visit in Visit.objects.filter(pk__in=before).order_by("pk") if visit.officer_ids != before[visit.pk]
    ]
    VisitChange.objects.bulk_create(
        VisitChange(
            visit=visit,
            absence=absence,
            kind=VisitChange.Kind.HANDED_OVER,
            reason=VisitChange.Reason.OFFICER_AWAY,
            day_before=visit.planned_on,
            day_after=visit.planned_on,
            officers_before=list(before[visit.pk]),
            officers_after=list(visit.officer_ids),
            changed_by=absence.recorded_by,
            changed_at=absence.recorded_at,
        )
        for visit in changed
    )


def _give_back(absence: Absence, now_go: Mapping[UUID, tuple[int, ...]], now: datetime) -> None:
    """Send those who were to go before the absence to the visits that still are as it left them."""
    for change in absence.changes.filter(undone_at=None, visit__in=now_go).order_by("pk"):
        if now_go[change.visit_id] == tuple(change.officers_after):
            first, second = (*change.officers_before, None, None)[:2]
            Visit.objects.filter(pk=change.visit_id).update(first_officer=first, second_officer=second)
    absence.changes.filter(undone_at=None).update(undone_at=now)


def _mondays(now: datetime) -> tuple[date, date]:
    monday = monday_of(timezone.localdate(now))
    return monday, monday + WEEK


def _told(shift: Shift | None) -> dict[str, object] | None:
    if shift is None:
        return None
    hours = f"{shift.starts_at:%H:%M}-{shift.ends_at:%H:%M}"
    return {"weekdays": shift.weekdays, "hours": hours, "visits_a_day": shift.visits_a_day}
