"""Requests about women's own data: taken in, checked, extended once, carried out, answered or refused."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from data_protection import queries
from data_protection.models import DataRequest, RequestHandover, RequestStep
from data_protection.request_states import may_become
from data_protection.terms import due_on, extended_until, is_overdue
from participants import sealing
from participants.identity import Identity
from participants.models import Erasure, Participant
from participants.queries import has_conflict, serving_station
from participants.reach import ConflictOfInterest, require_reach
from participants.services import correct_identity, request_erasure
from participants.services.refusals import conflicts_reported, refusals_recorded
from protocol.queries import current_protocol

REQUEST_NOTE = "request note"
Status = DataRequest.Status


class RequestMovedOn(StudyError):
    """Somebody answered or ended it meanwhile."""

    code = "request_moved_on"
    message = _("This request has moved on meanwhile. Look at how it stands now.")
    http_status = 409


class RequestDayWrong(StudyError):
    """A request came in today or before."""

    code = "request_day_wrong"
    message = _("A request cannot come in after today.")


class NoteWithoutWoman(StudyError):
    """Where she is not known there is no key to seal a note with."""

    code = "note_without_woman"
    message = _("Write no note while it is not known who she is here: it could not be sealed.")


class NotExtendable(StudyError):
    """The law gives more time once, to some requests, within the first term."""

    code = "not_extendable"
    message = _("This term cannot be extended: it was before, it is over, or the law does not allow it.")
    http_status = 409


class NotCarriedOut(StudyError):
    """An answer says that it was done."""

    code = "not_carried_out"
    message = _("What she asked for is not done yet: do it first, or refuse it with its reason.")
    http_status = 409


class NoCopyHere(StudyError):
    """The request asks for no copy, is not checked, or her copy is not this person's to make."""

    code = "no_copy_here"
    message = _("There is no copy for you to make: who asks must be checked first, by somebody else.")
    http_status = 409


@transaction.atomic
def take_request(
    *,
    by: User,
    kind: DataRequest.Kind,
    channel: DataRequest.Channel,
    received_on: date,
    participant: Participant | None = None,
    note: str = "",
    now: datetime,
) -> DataRequest:
    """Take in a request; its term runs from the day after.

    Of somebody who is not a participant nothing is kept but the number of the request, which she gets on paper. Raise
    RequestDayWrong, NoteWithoutWoman or as `require_reach`.
    """
    require(by, Permission.TAKE_DATA_REQUESTS)
    if participant is not None and by.role != Role.ADMINISTRATOR:
        require_reach(by, participant, now)
    today = timezone.localdate(now)
    if received_on > today:
        raise RequestDayWrong
    if note.strip() and participant is None:
        raise NoteWithoutWoman
    request = DataRequest.objects.create(
        kind=kind,
        participant=participant,
        station=serving_station(by, today),
        channel=channel,
        received_on=received_on,
        received_by=by,
        due_on=due_on(received_on, current_protocol().data_rights.days_of(kind.value)),
    )
    return _stepped(by, request, "data_protection.take_request", now, note=note, kind=str(kind))


@transaction.atomic
def verify_requester(
    *, by: User, request: DataRequest, how: DataRequest.Verified, participant: Participant | None = None, now: datetime
) -> DataRequest:
    """Write how it was checked who asks, and which participant she is if she is one. Raise RequestMovedOn."""
    require(by, Permission.KEEP_DATA_DESK)
    locked = _moved(request, Status.VERIFIED)
    locked.participant = locked.participant or participant
    locked.verified_how, locked.verified_by = how, by
    locked.save()
    return _stepped(by, locked, "data_protection.verify_requester", now, how=str(how))


@transaction.atomic
def extend_term(*, by: User, request: DataRequest, reason: DataRequest.ExtensionReason, now: datetime) -> DataRequest:
    """Give a request as many working days again, once, while its term runs. Raise NotExtendable."""
    require(by, Permission.KEEP_DATA_DESK)
    locked, terms, today = _locked(request), current_protocol().data_rights, timezone.localdate(now)
    kind = DataRequest.Kind(locked.kind).value
    is_over = locked.ended_at is not None or is_overdue(locked.due_on, today)
    if kind not in terms.extendable or locked.extended_on is not None or is_over:
        raise NotExtendable
    locked.due_on = extended_until(locked.due_on, terms.days_of(kind))
    locked.extended_on, locked.extension_reason = today, reason
    locked.save()
    return _stepped(by, locked, "data_protection.extend_term", now, reason=str(reason))


@transaction.atomic
def answer_request(*, by: User, request: DataRequest, note: str = "", now: datetime) -> DataRequest:
    """Write that she has her answer, once what she asked for is done. Raise NotCarriedOut or RequestMovedOn."""
    require(by, Permission.KEEP_DATA_DESK)
    locked = _moved(request, Status.ANSWERED)
    if not queries.is_carried_out(locked):
        raise NotCarriedOut
    return _ended(by, locked, "data_protection.answer_request", now, note=note)


