"""What interviewers' phones sent and could not be taken as it came."""

from django.db.models import F, QuerySet

from accounts.models import User
from surveys.models import PhoneEntry


def held_entries(user: User) -> QuerySet[PhoneEntry]:
    """Return what is held in the scope of a person: what waits for a decision first, the oldest before the others."""
    found = PhoneEntry.objects.visible_to(user).held().defer("sealed_content")
    found = found.select_related("case__participant", "sent_by", "decision__decided_by")
    return found.order_by(F("decision__decided_at").desc(nulls_first=True), "received_at", "id")


def entries_to_decide(user: User) -> int:
    """Return how much waits for a decision in the scope of a person."""
    return PhoneEntry.objects.visible_to(user).undecided().count()
