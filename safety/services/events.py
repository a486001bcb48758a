"""Adverse events: judged and written by a safety officer, told to the board, read by it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from safety import queries
from safety.events import is_serious, may_have_occurred
from safety.models import AdverseEvent, EventReading, SafetyAction, SafetyCase
from safety.notifying import request_notices
from safety.services.cases import EVENT_NOTE, NoteNeeded


class EventInFuture(StudyError):
    """Nothing has happened on a day that has not come."""

    code = "event_in_future"
    message = _("The day cannot lie in the future.")
    http_status = 422


class EventMovedOn(StudyError):
    """It was judged again or withdrawn meanwhile: the last judgement stands."""

    code = "event_moved_on"
    message = _("This event was judged again or withdrawn meanwhile: look at it again.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a safety officer makes of an event; some kinds are serious whatever she says."""

    kind: AdverseEvent.Kind
    occurred_on: date
    relatedness: AdverseEvent.Relatedness
    is_serious: bool = False
    is_expected: bool = False


@transaction.atomic
def record_event(*, by: User, case: SafetyCase, judgement: Judgement, note: str, now: datetime) -> AdverseEvent:
    """Write an adverse event of a case, open or closed; the board is told of a serious one. No answer to the case.

    Raise NoteNeeded, EventInFuture, or, with a note, as `sealing.seal_text`.
    """
    require(by, Permission.HANDLE_CASES)
    locked = _locked(case.pk)
    event = _written(by, locked, judgement, note, now)
    _record(by, "safety.record_event", locked, event, {"kind": event.kind, "serious": event.is_serious})
    return event


@transaction.atomic
def judge_event_again(*, by: User, event: AdverseEvent, judgement: Judgement, note: str, now: datetime) -> AdverseEvent:
    """Write what a safety officer makes of an event now; the judgement before stays and is read beside it.

    The board is told of a serious one, whatever it was told before. Raise EventMovedOn, or as `record_event`.
    """
    require(by, Permission.HANDLE_CASES)
    locked = _locked(event.case_id)
    before = _standing(event)
    after = _written(by, locked, judgement, note, now, replaces=before)
    details = {"before": before.pk, "kind": after.kind, "serious": after.is_serious}
    _record(by, "safety.judge_event_again", locked, after, details)
    return after


@transaction.atomic
def withdraw_event(*, by: User, event: AdverseEvent, reason: AdverseEvent.Withdrawal, now: datetime) -> AdverseEvent:
    """Take an event back that should not have been written; it stays on the board's list with why. Raise EventMovedOn.

    What each of the board had read of it does not count for the withdrawal: it is new to them again.
    """
    require(by, Permission.HANDLE_CASES)
    locked = _locked(event.case_id)
    standing = _standing(event)
    standing.withdrawn_at, standing.withdrawn_by, standing.withdrawn_for = now, by, reason
    standing.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_for"])
    SafetyAction.objects.create(case=locked, kind=SafetyAction.Kind.EVENT_WITHDRAWN, at=now, by=by)
    _record(by, "safety.withdraw_event", locked, standing, {"reason": reason})
    return standing


@transaction.atomic
def mark_board_notified(*, by: Actor, event_ids: Collection[int], now: datetime) -> int:
    """Note that the board was told of these serious events; return how many that concerned."""
    require(by, Permission.SEND_MESSAGES)
    told = AdverseEvent.objects.filter(pk__in=event_ids, board_notified_at=None).update(board_notified_at=now)
    record(actor=by, action="safety.notify_board", object_type="adverse_event", details={"events": told})
    return told


@transaction.atomic
def acknowledge_events(*, by: User, oldest: int, newest: int, now: datetime) -> int:
    """Keep that somebody of the board has read of the events between the two ids that her page showed."""
    require(by, Permission.ACKNOWLEDGE_EVENTS)
    unread = AdverseEvent.objects.filter(pk__range=(oldest, newest)).exclude(queries.read_by(by)).order_by("pk")
    ids = list(unread.values_list("pk", flat=True))
    EventReading.objects.bulk_create(
        (EventReading(event_id=event, by=by, at=now) for event in ids),
        update_conflicts=True,
        unique_fields=["event", "by"],
        update_fields=["at"],
    )
    record(
        actor=by,
        action="safety.acknowledge_events",
        object_type="adverse_event",
        details={"events": len(ids), "oldest": oldest, "newest": newest},
    )
    return len(ids)


def _locked(case_id: int) -> SafetyCase:
    cases = SafetyCase.objects.select_for_update(of=("self",)).select_related("participant__vault_key")
    return cases.get(pk=case_id)


def _standing(event: AdverseEvent) -> AdverseEvent:
    """Return the event as it stands, under the lock on its case. Raise EventMovedOn if another judgement does."""
    found = AdverseEvent.objects.filter(pk=event.pk, replaced_by=None, withdrawn_at=None).first()
    if found is None:
        raise EventMovedOn
    return found


def _written(
    by: User,
    case: SafetyCase,
    judgement: Judgement,
    note: str,
    now: datetime,
    *,
    replaces: AdverseEvent | None = None,
) -> AdverseEvent:
    if judgement.kind == AdverseEvent.Kind.OTHER and not note.strip():
        raise NoteNeeded
    if not may_have_occurred(judgement.occurred_on, today=timezone.localdate(now)):
        raise EventInFuture
    event = AdverseEvent.objects.create(
        case=case,
        kind=judgement.kind,
        is_serious=is_serious(judgement.kind, judged_serious=judgement.is_serious),
        is_expected=judgement.is_expected,
        relatedness=judgement.relatedness,
        occurred_on=judgement.occurred_on,
        discovered_at=replaces.discovered_at if replaces else case.raised_at,
        recorded_at=now,
        recorded_by=by,
        replaces=replaces,
        sealed_note=sealing.seal_text(case.participant, note, purpose=EVENT_NOTE),
    )
    kind = SafetyAction.Kind.JUDGED_AGAIN if replaces else SafetyAction.Kind.EVENT
    SafetyAction.objects.create(case=case, kind=kind, at=now, by=by)
    if event.is_serious:
        request_notices()
    return event


def _record(by: User, action: str, case: SafetyCase, event: AdverseEvent, details: dict[str, object]) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=case.participant.study_code,
        details={"case": case.pk, "event": event.pk, **details},
    )
