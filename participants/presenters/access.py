"""What the page of a notice about access shows."""

from django.utils.translation import gettext as _

from participants import sealing
from participants.models import AccessNotice
from participants.services.openings import EMERGENCY_REASON
from participants.services.overrides import OVERRIDE_REASON


def sealed_reason(notice: AccessNotice) -> str:
    """Return why a card was opened as an emergency, or she was reached outside her safe times, in the person's words.

    Where they do not open, say why not.
    """
    if notice.emergency is not None:
        sealed, purpose = notice.emergency.sealed_reason, EMERGENCY_REASON
    elif notice.contact_override is not None:
        sealed, purpose = notice.contact_override.sealed_reason, OVERRIDE_REASON
    else:
        return ""
    if notice.participant is None:
        return ""
    try:
        return sealing.unseal_text(notice.participant, sealed, purpose=purpose)
    except sealing.IdentityErased:
        return _("Erased with her data.")
    except sealing.SealedDataUnreadable as error:
        return str(error)
