"""Offering care after something hard, and keeping what somebody says of herself. The audit has no answer."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from care.models import Debrief

CARER = SystemActor("care", frozenset({Permission.OFFER_CARE}))


class NotYours(StudyError):
    """What was offered to somebody else is nobody's business. Worded as if it did not exist."""

    code = "not_found"
    message = _("Not found.")
    http_status = 404


class SaidAlready(StudyError):
    """One answer is enough; something else that was hard has its own."""

    code = "said_already"
    message = _("You have answered this already.")
    http_status = 409


@transaction.atomic
def offer_debriefs(
    *,
    by: Actor,
    people: Collection[int],
    occasion: Debrief.Occasion,
    cause: Debrief.Cause,
    source_id: str,
    now: datetime,
) -> int:
    """Offer each of these accounts a moment after something hard; the same again offers nobody twice.

    Return how many people it was for.
    """
    require(by, Permission.OFFER_CARE)
    Debrief.objects.bulk_create(
        (
            Debrief(person_id=person, occasion=occasion, cause=cause, source_id=source_id, offered_at=now)
            for person in sorted(set(people))
        ),
        ignore_conflicts=True,
    )
    record(actor=by, action="care.offer", object_type="debrief", details={"people": len(set(people))})
    return len(set(people))


@transaction.atomic
def answer_debrief(*, by: User, debrief: Debrief, feeling: Debrief.Feeling, now: datetime) -> Debrief:
    """Keep how a person is, in her own word; nobody else reads it. Raise NotYours or SaidAlready."""
    require(by, Permission.TAKE_CARE)
    locked = Debrief.objects.select_for_update().get(pk=debrief.pk)
    if locked.person_id != by.pk:
        raise NotYours
    if locked.answered_at is not None:
        raise SaidAlready
    locked.answered_at, locked.feeling = now, feeling
    locked.save(update_fields=["answered_at", "feeling"])
    record(actor=by, action="care.answer", object_type="debrief", object_id=locked.pk)
    return locked


@transaction.atomic
def say_it_was_hard(*, by: User, occasion: Debrief.Occasion, feeling: Debrief.Feeling, now: datetime) -> Debrief:
    """Keep that something was hard for a person though no rule found it, and how she is."""
    require(by, Permission.TAKE_CARE)
    debrief = Debrief.objects.create(
        person=by, occasion=occasion, cause=Debrief.Cause.OWN, offered_at=now, answered_at=now, feeling=feeling
    )
    record(actor=by, action="care.say", object_type="debrief", object_id=debrief.pk)
    return debrief
