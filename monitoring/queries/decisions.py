"""Whom to write to about what waits for a decision, and about complaints: once each."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from complaints.models import DESK_OF, Complaint, Desk
from complaints.states import State
from data_lock.models import DataLock, Lifting
from data_lock.states import LiftingState, LockState
from monitoring.queries.readers import Due, Reader, due, people_told, reader_of, with_listed
from monitoring.telling import Kind, is_day
from panel.models import PlanVersion
from panel.plan_states import PlanState
from panel.queries import open_request, request_to_approve
from participants.queries import conflicted_among
from participants.sealing import SealedDataUnreadable


def plans_due(_now: datetime) -> list[Due]:
    """Return who may lock the plan that waits for a second person: never who proposed it."""
    waiting = PlanVersion.objects.filter(state=PlanState.PROPOSED).defer("source").order_by("pk")
    return [
        # Proposed anew after it was called off, it waits anew.
        due(Kind.PLAN_WAITING, f"{plan.pk}.{plan.proposed_at:%y%m%d%H%M%S}", reader_of(user))
        for plan in waiting
        for user in people_told(Kind.PLAN_WAITING).exclude(pk=plan.proposed_by_id or 0)
    ]


def unblinding_due(_now: datetime) -> list[Due]:
    """Return who may approve the request to unblind: neither who asked nor anybody of the same role."""
    if open_request() is None:
        return []
    return [
        due(Kind.NAMES_WAITING, str(asked.pk), reader_of(user))
        for user in people_told(Kind.NAMES_WAITING)
        if (asked := request_to_approve(user)) is not None
    ]


def locks_due(_now: datetime) -> list[Due]:
    """Return who may sign each lock of data that waits: not who proposed or signed it, nor who asked to lift it."""
    proposed = DataLock.objects.filter(state=LockState.PROPOSED).prefetch_related("signatures").order_by("pk")
    waiting = [
        (str(lock.pk), {lock.proposed_by_id, *(one.signed_by_id for one in lock.signatures.all())}) for lock in proposed
    ]
    asked = Lifting.objects.filter(state=LiftingState.ASKED).order_by("pk")
    waiting += [(f"{one.lock_id}.{one.pk}", {one.asked_by_id}) for one in asked]
    people = list(people_told(Kind.LOCK_WAITING)) if waiting else []
    return [
        due(Kind.LOCK_WAITING, about, reader_of(user))
        for about, besides in waiting
        for user in people
        if user.pk not in besides
    ]


def complaints_due(now: datetime) -> list[Due]:
    """Return who hears of a complaint that nobody took in hand, and of one that should have been answered by now.

    The desk that was chosen for it and nobody else, for it may be about the other one; nobody who has to do with her;
    of a new one not who wrote it.
    """
    if not is_day(timezone.localtime(now)):
        return []
    found = []
    for complaint in Complaint.objects.waiting().defer("sealed_text").order_by("pk"):
        if complaint.state == State.RECEIVED:
            readers = _desk(Kind.COMPLAINT_NEW, complaint, besides={complaint.written_by_id})
            found += [due(Kind.COMPLAINT_NEW, str(complaint.pk), reader) for reader in readers]
        if complaint.due_on < timezone.localdate(now):
            readers = _desk(Kind.COMPLAINT_LATE, complaint, besides=())
            found += [due(Kind.COMPLAINT_LATE, str(complaint.pk), reader) for reader in readers]
    return found


def _desk(kind: Kind, complaint: Complaint, *, besides: Collection[int]) -> list[Reader]:
    """Return whoever is at a complaint's desk; of its addresses in the settings those that are nobody else's."""
    roles = [role for role, desk in DESK_OF.items() if desk == complaint.desk]
    people = people_told(kind).filter(role__in=roles).exclude(pk__in=besides)
    others = User.objects.exclude(role__in=roles) | User.objects.filter(pk__in=besides)
    if complaint.participant_id is not None:
        tied = [user.pk for user in people if _has_to_do_with(user, complaint.participant_id)]
        people, others = people.exclude(pk__in=tied), others | User.objects.filter(pk__in=tied)
    lists = {Desk.COORDINATION: settings.ADMIN_NOTICES_TO, Desk.SAFETY: settings.SAFETY_NOTICES_TO}
    others_lists = {address for desk, listed in lists.items() if desk != complaint.desk for address in listed}
    closed = others_lists | set(others.exclude(work_email="").values_list("work_email", flat=True))
    own = [address for address in lists[Desk(complaint.desk)] if address not in closed]
    return with_listed(map(reader_of, people), (f"desk_{complaint.desk}", own))


def _has_to_do_with(user: User, woman: int) -> bool:
    """Say whether a person has to do with her case; yes, where what would tell it does not open."""
    try:
        return bool(conflicted_among(user, [woman]))
    except SealedDataUnreadable:
        return True
