"""One person's signature: what she means, of which rows, sealed with the key that signs the audit's checkpoints."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from audit.checkpoints import key_id, signature, signing_key
from data_lock.models import DataLock, Lifting, LockSignature
from data_lock.statement import signature_text


class SignedAlready(StudyError):
    """Two signatures are two people's."""

    code = "signed_already"
    message = _("You signed this already: somebody else signs it too.")
    http_status = 409


def write_signature(
    lock: DataLock, *, author: User, meaning: LockSignature.Meaning, now: datetime, lifting: Lifting | None = None
) -> LockSignature:
    """Keep what a person says of a lock, within the caller's transaction; the time is the server's."""
    purpose = LockSignature.Purpose.LIFT if lifting else LockSignature.Purpose.LOCK
    text = signature_text(
        lock=lock.pk,
        cut=lock.cut,
        sha256=lock.sha256,
        purpose=purpose,
        meaning=meaning,
        person=author.audit_name,
        role=author.role,
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
    )
    key = signing_key(settings.AUDIT_SIGNING_KEY)
    return LockSignature.objects.create(
        lock=lock,
        lifting=lifting,
        purpose=purpose,
        meaning=meaning,
        signed_by=author,
        signed_role=author.role,
        signed_at=now,
        sha256=lock.sha256,
        text=text,
        signature=signature(text, key),
        key=key_id(key.public_key()),
    )
