"""What grows one by one (logs, held answers, telephones): told once a day at most, and only of new things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from back_checks.models import BackCheck
from back_checks.queries import back_checks_to_ask
from monitoring.models import StaffMessage
from monitoring.queries.readers import Due, due, people_told, reader_of
from monitoring.telling import TELL_WITHIN, Kind, is_day
from phone.freshness import WAITS_TOO_LONG
from phone.queries import own_phones_unsent, phones_unsent, unsent_since
from surveys.models import PhoneEntry
from visits.models import Device, LogConflict
from visits.queries import conflicts_to_decide


@dataclass(frozen=True, slots=True)
class Pile:
    """Things that wait for one person. `newest`: when the last of them came to her, None where none waits.

    `has_grown` says, for everybody together, whether anything came after a moment: most minutes nothing did.
    """

    kind: Kind
    has_grown: Callable[[datetime], bool]
    newest: Callable[[User, datetime], datetime | None]


def piles_due(now: datetime) -> list[Due]:
    """Return whose pile grew since she last heard of it, by daylight, a message a day."""
    local = timezone.localtime(now)
    if not is_day(local):
        return []
    since, about = now - TELL_WITHIN, local.date().isoformat()
    told = _last_told(since)
    found = []
    for pile in PILES:
        if not pile.has_grown(since):
            continue
        for user in people_told(pile.kind):
            reader, newest = reader_of(user), pile.newest(user, now)
            if newest is not None and newest > told.get((pile.kind.value, reader.to), since):
                found.append(due(pile.kind, about, reader))
    return found


def _last_told(since: datetime) -> dict[tuple[str, str], datetime]:
    rows = StaffMessage.objects.filter(kind__in=[pile.kind for pile in PILES], claimed_at__gt=since)
    last = rows.order_by("kind", "to").values_list("kind", "to").annotate(last=Max("claimed_at"))
    return {(kind, to): at for kind, to, at in last}


def _newest_log(user: User, _now: datetime) -> datetime | None:
    newest: datetime | None = conflicts_to_decide(user).aggregate(at=Max("received_at"))["at"]
    return newest


def _newest_entry(user: User, _now: datetime) -> datetime | None:
    waiting = PhoneEntry.objects.visible_to(user).undecided()
    newest: datetime | None = waiting.aggregate(at=Max("received_at"))["at"]
    return newest


def _newest_back_check(user: User, now: datetime) -> datetime | None:
    waiting = back_checks_to_ask(user, timezone.localdate(now))
    newest: datetime | None = waiting.aggregate(at=Max("given_at"))["at"]
    return newest


def _newest_own_phone(user: User, now: datetime) -> datetime | None:
    return _newest_late(own_phones_unsent(user, now))


def _newest_phone(user: User, now: datetime) -> datetime | None:
    return _newest_late(phones_unsent(user, now))


def _newest_late(phones: list[Device]) -> datetime | None:
    late = [since + WAITS_TOO_LONG for phone in phones if (since := unsent_since(phone)) is not None]
    return max(late, default=None)


def _came_late(since: datetime) -> bool:
    """Say whether something on any telephone began to wait too long after a moment, in the days that are told of."""
    waiting = map(unsent_since, Device.objects.in_use().filter(oldest_unsent_at__isnull=False).order_by("pk"))
    late = (at + WAITS_TOO_LONG for at in waiting if at is not None)
    return any(since < at <= since + TELL_WITHIN for at in late)


PILES = (
    Pile(
        Kind.LOGS_WAITING,
        lambda since: LogConflict.objects.undecided().filter(received_at__gt=since).exists(),
        _newest_log,
    ),
    Pile(
        Kind.ENTRIES_WAITING,
        lambda since: PhoneEntry.objects.undecided().filter(received_at__gt=since).exists(),
        _newest_entry,
    ),
    Pile(
        Kind.BACK_CHECK,
        lambda since: BackCheck.objects.open().filter(given_at__gt=since).exists(),
        _newest_back_check,
    ),
    Pile(Kind.PHONE_UNSENT, _came_late, _newest_own_phone),
    Pile(Kind.PHONES_UNSENT, _came_late, _newest_phone),
)
