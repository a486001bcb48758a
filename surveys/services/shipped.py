"""The shipped questionnaires, for a study that has none yet."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from protocol.queries import current_protocol
from surveys import queries
from surveys.models import Instrument
from surveys.services.instruments import load_instrument, pin_instrument, publish_instrument

SHIPPED = Path(__file__).resolve().parents[1] / "questionnaires"


@transaction.atomic
def lay_questionnaires(*, by: Actor, now: datetime) -> dict[str, Instrument]:
    """Load and publish the shipped questionnaires, and give each wave that asks nothing yet the protocol's.

    The first wave asks `instruments.baseline`, the others `instruments.follow_up`. Return them by their code.
    """
    require(by, Permission.MANAGE_INSTRUMENTS)
    loaded: dict[str, Instrument] = {}
    for file in sorted(SHIPPED.glob("*.md")):
        stored = load_instrument(by=by, source=file.read_bytes(), name=file.name, now=now)
        if stored.status == Instrument.Status.DRAFT:
            stored = publish_instrument(by=by, instrument=stored, now=now)
        loaded[stored.code] = stored
    protocol, pinned = current_protocol(), queries.instruments_by_wave()
    for wave in protocol.waves:
        code = protocol.instruments.follow_up if wave.month else protocol.instruments.baseline
        if wave.code not in pinned and code in loaded:
            pin_instrument(by=by, wave=wave.code, instrument=loaded[code], now=now)
    record(actor=by, action="surveys.lay_questionnaires", details={"loaded": len(loaded)})
    return loaded
