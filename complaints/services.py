"""The only writers of complaints."""

import os
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, PermissionMissing, require
from accounts.roles import POLICE_ROLES, Role
from audit.services import record
from complaints import queries
from complaints.models import DESK_OF, Complaint, ComplaintStep, Desk
from complaints.states import State, may_become
from participants import sealing
from participants.models import HeldSecret, Participant
from participants.reach import require_reach
from participants.services import hold_secret
from protocol.queries import current_protocol
from safety.models import SafetyCase
from safety.rules import COMPLAINT
from safety.services import Origin, raise_case

COMPLAINT_TEXT, COMPLAINT_NOTE = "complaint text", "complaint note"
SECRET = "complaints"  # noqa: S105 - the name of a secret
SECRET_BYTES = 32
# For those whose role puts nothing before the safety officer otherwise.
LISTENER = SystemActor("complaints", frozenset({Permission.RAISE_CASES}))
Kind = ComplaintStep.Kind
_FOLLOWS = {Kind.NOTED: None, Kind.ANSWERED: State.ANSWERED, Kind.CLOSED: State.CLOSED}


class ComplaintMovedOn(StudyError):
    """Somebody took it in hand, answered or closed it meanwhile."""

    code = "complaint_moved_on"
    message = _("This complaint has moved on meanwhile. Look at how it stands now.")
    http_status = 409


class WordsNeeded(StudyError):
    """A complaint, what was found and an answer are words."""

    code = "words_needed"
    message = _("Write it down in a few words.")


class ToldInFuture(StudyError):
    """What was told lies behind."""

    code = "told_in_future"
    message = _("The day on which it was told lies in the future.")


class CodeNeeded(StudyError):
    """Somebody's safety is looked after for her, by her code."""

    code = "code_needed"
    message = _("Write her code, so that the safety officer knows whom to look after.")


class WrittenAlready(StudyError):
    """The page was sent before, and said something else then."""

    code = "written_already"
    message = _("This page was sent before, with other words: those are kept. Open a new page for what is new.")
    http_status = 409


class OutcomeNeeded(StudyError):
    """It is closed with how it ended."""

    code = "outcome_needed"
    message = _("Say how it ended.")


@dataclass(frozen=True, slots=True)
class Told:
    """A complaint as it was told; `form_id` is made with the page on which it is written."""

    source: Complaint.Source
    about: Complaint.About
    severity: Complaint.Severity
    desk: Desk
    told_on: date
    text: str
    participant: Participant | None = None
    concerns_safety: bool = False
    form_id: UUID | None = None


@transaction.atomic
def write_complaint(*, by: User, told: Told, now: datetime) -> Complaint:
    """Write a complaint down, its words sealed; one about safety becomes a safety case, too.

    Nobody needs to consent to anything to complain. The same page sent again gives what was written first.
    Raise ParticipantOutOfReach, WordsNeeded, ToldInFuture, CodeNeeded, WrittenAlready, or as
    `safety.services.raise_case` and `sealing.seal_text`.
    """
    require(by, Permission.WRITE_COMPLAINTS)
    woman = told.participant
    if woman is not None and by.role in POLICE_ROLES | {Role.INTERVIEWER}:
        require_reach(by, woman, now)
    if not told.text.strip():
        raise WordsNeeded
    if told.told_on > timezone.localdate(now):
        raise ToldInFuture
    if told.concerns_safety and woman is None:
        raise CodeNeeded
    if kept := _written_before(by, told):
        return kept
    terms = current_protocol().watching.complaints
    days = terms.serious_days if told.severity == Complaint.Severity.SERIOUS else terms.answer_days
    complaint = Complaint.objects.create(
        participant=woman,
        source=told.source,
        about=told.about,
        severity=told.severity,
        desk=told.desk,
        told_on=told.told_on,
        form_id=told.form_id,
        written_at=now,
        written_by=by,
        due_on=timezone.localdate(now) + timedelta(days=days),
        state_changed_at=now,
        made_case=told.concerns_safety,
        sealed_by_study=woman is None,
        sealed_text=_sealed(by, woman, told.text, COMPLAINT_TEXT),
    )
    if told.concerns_safety and woman is not None:
        _tell_safety(by, woman, told.text, now)
    _record(by, "complaints.write", complaint, about=str(told.about), severity=str(told.severity), desk=str(told.desk))
    return complaint


@transaction.atomic
def take_complaint(*, by: User, complaint: Complaint, now: datetime) -> Complaint:
    """Take a complaint of one's own desk in hand. Raise PermissionMissing or ComplaintMovedOn."""
    locked = _of_desk(by, complaint)
    _move(locked, State.IN_HAND, now)
    locked.handler = by
    locked.save(update_fields=["state", "state_changed_at", "handler"])
    ComplaintStep.objects.create(complaint=locked, kind=Kind.TAKEN, at=now, by=by)
    _record(by, "complaints.take", locked)
    return locked


