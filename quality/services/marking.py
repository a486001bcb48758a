"""Marks of notes, made by the nightly run: it opens each note once, keeps a keyed hash of it and shows it to nobody."""

import hashlib
import os

from django.db import connection, transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import HeldSecret
from participants.sealing import IdentityErased, SealedDataUnreadable, secret_of, unseal_text
from participants.services import hold_secret
from quality.models import NoteMark
from quality.note_marks import note_mark
from quality.queries.notes import notes_to_mark
from visits.models import VisitLog
from visits.services.log_writing import LOG_NOTE

SECRET = "note marks"  # noqa: S105 - the name of a secret
SECRET_BYTES = 32
MOST_AT_ONCE = 5000


@transaction.atomic
def mark_notes(*, by: Actor) -> int:
    """Mark the notes that are new or were changed, some thousands at once, and blank those of erased women.

    Return how many were marked. Safe to run twice; two at once run one after the other.
    """
    require(by, Permission.CHECK_DATA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quality_notes'))")
    gone = (
        NoteMark.objects.filter(log__visit__participant__data_erased_at__isnull=False).exclude(mark="").update(mark="")
    )
    logs = list(notes_to_mark()[:MOST_AT_ONCE])
    if logs:
        secret = _secret(by)
        NoteMark.objects.bulk_create(
            (NoteMark(log=log, sealed_sha256=_sha256(log), mark=_mark(secret, log)) for log in logs),
            update_conflicts=True,
            unique_fields=("log",),
            update_fields=("sealed_sha256", "mark"),
        )
    if logs or gone:
        details = {"marked": len(logs), "blanked": gone}
        record(actor=by, action="quality.mark_notes", object_type="note_mark", details=details)
    return len(logs)


def _sha256(log: VisitLog) -> str:
    return hashlib.sha256(bytes(log.sealed_note or b"")).hexdigest()


def _secret(by: Actor) -> bytes:
    held = HeldSecret.objects.filter(name=SECRET).first()
    return secret_of(held or hold_secret(by=by, name=SECRET, secret=os.urandom(SECRET_BYTES)))


def _mark(secret: bytes, log: VisitLog) -> str:
    """Return a note's mark, "" where it does not open: the vault's own check tells of that."""
    try:
        return note_mark(secret, unseal_text(log.visit.participant, log.sealed_note, purpose=LOG_NOTE))
    except (IdentityErased, SealedDataUnreadable):
        return ""
