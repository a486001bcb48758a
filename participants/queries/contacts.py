"""Which contacts outside a woman's safe times are allowed."""

from datetime import date

from django.db.models import Exists, OuterRef

from participants.models import ContactOverride, Participant
from participants.safe_contact import Contact, Hours


def override_for(participant: Participant, kind: Contact, on: date, window: Hours) -> ContactOverride | None:
    """Return the exception that allows a contact of this kind in the whole of a day's window (Lima's hours)."""
    covering = ContactOverride.objects.filter(
        participant=participant, kind=kind, on=on, window_from__lte=window[0], window_until__gte=window[1]
    )
    return covering.first()


def has_visit_override() -> Exists:
    """Return the condition that an exception allows a visit: rows with participant, planned_on and the window."""
    return Exists(
        ContactOverride.objects.filter(
            participant=OuterRef("participant"),
            kind=Contact.VISIT,
            on=OuterRef("planned_on"),
            window_from__lte=OuterRef("window_from"),
            window_until__gte=OuterRef("window_until"),
        )
    )
