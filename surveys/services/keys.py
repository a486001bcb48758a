"""Keys for an interviewer's other programs: made, shown once, ended."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from surveys.models import CollectKey
from surveys.queries.openrosa import token_sha256

KEY_DAYS = 14
_TOKEN_BYTES = 24


@transaction.atomic
def make_collect_key(*, by: User, now: datetime) -> str:
    """Make a key for two weeks and return it, for this once; the one before ends. Only its hash is kept."""
    require(by, Permission.COLLECT_SURVEYS)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    ended = CollectKey.objects.filter(user=by, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    CollectKey.objects.create(
        user=by, token_sha256=token_sha256(token), made_at=now, expires_at=now + timedelta(days=KEY_DAYS)
    )
    record(actor=by, action="surveys.make_collect_key", details={"ended": ended, "days": KEY_DAYS})
    return token


@transaction.atomic
def revoke_collect_key(*, by: User, now: datetime) -> int:
    """End one's own key; return how many there were."""
    require(by, Permission.COLLECT_SURVEYS)
    ended = CollectKey.objects.filter(user=by, revoked_at=None).update(revoked_at=now)
    record(actor=by, action="surveys.revoke_collect_key", details={"ended": ended})
    return ended


def end_with_sessions(user_id: int, now: datetime) -> None:
    """End the key of an account whose sessions are ended; whoever ends them records it."""
    CollectKey.objects.filter(user=user_id, revoked_at=None).update(revoked_at=now)