@transaction.atomic
def refuse_request(
    *, by: User, request: DataRequest, reason: DataRequest.Refusal, note: str = "", now: datetime
) -> DataRequest:
    """Refuse a request with its reason, which she is told. Raise RequestMovedOn."""
    require(by, Permission.KEEP_DATA_DESK)
    locked = _moved(request, Status.REFUSED)
    locked.refusal_reason = reason
    return _ended(by, locked, "data_protection.refuse_request", now, note=note)


@transaction.atomic
def take_back_request(*, by: User, request: DataRequest, note: str = "", now: datetime) -> DataRequest:
    """Write that she no longer wants it. Raise RequestMovedOn."""
    require(by, Permission.KEEP_DATA_DESK)
    return _ended(by, _moved(request, Status.TAKEN_BACK), "data_protection.take_back_request", now, note=note)


@transaction.atomic
def ask_erasure(*, by: User, request: DataRequest, now: datetime) -> Erasure:
    """Ask for the erasure that a checked request wants; another administrator confirms it.

    Raise RequestMovedOn where it does not want one, or as `participants.services.request_erasure`.
    """
    require(by, Permission.KEEP_DATA_DESK)
    locked = _locked(request)
    wants = locked.kind == DataRequest.Kind.CANCELLATION and locked.status == Status.VERIFIED
    if not wants or locked.participant is None:
        raise RequestMovedOn
    erasure = request_erasure(by=by, participant=locked.participant, reason=Erasure.Reason.HER_WISH, now=now)
    record(
        actor=by,
        action="data_protection.ask_erasure",
        object_type="data_request",
        object_id=locked.pk,
        details={"erasure": erasure.pk},
    )
    return erasure


@refusals_recorded
@transaction.atomic
def open_copy(*, by: User, request: DataRequest, now: datetime) -> Identity | None:
    """Open her card for the half of her copy that this person makes, and keep that it was handed over.

    A supervisor makes the station's half, her interviewer the surveys'; whoever checked who asks makes none. Return
    None where her identity was erased. Raise NoCopyHere, ConflictOfInterest, or as `require_reach`.
    """
    require(by, Permission.OPEN_IDENTITY)
    locked, half = _locked(request), queries.HALF_OF.get(Role(by.role))
    woman = locked.participant
    ready = locked.status == Status.VERIFIED and locked.kind in queries.COPIED and locked.verified_by_id != by.pk
    if half is None or woman is None or not ready:
        raise NoCopyHere
    require_reach(by, woman, now)
    if has_conflict(by, woman):
        raise ConflictOfInterest
    RequestHandover.objects.get_or_create(request=locked, half=half, defaults={"made_at": now, "made_by": by})
    record(
        actor=by,
        action="data_protection.open_copy",
        object_type="participant",
        object_id=woman.study_code,
        details={"request": locked.pk, "half": str(half)},
    )
    try:
        return sealing.open_card(woman)
    except sealing.IdentityErased:
        return None


@conflicts_reported
@transaction.atomic
def correct_card(*, by: User, request: DataRequest, changes: Mapping[str, str], now: datetime) -> DataRequest:
    """Correct what a checked request for rectification says is wrong; whoever cares for her does.

    Raise RequestMovedOn, or as `correct_identity`.
    """
    require(by, Permission.OPEN_IDENTITY)
    locked = _locked(request)
    if locked.kind != DataRequest.Kind.RECTIFICATION or locked.status != Status.VERIFIED or locked.participant is None:
        raise RequestMovedOn
    correct_identity(by=by, participant=locked.participant, changes=changes, now=now)
    record(
        actor=by,
        action="data_protection.correct_card",
        object_type="participant",
        object_id=locked.participant.study_code,
        details={"request": locked.pk, "fields": sorted(changes)},
    )
    return locked


def _locked(request: DataRequest) -> DataRequest:
    held = DataRequest.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("participant__vault_key", "participant__sealed_card").get(pk=request.pk)


def _moved(request: DataRequest, status: DataRequest.Status) -> DataRequest:
    locked = _locked(request)
    if not may_become(locked.status, status):
        raise RequestMovedOn
    locked.status = status
    return locked


def _ended(by: User, request: DataRequest, action: str, now: datetime, *, note: str) -> DataRequest:
    request.ended_at = now
    request.save()
    return _stepped(by, request, action, now, note=note, late=is_overdue(request.due_on, timezone.localdate(now)))


def _stepped(
    by: User, request: DataRequest, action: str, now: datetime, *, note: str = "", **details: object
) -> DataRequest:
    if note.strip() and request.participant is None:
        raise NoteWithoutWoman
    sealed = sealing.seal_text(request.participant, note, purpose=REQUEST_NOTE) if request.participant else None
    RequestStep.objects.create(
        request=request, status=request.status, recorded_at=now, recorded_by=by, sealed_note=sealed
    )
    record(actor=by, action=action, object_type="data_request", object_id=request.pk, details=details)
    return request
