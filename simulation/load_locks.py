"""A lock of old logs for the demonstration, signed by two, and one that waits for its second signature."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from data_lock.models import DataLock, LockSignature
from data_lock.services import propose_lock, sign_lock
from data_lock.states import LockKind
from visits.models import VisitLog

_Meaning = LockSignature.Meaning
LOCKED_DAYS, WAITING_DAYS = 120, 90


def load_locks(*, now: datetime, password: str) -> int:
    """Lock the logs until four months ago, and propose the same until three months ago; return how many locks."""
    people = {user.username: user for user in User.objects.filter(username__in=("administradora", "investigadora"))}
    made = 0
    for days, signers in (
        (LOCKED_DAYS, (("administradora", _Meaning.REVIEWED), ("investigadora", _Meaning.APPROVED))),
        (WAITING_DAYS, (("administradora", _Meaning.REVIEWED),)),
    ):
        until = timezone.localdate(now) - timedelta(days=days)
        if not VisitLog.objects.filter(occurred_at__date__lt=until).exists():
            continue
        lock = _proposed(people["administradora"], until, now - timedelta(days=days // 30))
        for name, meaning in signers:
            sign_lock(by=people[name], lock=lock, password=password, meaning=meaning, now=lock.proposed_at)
        made += 1
    return made


def _proposed(by: User, until: date, at: datetime) -> DataLock:
    reason = "Todo lo que estaba abierto se revisó en la reunión del mes."
    return propose_lock(by=by, kind=LockKind.VISITS, wave="", until=until, reason=reason, now=at)
