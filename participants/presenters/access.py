"""What the page of a notice about access shows."""

from django.utils.translation import gettext as _

from participants import sealing
from participants.models import AccessNotice, EmergencyOpening, Participant
from participants.services.openings import EMERGENCY_REASON
from participants.services.overrides import OVERRIDE_REASON


def sealed_reason(notice: AccessNotice) -> str:
    """Return why a card was opened as an emergency, or she was reached outside her safe times, in the person's words.

    Where they do not open, say why not.
    """
    if notice.participant is None:
        return ""
    if notice.emergency is not None:
        return _unsealed(notice.participant, notice.emergency.sealed_reason, EMERGENCY_REASON)
    if notice.contact_override is not None:
        return _unsealed(notice.participant, notice.contact_override.sealed_reason, OVERRIDE_REASON)
    return ""


def opening_reason(opening: EmergencyOpening) -> str:
    """Return why an emergency was declared, in the words of whoever did; why not, where they do not open."""
    return _unsealed(opening.participant, opening.sealed_reason, EMERGENCY_REASON)


def _unsealed(participant: Participant, sealed: bytes | memoryview | None, purpose: str) -> str:
    try:
        return sealing.unseal_text(participant, sealed, purpose=purpose)
    except sealing.IdentityErased:
        return _("Erased with her data.")
    except sealing.SealedDataUnreadable as error:
        return str(error)
