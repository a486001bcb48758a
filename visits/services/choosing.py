"""A supervisor says who goes to a visit; no later plan takes that back while they can go."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.services.refusals import conflicts_reported
from protocol.queries import current_protocol
from visits.choosing import Bar, team_bar
from visits.models import Visit, VisitChange
from visits.queries import staffing
from visits.services.assigning import write_held_teams
from visits.services.moving import held_visit, keep_change, latest_change, visited_woman
from visits.weeks import monday_of

Kind = VisitChange.Kind

WHY_NOT_SHE = {
    Bar.NOT_THERE: _("She is not there that day."),
    Bar.NOT_POSSIBLE: _("Not possible for this visit."),
    Bar.FULL: _("Her day is full of visits that were chosen for her."),
    Bar.OTHER_NUMBER: _("Choose as many officers as go on a visit."),
}


class OfficersNotPossible(StudyError):
    """The rules of sending officers do not allow these on that visit; `bar` says why."""

    code = "officers_not_possible"
    http_status = 422

    def __init__(self, bar: Bar) -> None:
        super().__init__(WHY_NOT_SHE[bar])
        self.bar = bar


class VisitNotOpen(StudyError):
    """Only who goes to a visit that still waits for its log can be chosen."""

    code = "visit_not_open"
    message = _("This visit is logged, missed or re-planned: nobody goes to it any more.")
    http_status = 409


@conflicts_reported
@transaction.atomic
def choose_officers(
    *, by: User, visit: Visit, officer_ids: Collection[int], reason: VisitChange.Reason, now: datetime
) -> VisitChange:
    """Send these officers to a visit of today or later, as the protocol's number has it; others share out the rest.

    Who is away, off, barred from her or full that day cannot be chosen. The same officers again change nothing more.
    Raise ParticipantOutOfReach, ActRefused, VisitNotOpen, NotVisitedNow or OfficersNotPossible.
    """
    require(by, Permission.MOVE_VISITS)
    locked, team = held_visit(by, visit, now), tuple(sorted(officer_ids))
    visited_woman(locked.participant, now)
    if locked.status != Visit.Status.PLANNED or locked.planned_on < timezone.localdate(now):
        raise VisitNotOpen
    latest = latest_change(locked)
    is_same = locked.officers_chosen and locked.officer_ids == team
    if latest is not None and latest.kind == Kind.CHOSEN and is_same:
        return latest
    _check_team(locked, team, now)
    before = locked.officer_ids
    locked.first_officer_id, locked.second_officer_id = (*team, None)[:2]
    locked.officers_chosen = True
    locked.save(update_fields=["first_officer", "second_officer", "officers_chosen"])
    write_held_teams([locked.station_id], [monday_of(locked.planned_on)], now)
    change = keep_change(by, locked, Kind.CHOSEN, reason, locked.planned_on, before, now)
    record(
        actor=by,
        action="visits.choose_officers",
        object_type="visit",
        object_id=locked.pk,
        reason=reason,
        details={"before": list(before), "officers": list(team)},
    )
    return change


def _check_team(visit: Visit, team: tuple[int, ...], now: datetime) -> None:
    (week,) = staffing.station_weeks([visit.station_id], monday_of(visit.planned_on), now)
    (standing,) = (one for one in week.visits if one.visit.key == visit.pk)
    duties = {duty.officer: duty for duty in week.duties}
    size = current_protocol().assignment.officers_a_visit
    bar = team_bar(team, standing, week.visits, duties, size=size)
    if bar is not None:
        raise OfficersNotPossible(bar)
