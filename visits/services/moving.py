"""What a supervisor changes of a week by hand: a visit moved, one agreed with her, and either taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import ContactOverride, Participant
from participants.queries import is_within_reach, override_for
from participants.reach import require_no_tie
from participants.safe_contact import Contact
from participants.services import ParticipantOutOfReach, override_contact
from participants.services.refusals import conflicts_reported
from visits import queries
from visits.models import Visit, VisitChange, WeekPlan
from visits.moving import Obstacle, obstacle_on
from visits.queries import board
from visits.services.assigning import hold_weeks, write_held_teams
from visits.services.plan_writing import Planner, planner_at
from visits.week_draft import PlannedWoman
from visits.weeks import monday_of

Status, Kind, Reason = Visit.Status, VisitChange.Kind, VisitChange.Reason

WHY_NOT = {
    Obstacle.OTHER_WEEK: _("A visit stays in its week."),
    Obstacle.BEGUN: _("This day is over, or her hours have begun."),
    Obstacle.TAKEN: _("There is already a visit planned that day."),
    Obstacle.NO_CONSENT: _("Her consent to visits has ended by that day."),
    Obstacle.NOT_SAFE: _("This day is not safe for her."),
}


class DayNotPossible(StudyError):
    """The rules of planning do not allow a visit on that day; `obstacle` says why."""

    code = "day_not_possible"
    http_status = 422

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(WHY_NOT[obstacle])
        self.obstacle = obstacle


class VisitNotMovable(StudyError):
    """Only a visit that is still ahead can be moved."""

    code = "visit_not_movable"
    message = _("This visit is logged, missed or re-planned, or its hours have begun: it cannot be moved.")
    http_status = 409


class NotVisitedNow(StudyError):
    """Nobody goes to a woman who is paused, has left or has not consented."""

    code = "not_visited_now"
    message = _("She is not visited now: her part is paused or has ended.")
    http_status = 409


class WeekIsFull(StudyError):
    """The week has as many visits as are due: another would change what the study compares."""

    code = "week_is_full"
    message = _("This week has all the visits that are due: move one of them instead.")
    http_status = 409


class ChangeNotUndoable(StudyError):
    """Only the latest change of a visit that is still ahead is undone, and once."""

    code = "change_not_undoable"
    message = _("This change cannot be undone any more: the visit was changed, logged or re-planned since.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class OutsideSafeTimes:
    """Why a visit may lie outside her safe times: a code, and a sentence that is sealed."""

    reason: ContactOverride.Reason
    sentence: str


@conflicts_reported
@transaction.atomic
def move_visit(
    *,
    by: User,
    visit: Visit,
    to: date,
    reason: VisitChange.Reason,
    now: datetime,
    outside: OutsideSafeTimes | None = None,
) -> VisitChange:
    """Move a visit to another day of its week by the rules of planning; no later plan takes that back by itself.

    Who goes is found anew. A day that is not safe for her takes an exception. The same day again changes nothing more.
    Raise ParticipantOutOfReach, ActRefused, VisitNotMovable, NotVisitedNow, DayNotPossible, or what
    `override_contact` raises.
    """
    require(by, Permission.MOVE_VISITS)
    locked, monday = held_visit(by, visit, now), monday_of(visit.planned_on)
    planner, woman = planner_at(now), visited_woman(locked.participant, now)
    if not _is_ahead(locked, now):
        raise VisitNotMovable
    latest = latest_change(locked)
    if latest is not None and latest.kind == Kind.MOVED and latest.day_after == locked.planned_on == to:
        return latest
    _check_day(planner, woman, to, monday, board.taken_days(locked), outside, by=by, visit=locked)
    return _moved(by, locked, to, reason, planner)


@conflicts_reported
@transaction.atomic
def agree_visit(*, by: User, participant: Participant, day: date, reason: VisitChange.Reason, now: datetime) -> Visit:
    """Plan a visit that was agreed with her on a safe day, where her week has fewer than are due.

    A missed visit counts as not made. Raise ParticipantOutOfReach, ActRefused, NotVisitedNow, WeekIsFull or
    DayNotPossible.
    """
    require(by, Permission.MOVE_VISITS)
    monday = monday_of(day)
    hold_weeks([participant.station_id], [monday], now, women=[participant.pk])
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    _require_reach(by, locked, now)
    planner, woman = planner_at(now), visited_woman(locked, now)
    plan = WeekPlan.objects.filter(participant=locked, monday=monday, superseded_at=None).first()
    standing = board.standing_of_week(locked.pk, monday)
    if plan is None or sum(visit.status != Status.MISSED for visit in standing) >= plan.target:
        raise WeekIsFull
    obstacle = obstacle_on(
        woman,
        day,
        monday=monday,
        first_day=planner.first_open_day(woman),
        taken={visit.planned_on for visit in standing},
    )
    window = woman.window(planner.cadence)
    if obstacle is not None or window is None:
        raise DayNotPossible(obstacle or Obstacle.NOT_SAFE)
    visit = Visit.objects.create(
        plan=plan,
        participant=locked,
        station_id=locked.station_id,
        planned_on=day,
        window_from=window[0],
        window_until=window[1],
        grace_ends_at=planner.grace_end(day),
        status_changed_at=now,
        day_chosen=True,
    )
    write_held_teams([locked.station_id], [monday], now)
    keep_change(by, visit, Kind.ADDED, reason, None, (), now)
    _record(by, "visits.agree", visit, reason, {"on": day.isoformat()})
    return visit


@conflicts_reported
@transaction.atomic
def undo_change(*, by: User, change: VisitChange, now: datetime) -> Visit:
    """Take back the latest move of a visit, a choice of officers, or an agreed one; the history keeps both.

    Raise ParticipantOutOfReach, ActRefused, ChangeNotUndoable, NotVisitedNow or DayNotPossible.
    """
    require(by, Permission.MOVE_VISITS)
    visit = held_visit(by, change.visit, now)
    held = VisitChange.objects.select_for_update().get(pk=change.pk)
    latest = latest_change(visit)
    is_still_so = _is_open(visit, now) if held.kind == Kind.CHOSEN else _is_ahead(visit, now)
    if latest is None or latest.pk != held.pk or held.kind == Kind.HANDED_OVER or not is_still_so:
        raise ChangeNotUndoable
    monday = monday_of(visit.planned_on)
    if held.kind == Kind.CHOSEN:
        _give_back_officers(visit, held)
        write_held_teams([visit.station_id], [monday], now)
    elif held.day_before is None:
        visit.status, visit.status_changed_at = Status.SUPERSEDED, now
        visit.save(update_fields=["status", "status_changed_at"])
    else:
        planner, woman = planner_at(now), visited_woman(visit.participant, now)
        _check_day(planner, woman, held.day_before, monday, board.taken_days(visit), None, by=by, visit=visit)
        by_hand = visit.changes.filter(undone_at=None, kind__in=(Kind.MOVED, Kind.ADDED))
        still_chosen = by_hand.exclude(pk=held.pk).exists()
        _put_on(visit, held.day_before, planner, chosen=still_chosen)
        write_held_teams([visit.station_id], [monday], now)
    held.undone_at = now
    held.save(update_fields=["undone_at"])
    _record(by, "visits.undo_change", visit, held.reason, {"change": held.pk})
    return visit


def held_visit(supervisor: User, visit: Visit, now: datetime) -> Visit:
    """Return the visit under locks taken in the order of the planner: station's week, women, visit.

    Raise ParticipantOutOfReach or ActRefused.
    """
    hold_weeks([visit.station_id], [monday_of(visit.planned_on)], now, women=[visit.participant_id])
    Participant.objects.select_for_update(no_key=True).get(pk=visit.participant_id)
    locked = Visit.objects.select_for_update(of=("self",)).select_related("participant").get(pk=visit.pk)
    _require_reach(supervisor, locked.participant, now)
    return locked


def _is_open(visit: Visit, now: datetime) -> bool:
    """Say whether a visit of today or later still waits for its log."""
    return visit.status == Status.PLANNED and visit.planned_on >= timezone.localdate(now)


def _is_ahead(visit: Visit, now: datetime) -> bool:
    """Say whether nobody can be at a visit yet: it is open, and its hours have not begun."""
    local = timezone.localtime(now)
    return _is_open(visit, now) and (visit.planned_on > local.date() or local.time() < visit.window_from)


def _give_back_officers(visit: Visit, change: VisitChange) -> None:
    """Send those who were to go before they were chosen otherwise; whoever cannot any more is replaced by the rule."""
    first, second = (*change.officers_before, None, None)[:2]
    earlier = visit.changes.filter(undone_at=None, kind=Kind.CHOSEN).exclude(pk=change.pk)
    visit.first_officer_id, visit.second_officer_id = first, second
    visit.officers_chosen = earlier.exists() and bool(change.officers_before)
    visit.save(update_fields=["first_officer", "second_officer", "officers_chosen"])


def latest_change(visit: Visit) -> VisitChange | None:
    """Return what was changed last of a visit by hand and stands, None if nothing was."""
    return visit.changes.filter(undone_at=None).order_by("-changed_at", "-pk").first()


def _require_reach(by: User, participant: Participant, now: datetime) -> None:
    if not is_within_reach(by, participant, now):
        raise ParticipantOutOfReach
    require_no_tie(by, participant)


def visited_woman(participant: Participant, now: datetime) -> PlannedWoman:
    """Return what planning knows of a woman. Raise NotVisitedNow."""
    today = timezone.localdate(now)
    women = queries.planned_women(queries.visited_participants(today).filter(pk=participant.pk))
    if not women:
        raise NotVisitedNow
    return women[0]


def _check_day(
    planner: Planner,
    woman: PlannedWoman,
    day: date,
    monday: date,
    taken: Collection[date],
    outside: OutsideSafeTimes | None,
    *,
    by: User,
    visit: Visit,
) -> None:
    """Raise DayNotPossible, unless an unsafe day has an exception, or comes with one, which is written."""
    first_day = planner.first_open_day(woman)
    obstacle = obstacle_on(woman, day, monday=monday, first_day=first_day, taken=taken)
    if obstacle == Obstacle.NOT_SAFE and override_for(visit.participant, Contact.VISIT, day, _window(visit)):
        return
    if obstacle == Obstacle.NOT_SAFE and outside is not None:
        override_contact(
            by=by,
            participant=visit.participant,
            kind=Contact.VISIT,
            on=day,
            window=_window(visit),
            reason=outside.reason,
            sentence=outside.sentence,
            now=planner.now,
        )
    elif obstacle is not None:
        raise DayNotPossible(obstacle)


def _window(visit: Visit) -> tuple[time, time]:
    return visit.window_from, visit.window_until


def _moved(by: User, visit: Visit, to: date, reason: VisitChange.Reason, planner: Planner) -> VisitChange:
    day_before, officers_before = visit.planned_on, visit.officer_ids
    _put_on(visit, to, planner, chosen=True)
    write_held_teams([visit.station_id], [monday_of(to)], planner.now)
    change = keep_change(by, visit, Kind.MOVED, reason, day_before, officers_before, planner.now)
    _record(by, "visits.move", visit, reason, {"from": day_before.isoformat(), "to": to.isoformat()})
    return change


def _put_on(visit: Visit, day: date, planner: Planner, *, chosen: bool) -> None:
    visit.planned_on, visit.day_chosen = day, chosen
    visit.grace_ends_at = planner.grace_end(day)
    visit.save(update_fields=["planned_on", "day_chosen", "grace_ends_at"])


def keep_change(
    supervisor: User,
    visit: Visit,
    kind: VisitChange.Kind,
    reason: VisitChange.Reason,
    day_before: date | None,
    officers_before: tuple[int, ...],
    now: datetime,
) -> VisitChange:
    """Write what was changed of a visit, as it now stands, beside how it was."""
    visit.refresh_from_db()
    return VisitChange.objects.create(
        visit=visit,
        kind=kind,
        reason=reason,
        day_before=day_before,
        day_after=visit.planned_on,
        officers_before=list(officers_before),
        officers_after=list(visit.officer_ids),
        changed_by=supervisor,
        changed_at=now,
    )


def _record(by: User, action: str, visit: Visit, reason: str, details: dict[str, object]) -> None:
    record(actor=by, action=action, object_type="visit", object_id=visit.pk, reason=reason, details=details)