@transaction.atomic
def record_complaint_step(
    *, by: User, complaint: Complaint, kind: ComplaintStep.Kind, note: str = "", outcome: str = "", now: datetime
) -> ComplaintStep:
    """Keep what was found, what was answered, or how it ended; what is closed stays closed.

    Raise PermissionMissing, WordsNeeded, OutcomeNeeded or ComplaintMovedOn.
    """
    locked = _of_desk(by, complaint)
    if kind != Kind.CLOSED and not note.strip():
        raise WordsNeeded
    if kind == Kind.CLOSED and not outcome:
        raise OutcomeNeeded
    following = _FOLLOWS[kind]
    if following is not None:
        _move(locked, following, now)
        locked.outcome = Complaint.Outcome(outcome) if kind == Kind.CLOSED else ""
        locked.save(update_fields=["state", "state_changed_at", "outcome"])
    elif locked.state in {State.RECEIVED, State.CLOSED}:
        raise ComplaintMovedOn
    sealed = _sealed(by, locked.participant, note, COMPLAINT_NOTE) if note.strip() else None
    step = ComplaintStep.objects.create(complaint=locked, kind=kind, at=now, by=by, sealed_note=sealed)
    _record(by, f"complaints.{kind}", locked, outcome=locked.outcome)
    return step


@transaction.atomic
def open_complaint(*, by: User, complaint: Complaint) -> dict[str, str]:
    """Return the words of a complaint ("text") and of its steps (by id), to its desk alone; recorded.

    Raise PermissionMissing, or as `sealing.unseal_text`.
    """
    _require_desk(by, complaint)
    woman, secret = complaint.participant, _secret(by) if complaint.sealed_by_study else b""
    words = {"text": _opened(woman, secret, complaint.sealed_text, COMPLAINT_TEXT)}
    for step in queries.steps_of(complaint).exclude(sealed_note=None):
        words[str(step.pk)] = _opened(woman, secret, step.sealed_note, COMPLAINT_NOTE)
    _record(by, "complaints.open", complaint)
    return words


def may_handle(user: User, complaint: Complaint) -> bool:
    """Say whether a person is of the desk that looks into a complaint."""
    return user.has(Permission.KEEP_COMPLAINTS) and DESK_OF.get(Role(user.role)) == complaint.desk


def _written_before(by: User, told: Told) -> Complaint | None:
    """Return what the same page wrote; a second tap waits for the first. Raise WrittenAlready for other words."""
    if told.form_id is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"complaint {told.form_id}"])
    kept = Complaint.objects.select_related("participant__vault_key").filter(form_id=told.form_id).first()
    if kept is not None and (
        kept.written_by_id != by.pk or _said_in(by, kept) != replace(told, text=told.text.strip())
    ):
        raise WrittenAlready
    return kept


def _said_in(by: Actor, kept: Complaint) -> Told:
    secret = _secret(by) if kept.sealed_by_study else b""
    return Told(
        source=Complaint.Source(kept.source),
        about=Complaint.About(kept.about),
        severity=Complaint.Severity(kept.severity),
        desk=Desk(kept.desk),
        told_on=kept.told_on,
        text=_opened(kept.participant, secret, kept.sealed_text, COMPLAINT_TEXT),
        participant=kept.participant,
        concerns_safety=kept.made_case,
        form_id=kept.form_id,
    )


def _tell_safety(by: User, woman: Participant, text: str, now: datetime) -> None:
    teller: Actor = by if by.has(Permission.RAISE_CASES) else LISTENER
    raise_case(by=teller, participant=woman, rule=COMPLAINT, origin=Origin(SafetyCase.Origin.HAND), note=text, now=now)


def _require_desk(by: User, complaint: Complaint) -> None:
    require(by, Permission.KEEP_COMPLAINTS)
    if not may_handle(by, complaint):
        raise PermissionMissing


def _of_desk(by: User, complaint: Complaint) -> Complaint:
    _require_desk(by, complaint)
    return (
        Complaint.objects.select_for_update(of=("self",)).select_related("participant__vault_key").get(pk=complaint.pk)
    )


def _move(complaint: Complaint, following: State, now: datetime) -> None:
    if not may_become(complaint.state, following):
        raise ComplaintMovedOn
    complaint.state, complaint.state_changed_at = following, now


def _sealed(by: Actor, woman: Participant | None, text: str, purpose: str) -> bytes:
    if woman is not None:
        return sealing.seal_bytes(woman, text.strip().encode(), purpose=purpose)
    return sealing.seal_with_secret(_secret(by), text.strip(), name=SECRET, purpose=purpose)


def _opened(woman: Participant | None, secret: bytes, sealed: bytes | memoryview | None, purpose: str) -> str:
    if woman is not None:
        return sealing.unseal_text(woman, sealed, purpose=purpose)
    return sealing.unseal_with_secret(secret, sealed or b"", name=SECRET, purpose=purpose)


def _secret(by: Actor) -> bytes:
    """Return the secret that seals what is nobody's by code; made when it is first needed, once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaints_secret'))")
    held = HeldSecret.objects.filter(name=SECRET).first()
    return sealing.secret_of(held or hold_secret(by=by, name=SECRET, secret=os.urandom(SECRET_BYTES)))


def _record(by: Actor, action: str, complaint: Complaint, **details: str) -> None:
    record(actor=by, action=action, object_type="complaint", object_id=complaint.pk, details=details)
