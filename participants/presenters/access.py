"""What the page of a notice about access shows."""

from django.utils.translation import gettext as _

from participants import sealing
from participants.models import AccessNotice
from participants.services.openings import EMERGENCY_REASON


def emergency_reason(notice: AccessNotice) -> str:
    """Return why a card was opened as an emergency, in the words of whoever did; why not, where they do not open."""
    if notice.emergency is None or notice.participant is None:
        return ""
    try:
        return sealing.unseal_text(notice.participant, notice.emergency.sealed_reason, purpose=EMERGENCY_REASON)
    except sealing.IdentityErased:
        return _("Erased with her data.")
    except sealing.SealedDataUnreadable as error:
        return str(error)
