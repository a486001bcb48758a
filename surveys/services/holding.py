"""What is kept whole, sealed with her key, because it could not be taken: nothing that a woman answered is lost."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actors import SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import Participant
from participants.reach import ConflictOfInterest
from protocol.locked_data import DataIsLocked, locked_data_told
from safety.models import SafetyCase
from safety.rules import CHILD_IN_DANGER
from safety.services import Origin, raise_case
from surveys.entry_content import SentEntry
from surveys.models import PhoneEntry, SurveyCase
from surveys.outcomes import CHILD_IN_DANGER as CHILD_IN_DANGER_ITEM
from surveys.xforms.submission import said

ENTRY = "phone entry"
# What follows from a survey of somebody who does not ask her any more is done all the same.
SYNC = SystemActor("entry sync", frozenset({Permission.RAISE_CASES}))
Words = ParamSpec("Words")
Answer = TypeVar("Answer")


class EntryIdTaken(StudyError):
    """The identifier belongs to something else that was sent."""

    code = "log_id_taken"
    message = _("Something else has this identifier: give this one a new one and send it again.")
    http_status = 422


class AnswersKeptApart(ConflictOfInterest):
    """Whoever asked has to do with her case: the answers do not count, and are not lost. The words do not say why."""

    code = "answers_kept_apart"
    message = _("This survey is not taken from your account. What she answered is kept apart: the coordinator decides.")


class AnswersCameAfterLock(DataIsLocked):
    """Her answers are not lost, and change nothing that was signed."""

    code = "answers_came_after_lock"
    message = _(
        "The data of this survey were locked before it came. What she answered is kept apart, whole: the coordinator "
        "decides. There is nothing to send again."
    )


def tied_answers_held(service: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Keep the answers that a service refuses because of a tie: its own transaction is rolled back by then."""

    @wraps(service)
    def holding(*args: Words.args, **words: Words.kwargs) -> Answer:
        try:
            return service(*args, **words)
        except AnswersKeptApart:
            sent: dict[str, Any] = dict(words)
            hold_answers(by=sent["by"], case=sent["case"], content=sent["content"], now=sent["now"])
            raise

    return holding


def late_answers_held(service: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Keep the answers that the database refuses because their data are locked; raise AnswersCameAfterLock."""

    @wraps(service)
    def holding(*args: Words.args, **words: Words.kwargs) -> Answer:
        try:
            with locked_data_told():
                return service(*args, **words)
        except DataIsLocked as refusal:
            sent: dict[str, Any] = dict(words)
            held = PhoneEntry.Held.LOCKED
            hold_answers(by=sent["by"], case=sent["case"], content=sent["content"], held_for=held, now=sent["now"])
            raise AnswersCameAfterLock from refusal

    return holding


@transaction.atomic
def hold_answers(
    *,
    by: User,
    case: SurveyCase,
    content: bytes,
    now: datetime,
    held_for: PhoneEntry.Held = PhoneEntry.Held.TIED,
) -> PhoneEntry:
    """Keep a submission that is not taken whole, once, until somebody decides; tell of a child in danger."""
    require(by, Permission.COLLECT_SURVEYS)
    woman = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("vault_key")
    participant = woman.get(pk=case.participant_id)
    entry_id = uuid5(case.pk, sha256(content).hexdigest())
    first = PhoneEntry.objects.filter(pk=entry_id).first()
    if first is not None:
        return first
    whole = {"case": str(case.pk), "kind": PhoneEntry.Kind.SURVEY.value, "xml": content.decode(errors="replace")}
    entry = SentEntry(entry_id, case.pk, PhoneEntry.Kind.SURVEY, now, {"xml": whole["xml"]}, whole)
    kept = PhoneEntry(
        pk=entry_id,
        case=case,
        kind=entry.kind,
        made_at=now,
        received_at=now,
        sent_by=by,
        content_hmac=entry_digest(case, entry),
        held_for=held_for,
    )
    remember_entry(kept, participant, entry)
    if said(content, CHILD_IN_DANGER_ITEM) == "yes":
        tell_of_danger(case, now=now)
    record(
        actor=by,
        action="surveys.hold_answers",
        object_type="survey",
        object_id=case.pk,
        details={"wave": case.wave, "held_for": kept.held_for},
    )
    return kept


def remember_entry(kept: PhoneEntry, participant: Participant, entry: SentEntry) -> PhoneEntry:
    """Store what was sent, whole and sealed where it is held. Raise EntryIdTaken."""
    if kept.held_for:
        kept.sealed_content = sealing.seal_text(participant, entry.text, purpose=ENTRY)
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError as error:
        # Something of another woman took the identifier in this moment.
        raise EntryIdTaken from error
    return kept


def entry_digest(case: SurveyCase, entry: SentEntry) -> str:
    """Return a keyed hash of all that it says: without the key, nobody can guess an answer from it."""
    return salted_hmac("surveys.entry", f"{case.pk} {entry.sha256}", algorithm="sha256").hexdigest()


def tell_of_danger(case: SurveyCase, *, now: datetime) -> None:
    """Put a child in danger before the safety officer, whatever becomes of the survey."""
    origin = Origin(SafetyCase.Origin.SURVEY, str(case.pk))
    raise_case(by=SYNC, participant=case.participant, rule=CHILD_IN_DANGER, origin=origin, now=now)
