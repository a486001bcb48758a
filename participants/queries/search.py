"""Whom a search by a keyed hash finds, of the searcher's own station and of no other."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from audit.models import Event
from participants.lookups import Digests
from participants.models import ParticipantQuerySet
from participants.queries.intake import reports_listed
from participants.queries.people import hashed_alike, participants_listed
from participants.report_sealing import DIGEST_FIELDS
from participants.vault import Lookup

SEARCH = "participants.search"
COUNTED_OVER = timedelta(hours=1)


def women_alike(user: User, kind: Lookup, digests: Digests) -> ParticipantQuerySet:
    """Return the women in a person's scope who have a hash of that kind alike, with all that a list shows."""
    return participants_listed(user).filter(pk__in=hashed_alike(kind, digests).values("participant"))


def reports_alike(user: User, kind: Lookup, digests: Digests) -> QuerySet[Any]:
    """Return the reports in a person's scope that nobody was enrolled from and whose hash of that kind is alike."""
    alike = {f"box__{DIGEST_FIELDS[kind]}__in": list(digests.get(kind, {}).values())}
    return reports_listed(user).filter(participant=None, **alike)


def searches_lately(user: User, now: datetime) -> int:
    """Return how often a person searched within the last hour, as the audit has it."""
    return Event.objects.filter(actor=user.audit_name, action=SEARCH, at__gt=now - COUNTED_OVER).count()
