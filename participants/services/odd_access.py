"""Finding odd access in the audit, as it grows, and telling the safety officer."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants import queries
from participants.models import AccessNotice, AccessSweep
from participants.notifying import request_notices
from participants.odd_access import Odd, earliest_needed, is_touched, odd_accesses

LINKS_AT_ONCE = 50_000


@transaction.atomic
def watch_access(*, by: Actor, now: datetime) -> int:
    """Judge what joined the audit since the last sweep; return for how many windows there was something new to tell.

    Safe to run twice or twice at once: one sweep waits for the other, and a window counts what it holds.
    """
    require(by, Permission.WATCH_ACCESS)
    AccessSweep.objects.get_or_create(pk=AccessSweep.ONLY)
    sweep = AccessSweep.objects.select_for_update().get(pk=AccessSweep.ONLY)
    until = queries.chain_reaches(sweep.position, at_most=LINKS_AT_ONCE)
    told = sum(_tell(odd, now) for odd in _odd_between(sweep.position, until))
    if until > sweep.position:
        sweep.position = until
        sweep.save(update_fields=["position"])
    if told:
        record(
            actor=by,
            action="participants.watch_access",
            object_type="access_notice",
            details={"windows": told, "until": until},
        )
        request_notices()
    return told


def _odd_between(after: int, until: int) -> list[Odd]:
    """Return what is odd in windows that acts of that part of the chain touch."""
    limits = queries.access_limits()
    new: dict[str, list[datetime]] = defaultdict(list)
    for event in queries.access_events(after, until):
        new[event.actor].append(timezone.localtime(event.at))
    if not new:
        return []
    since = min(earliest_needed(at, limits) for moments in new.values() for at in moments)
    odd = odd_accesses(queries.accesses_of(new, since, limits), limits)
    return [found for found in odd if any(is_touched(found, at) for at in new[f"{queries.PERSON}{found.person}"])]


def _tell(odd: Odd, now: datetime) -> bool:
    """Put before the safety officer what she was not told yet; what she has judged already stays judged."""
    same = AccessNotice.objects.filter(kind=odd.oddity, user_id=odd.person, window_from=odd.window.begins)
    more = odd.times - (same.aggregate(told=Sum("times"))["told"] or 0)
    if more <= 0:
        return False
    if not same.filter(reviewed_at=None).update(times=F("times") + more):
        AccessNotice.objects.create(
            kind=odd.oddity,
            user_id=odd.person,
            times=more,
            window_from=odd.window.begins,
            window_until=odd.window.ends,
            raised_at=now,
        )
    return True
