"""Whom to write to about an address from which many names are tried: at once, and once."""

from datetime import datetime

from django.conf import settings

from accounts.models import AddressHold
from monitoring.queries.readers import Due, due, people_told, reader_of, with_listed
from monitoring.telling import TELL_WITHIN, Kind


def holds_due(now: datetime) -> list[Due]:
    """Return who hears that an address was held up: administrators, who read on the page which one and for how long."""
    holds = list(AddressHold.objects.filter(began_at__gt=now - TELL_WITHIN))
    if not holds:
        return []
    people = map(reader_of, people_told(Kind.ADDRESS_HELD))
    readers = with_listed(people, ("administrators", settings.ADMIN_NOTICES_TO))
    return [due(Kind.ADDRESS_HELD, str(hold.pk), reader) for hold in holds for reader in readers]
