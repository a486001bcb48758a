"""Questionnaires loaded."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from audit.services import record
from surveys import instrument_file
from surveys.models import Instrument


class InstrumentVersionTaken(StudyError):
    """The version is loaded already, with another content: answers point to it."""

    code = "instrument_version_taken"
    message = _("This version of the questionnaire is already loaded with another content: give it a new version.")
    http_status = 409


@transaction.atomic
def load_instrument(*, by: Actor, instrument: instrument_file.Instrument, now: datetime) -> Instrument:
    """Store one version of a questionnaire; the same content again changes nothing. Raise InstrumentVersionTaken."""
    require(by, Permission.MANAGE_PROTOCOL)
    content = instrument.model_dump(mode="json")
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    loaded = Instrument.objects.filter(code=instrument.code, version=instrument.version).first()
    if loaded is not None and loaded.sha256 != sha256:
        raise InstrumentVersionTaken
    stored = loaded or Instrument.objects.create(
        code=instrument.code, version=instrument.version, sha256=sha256, content=content, loaded_at=now
    )
    record(
        actor=by,
        action="surveys.load_instrument",
        object_type="instrument",
        object_id=str(stored),
        details={"sha256": sha256, "was_loaded": loaded is not None},
    )
    return stored
