"""What a study stands on, by its real services: protocol, frame, scale, and a seeded allocation that is locked."""

import hashlib
import re
from datetime import datetime
from pathlib import Path

from django.conf import settings

from accounts.actors import Actor, SystemActor
from accounts.errors import StudyError
from accounts.permissions import Permission
from participants.models import ConsentText
from participants.services import load_consent_text
from protocol.queries import current_protocol
from protocol.services import load_protocol
from referrals.services import load_directory
from risk import models as risk_models
from risk.scale_source import SHIPPED, read_scale
from risk.services import load_scale
from simulation.team import draw_witnesses
from stations.frame_file import read_frame
from stations.models import AllocatedStation
from stations.queries import locked_allocation, reach_of, study_stations
from stations.services import approve_allocation, commit_draw, import_frame, reveal_draw
from surveys.models import Instrument
from surveys.queries import instruments_by_wave
from surveys.services import lay_questionnaires

SIMULATION = SystemActor(
    "simulation",
    frozenset(
        {
            Permission.MANAGE_PROTOCOL,
            Permission.MANAGE_FRAME,
            Permission.ALLOCATE_STATIONS,
            Permission.MANAGE_OFFICERS,
            Permission.MANAGE_SCALES,
            Permission.KEEP_DIRECTORY,
            Permission.PLAN_VISITS,
            Permission.COLLECT_SURVEYS,
            Permission.MANAGE_INSTRUMENTS,
            Permission.WATCH_STUDY,
            Permission.CHECK_DATA,
            Permission.COORDINATE_SURVEYS,
        }
    ),
)

_PROTOCOL_FILE = Path(settings.BASE_DIR) / "protocol" / "studies" / "peru_home_visits.toml"
_FRAME_FOLDER = Path(settings.BASE_DIR) / "stations" / "data"
_CONSENT_FOLDER = Path(settings.BASE_DIR) / "participants" / "consent_texts"
_DIRECTORY_FILE = Path(settings.BASE_DIR) / "referrals" / "data" / "directory.toml"
_SOURCE = "Estudio sintético: su semilla hace las veces de los números de un sorteo público"
_STATIONS_FILE, _DISTRICTS_FILE = "lima_stations_2017.csv", "lima_districts.csv"


class OtherAllocationLocked(StudyError):
    """A study of another size is under way in this database."""

    code = "other_allocation_locked"
    http_status = 409


def lay_protocol(*, by: Actor, now: datetime, clusters: int | None = None) -> None:
    """Load the shipped protocol, once; with another number of stations, as a version of its own."""
    text = _PROTOCOL_FILE.read_text(encoding="utf-8")
    if clusters is not None:
        drawn = re.search(r"^stations = (\d+)$", text, re.MULTILINE)
        if drawn is None or int(drawn[1]) != clusters:
            text = re.sub(r"^stations = \d+$", f"stations = {clusters}", text, flags=re.MULTILINE)
            text = re.sub(
                r'^version = "(.+?)"$', rf'version = "\1-{clusters}-stations"', text, count=1, flags=re.MULTILINE
            )
            # Of another number of stations there may be too many assignments to go through them all.
            text = text.replace('method = "constrained"', 'method = "simple"')
    load_protocol(by=by, text=text, name=_PROTOCOL_FILE.name, now=now)


def lay_scale(*, by: Actor, now: datetime) -> risk_models.Scale:
    """Load the scale that the protocol names, once."""
    return load_scale(by=by, scale=read_scale(SHIPPED[current_protocol().risk.scale]), now=now)


def lay_instruments(*, by: Actor, now: datetime) -> dict[str, Instrument]:
    """Load the shipped questionnaires once, and return what each wave asks."""
    lay_questionnaires(by=by, now=now)
    return instruments_by_wave()


def lay_consent_text(*, by: Actor, now: datetime) -> ConsentText:
    """Load the consent text that the protocol begins with, once."""
    file = _CONSENT_FOLDER / f"{current_protocol().consent.version}.toml"
    return load_consent_text(by=by, text=file.read_text(encoding="utf-8"), name=file.name, now=now)[0]


def lay_directory(*, by: Actor, now: datetime) -> None:
    """Load the shipped directory of services, once."""
    text = _DIRECTORY_FILE.read_text(encoding="utf-8")
    load_directory(by=by, text=text, name=_DIRECTORY_FILE.name, now=now)


def lay_frame(*, by: Actor) -> None:
    """Import the stations and districts of Lima, once."""
    stations, districts = read_frame(
        stations=(_FRAME_FOLDER / _STATIONS_FILE).read_bytes(),
        districts=(_FRAME_FOLDER / _DISTRICTS_FILE).read_bytes(),
        stations_name=_STATIONS_FILE,
        districts_name=_DISTRICTS_FILE,
    )
    import_frame(by=by, stations=stations, districts=districts)


def lay_allocation(*, by: Actor, seed: int, clusters: int, now: datetime) -> list[AllocatedStation]:
    """Promise, reveal and approve a draw as a study does, or take the stations already locked; by study number.

    Raises OtherAllocationLocked when another number of stations is locked, and what the services raise.
    """
    if locked_allocation() is None:
        lay_protocol(by=by, now=now, clusters=clusters)
        lay_frame(by=by)
        promised = commit_draw(by=by, public_draw_source=_SOURCE, now=now, nonce=_nonce("promise", seed))
        drawn_at = reveal_draw(
            by=by,
            commitment=promised,
            public_draw=f"{seed:06d}",
            now=now,
            blinding_nonce=_nonce("codes", seed),
        )
        known = [reach.contrast.name for reach in reach_of(drawn_at)]
        for person in draw_witnesses(by=by):
            approve_allocation(by=person, allocation=drawn_at, accepted_contrasts=known, now=now)
    drawn = list(study_stations())
    if len(drawn) != clusters:
        message = f"the locked allocation has {len(drawn)} stations: simulate with --clusters {len(drawn)}"
        raise OtherAllocationLocked(message)
    return drawn


def _nonce(purpose: str, seed: int) -> bytes:
    """Nothing synthetic is secret: the same seed gives the same study, its codes included."""
    return hashlib.sha256(f"synthetic:{purpose}:{seed}".encode()).digest()
