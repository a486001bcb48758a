"""What the desk, the safety officer and the board hear of, and that they heard."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from data_protection import queries
from data_protection.clock import Clock
from data_protection.models import DataIncident, DeskNotice
from data_protection.terms import is_overdue, remind_on
from participants.replanning import send_task
from protocol.queries import current_protocol

NOTICES_TASK = "data_protection.send_notices"
_KIND_OF_CLOCK = {
    Clock.REMINDED: (DeskNotice.Kind.INCIDENT_REMINDER,),
    Clock.OVERDUE: (DeskNotice.Kind.INCIDENT_OVERDUE,),
}


def raise_notices(notices: Collection[DeskNotice]) -> int:
    """Keep those of the notices that were not raised before, and ask for them to be sent; return how many are new."""
    incidents, requests = {n.incident_id for n in notices}, {n.request_id for n in notices}
    about = Q(incident__in=incidents - {None}) | Q(request__in=requests - {None})
    raised = set(DeskNotice.objects.filter(about).values_list("kind", "incident_id", "request_id", "due_on"))
    new = [n for n in notices if (n.kind, n.incident_id, n.request_id, n.due_on) not in raised]
    # Another sweep may raise the same at the same time: the first stands.
    DeskNotice.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        transaction.on_commit(partial(send_task, NOTICES_TASK))
    return len(new)


def tell_of_incident(incident: DataIncident, now: datetime) -> None:
    """Let those who must know hear that there is a new incident."""
    raise_notices([DeskNotice(kind=DeskNotice.Kind.INCIDENT_OPENED, incident=incident, raised_at=now)])


@transaction.atomic
def sweep_desk(*, by: Actor, now: datetime) -> int:
    """Raise a notice for each clock that needs one; return how many are new. Safe to run twice."""
    require(by, Permission.KEEP_DATA_DESK)
    found: list[DeskNotice] = []
    for incident, clock in queries.clocks(queries.open_incidents(), now):
        kinds = _KIND_OF_CLOCK.get(clock, ()) if clock else ()
        found += [DeskNotice(kind=kind, incident=incident, raised_at=now) for kind in kinds]
    found += _notices_of_requests(now)
    new = raise_notices(found) if found else 0
    if new:
        record(actor=by, action="data_protection.sweep", object_type="desk_notice", details={"notices": new})
    return new


@transaction.atomic
def mark_notices_sent(*, by: Actor, notice_ids: Collection[int], now: datetime) -> int:
    """Note that somebody was told of these notices; return how many that concerned."""
    require(by, Permission.SEND_MESSAGES)
    sent = DeskNotice.objects.filter(pk__in=notice_ids, sent_at=None).update(sent_at=now)
    record(actor=by, action="data_protection.send_notices", object_type="desk_notice", details={"notices": sent})
    return sent


def _notices_of_requests(now: datetime) -> list[DeskNotice]:
    today, days = timezone.localdate(now), current_protocol().data_rights.remind_days_before
    found = []
    for request in queries.open_requests():
        if today < remind_on(request.due_on, days):
            continue
        over = is_overdue(request.due_on, today)
        kind = DeskNotice.Kind.REQUEST_OVERDUE if over else DeskNotice.Kind.REQUEST_DUE
        found.append(DeskNotice(kind=kind, request=request, due_on=request.due_on, raised_at=now))
    return found
