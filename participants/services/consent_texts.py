"""Loading versions of the consent text, and telling older consents when they stop counting."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from audit.services import record
from participants import queries
from participants.consent_file import parse_consent
from participants.models import Consent, ConsentText


class ConsentTextFrozen(StudyError):
    """Women signed this version as it is."""

    code = "consent_text_frozen"
    message = _("Women have signed this version: it cannot change. Give the new text a new version.")
    http_status = 409


class ConsentTextDayTaken(StudyError):
    """Two texts that begin on one day would leave open which is signed."""

    code = "consent_text_day_taken"
    message = _("Another version begins on the same day.")
    http_status = 409


@transaction.atomic
def load_consent_text(*, by: Actor, text: str, name: str, now: datetime) -> tuple[ConsentText, bool]:
    """Store one version of the consent text; return it, and whether anything is new.

    A version that nobody has signed yet may be replaced. Consents to the scopes that a version renews, given under
    older ones, get the day on which they stop counting. Raise ConsentFileError, ConsentTextFrozen or
    ConsentTextDayTaken.
    """
    require(by, Permission.MANAGE_PROTOCOL)
    file = parse_consent(text, name=name)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    known = ConsentText.objects.select_for_update().filter(version=file.version).first()
    if known is not None and known.sha256 == sha256:
        return known, False
    if known is not None and known.frozen_at is not None:
        raise ConsentTextFrozen
    if ConsentText.objects.filter(valid_from=file.valid_from).exclude(version=file.version).exists():
        raise ConsentTextDayTaken
    stored, _created = ConsentText.objects.update_or_create(
        version=file.version,
        defaults={
            "sha256": sha256,
            "source": text,
            "valid_from": file.valid_from,
            "valid_until": file.valid_until,
            "loaded_at": now,
            "loaded_by": person_of(by),
        },
    )
    lapsing = _set_days_of_lapse()
    record(
        actor=by,
        action="participants.load_consent_text",
        object_type="consent_text",
        object_id=stored.version,
        details={"sha256": sha256, "replaced": known is not None, "consents_to_renew": lapsing},
    )
    return stored, True


def _set_days_of_lapse() -> int:
    """Set anew, for every consent not ended, the first day on which it no longer counts; return how many lapse."""
    held = Consent.objects.filter(ended_at=None)
    held.exclude(lapses_on=None).update(lapses_on=None)
    return sum(
        held.filter(text_version=version, scope=scope).update(lapses_on=lapses_on)
        for version in held.order_by("text_version").values_list("text_version", flat=True).distinct()
        for scope, lapses_on in queries.lapse_days(version).items()
    )
