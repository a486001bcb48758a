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
from safety.events import is_serious, may_have_occurred
from safety.models import AdverseEvent, EventReading, SafetyAction, SafetyCase
from safety.notifying import request_notices
from safety.services.cases import EVENT_NOTE, NoteNeeded


class EventInFuture(StudyError):
    """Nothing has happened on a day that has not come."""

    code = "event_in_future"
    message = _("The day cannot lie in the future.")
    http_status = 422


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
    cases = SafetyCase.objects.select_for_update(of=("self",)).select_related("participant__vault_key")
    locked = cases.get(pk=case.pk)
    if judgement.kind == AdverseEvent.Kind.OTHER and not note.strip():
        raise NoteNeeded
    if not may_have_occurred(judgement.occurred_on, today=timezone.localdate(now)):
        raise EventInFuture
    event = AdverseEvent.objects.create(
        case=locked,
        kind=judgement.kind,
        is_serious=is_serious(judgement.kind, judged_serious=judgement.is_serious),
        is_expected=judgement.is_expected,
        relatedness=judgement.relatedness,
        occurred_on=judgement.occurred_on,
        discovered_at=locked.raised_at,
        recorded_at=now,
        recorded_by=by,
        sealed_note=sealing.seal_text(locked.participant, note, purpose=EVENT_NOTE),
    )
    SafetyAction.objects.create(case=locked, kind=SafetyAction.Kind.EVENT, at=now, by=by)
    if event.is_serious:
        request_notices()
    record(
        actor=by,
        action="safety.record_event",
        object_type="participant",
        object_id=locked.participant.study_code,
        details={"case": locked.pk, "event": event.pk, "kind": event.kind, "serious": event.is_serious},
    )
    return event


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
    unread = AdverseEvent.objects.filter(pk__range=(oldest, newest)).exclude(readings__by=by).order_by("pk")
    ids = list(unread.values_list("pk", flat=True))
    EventReading.objects.bulk_create(
        (EventReading(event_id=event, by=by, at=now) for event in ids), ignore_conflicts=True
    )
    record(
        actor=by,
        action="safety.acknowledge_events",
        object_type="adverse_event",
        details={"events": len(ids), "oldest": oldest, "newest": newest},
    )
    return len(ids)
