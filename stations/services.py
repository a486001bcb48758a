"""The frame, the draw and the lock: what takes the trial from a list of stations to its arms."""

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from protocol.models import ProtocolVersion
from protocol.queries import active_version, current_protocol
from protocol.services import freeze_protocol
from stations.allocation import METHOD, blind
from stations.certificate import build_certificate, check_certificate
from stations.frame_file import DistrictRow, StationRow, frame_content, frame_sha256
from stations.frame_import import FrameChange, frame_changes
from stations.models import AllocatedStation, Allocation, District, Frame, Officer, Posting, Station
from stations.queries import frame_with_exclusions, locked_allocation

SEED_DIGITS = 40
NONCE_BYTES = 32


class FrameLocked(StudyError):
    """Stations are allocated: the frame they were drawn from stays as it is."""

    code = "frame_locked"
    message = _("An allocation is locked: the frame it was drawn from cannot change any more.")
    http_status = 409


class SeedNotANumber(StudyError):
    """A seed is what anyone can type again without doubt: digits only."""

    code = "seed_not_a_number"
    message = _("The seed must be a whole number of 1 to 40 digits, for example 20261118.")


class TooFewEligible(StudyError):
    """The frame has fewer eligible stations than the protocol draws."""

    code = "too_few_eligible"
    message = _("The frame has fewer eligible stations than the protocol draws. Import the frame first.")
    http_status = 409


class AllocationLocked(StudyError):
    """One allocation is locked, and it is the only one for ever."""

    code = "allocation_locked"
    message = _("An allocation is already locked; it can never be replaced. This draw remains a rehearsal.")
    http_status = 409


class AllocationNotADraft(StudyError):
    """Only a draft may be locked or discarded."""

    code = "allocation_not_a_draft"
    message = _("This draw is no longer a draft.")
    http_status = 409


class AllocationOutdated(StudyError):
    """Frame or protocol changed since the draw."""

    code = "allocation_outdated"
    message = _("The frame or the protocol has changed since this draw. Draw again.")
    http_status = 409


class AllocationAltered(StudyError):
    """What is stored is not what was drawn."""

    code = "allocation_altered"
    message = _("The stored draw differs from what its seed drew. Tell whoever looks after the database.")
    http_status = 409


class PostingOverlaps(StudyError):
    """An officer serves at one station at a time."""

    code = "posting_overlaps"
    message = _("The officer is already posted from that day or later. End that posting first.")
    http_status = 409


@transaction.atomic
def import_frame(*, by: Actor, stations: list[StationRow], districts: list[DistrictRow]) -> list[FrameChange]:
    """Bring the frame to what the files say, by code: new and changed rows are written, absent ones are left.

    Return the fate of every row. Raises FrameLocked if it would change the frame of a locked allocation.
    """
    require(by, Permission.MANAGE_FRAME)
    changes = frame_changes(stations, districts)
    if all(change.is_unchanged for change in changes):
        return changes
    if locked_allocation() is not None:
        raise FrameLocked
    _write_districts(districts)
    _write_stations(stations)
    audit.record(
        actor=by,
        action="stations.import_frame",
        object_type="frame",
        object_id=frame_sha256(stations, districts)[:12],
        details={
            "new": sum(change.is_new for change in changes),
            "changed": sum(bool(change.changed) for change in changes),
        },
    )
    return changes


def _write_districts(rows: list[DistrictRow]) -> None:
    fields = [field for field in DistrictRow.__dataclass_fields__ if field != "ubigeo"]
    District.objects.bulk_create(
        (District(ubigeo=row.ubigeo, **{name: getattr(row, name) for name in fields}) for row in rows),
        update_conflicts=True,
        unique_fields=["ubigeo"],
        update_fields=fields,
    )


def _write_stations(rows: list[StationRow]) -> None:
    fields = [name for name in StationRow.__dataclass_fields__ if name not in {"code", "ubigeo", "district"}]
    Station.objects.bulk_create(
        (
            Station(code=row.code, district_id=row.ubigeo, **{name: getattr(row, name) for name in fields})
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["district", *fields],
    )


@transaction.atomic
def freeze_frame(*, by: Actor, now: datetime) -> Frame:
    """Keep the frame as it stands, whole and hashed; the same content is kept once."""
    require(by, Permission.ALLOCATE_STATIONS)
    stations, districts = _frame_rows()
    sha256 = frame_sha256(stations, districts)
    frame = Frame.objects.filter(sha256=sha256).first()
    if frame is None:
        frame = Frame.objects.create(
            sha256=sha256, frozen_at=now, frozen_by=_person(by), **frame_content(stations, districts)
        )
        audit.record(
            actor=by,
            action="stations.freeze_frame",
            object_type="frame",
            object_id=frame.pk,
            details={"sha256": sha256},
        )
    return frame


def _frame_rows() -> tuple[list[StationRow], list[DistrictRow]]:
    district_fields = list(DistrictRow.__dataclass_fields__)
    districts = [DistrictRow(**values) for values in District.objects.values(*district_fields)]
    names = {row.ubigeo: row.name for row in districts}
    counts = [name for name in StationRow.__dataclass_fields__ if name not in {"ubigeo", "district"}]
    stations = [
        StationRow(ubigeo=ubigeo, district=names[ubigeo], **values)
        for values in Station.objects.values("district_id", *counts)
        for ubigeo in [values.pop("district_id")]
    ]
    return stations, districts


@transaction.atomic
def allocate_stations(*, by: Actor, seed: str, now: datetime, nonce: bytes = b"") -> Allocation:
    """Draw the protocol's number of eligible stations and give them arms, as a draft to be looked at.

    The seed is a whole number. The nonce that hides which station bears which study number, letter and group is
    secret and random; only a synthetic study gives its own. Every draw stays on record, so that nobody can try seeds
    unseen. Raises SeedNotANumber, TooFewEligible.
    """
    require(by, Permission.ALLOCATE_STATIONS)
    seed = normalised_seed(seed)
    protocol, version = current_protocol(), active_version()
    eligible = _eligible_codes()
    if len(eligible) < protocol.sampling.stations:
        raise TooFewEligible
    frame = freeze_frame(by=by, now=now)
    certificate = build_certificate(
        seed=seed,
        eligible=eligible,
        size=protocol.sampling.stations,
        arms=[arm.code for arm in protocol.arms],
        frame_sha256=frame.sha256,
        protocol_sha256=version.sha256,
    )
    allocation = Allocation.objects.create(
        frame=frame,
        protocol=version,
        method=METHOD,
        seed=seed,
        blinding_nonce=nonce or secrets.token_bytes(NONCE_BYTES),
        certificate=certificate,
        drawn_at=now,
        drawn_by=_person(by),
    )
    _write_allocated(allocation)
    audit.record(
        actor=by,
        action="stations.allocate",
        object_type="allocation",
        object_id=allocation.pk,
        details={"seed": seed, "frame_sha256": frame.sha256},
    )
    return allocation


def _eligible_codes() -> list[str]:
    return [station.code for station, exclusions in frame_with_exclusions() if not exclusions]


def normalised_seed(seed: str) -> str:
    """Return the seed's digits without leading zeros. Raises SeedNotANumber."""
    digits = seed.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > SEED_DIGITS:
        raise SeedNotANumber
    return str(int(digits))


def _write_allocated(allocation: Allocation) -> None:
    assignment, arms = allocation.certificate["assignment"], allocation.certificate["arms"]
    blinding = blind(list(assignment), arms, nonce=bytes(allocation.blinding_nonce))
    ids = dict(Station.objects.filter(code__in=assignment).values_list("code", "pk"))
    AllocatedStation.objects.bulk_create(
        AllocatedStation(
            allocation=allocation,
            station_id=ids[code],
            arm=arm,
            study_number=blinding.numbers[code],
            blinded_letter=blinding.letters[code],
            blinded_group=blinding.groups[arm],
        )
        for code, arm in assignment.items()
    )


@transaction.atomic
def lock_allocation(*, by: Actor, allocation: Allocation, now: datetime) -> Allocation:
    """Make a draft the allocation of the study, for ever: the database refuses any later change.

    Raises AllocationLocked, AllocationNotADraft, AllocationOutdated, AllocationAltered,
    CertificateWrong.
    """
    require(by, Permission.ALLOCATE_STATIONS)
    # Whoever locks at the same moment waits here, and then finds this one locked.
    rules = ProtocolVersion.objects.select_for_update().filter(is_active=True).first()
    draft = Allocation.objects.select_for_update(of=("self",)).select_related("frame").get(pk=allocation.pk)
    if locked_allocation() is not None:
        raise AllocationLocked
    if draft.status != Allocation.Status.DRAFT:
        raise AllocationNotADraft
    if rules is None or draft.protocol_id != rules.pk or frame_sha256(*_frame_rows()) != draft.frame.sha256:
        raise AllocationOutdated
    check_certificate(draft.certificate, frame_sha256=draft.frame.sha256)
    stored = dict(draft.allocated.values_list("station__code", "arm"))
    if draft.certificate["eligible"] != _eligible_codes() or stored != draft.certificate["assignment"]:
        raise AllocationAltered
    draft.status, draft.locked_at, draft.locked_by = Allocation.Status.LOCKED, now, _person(by)
    draft.save(update_fields=["status", "locked_at", "locked_by"])
    freeze_protocol(by=by, version=rules, now=now)
    audit.record(actor=by, action="stations.lock_allocation", object_type="allocation", object_id=draft.pk)
    return draft


@transaction.atomic
def discard_allocation(*, by: Actor, allocation: Allocation) -> Allocation:
    """Put a draft aside; it stays on record. Raises AllocationNotADraft."""
    require(by, Permission.ALLOCATE_STATIONS)
    draft = Allocation.objects.select_for_update().get(pk=allocation.pk)
    if draft.status != Allocation.Status.DRAFT:
        raise AllocationNotADraft
    draft.status = Allocation.Status.DISCARDED
    draft.save(update_fields=["status"])
    audit.record(actor=by, action="stations.discard_allocation", object_type="allocation", object_id=draft.pk)
    return draft


@transaction.atomic
def post_officer(*, by: Actor, officer: Officer, station: Station, starts_on: date) -> Posting:
    """Post an officer to a station from a day; an open posting elsewhere ends the day before.

    Raises PostingOverlaps if she is posted from that day or later, or until that day or later.
    """
    require(by, Permission.MANAGE_OFFICERS)
    if officer.postings.filter(Q(starts_on__gte=starts_on) | Q(ends_on__gte=starts_on)).exists():
        raise PostingOverlaps
    officer.postings.filter(ends_on=None, starts_on__lt=starts_on).update(ends_on=starts_on - timedelta(days=1))
    posting = Posting.objects.create(officer=officer, station=station, starts_on=starts_on)
    audit.record(
        actor=by,
        action="stations.post_officer",
        object_type="officer",
        object_id=officer.code,
        details={"station": station.code, "from": starts_on.isoformat()},
    )
    return posting


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


@transaction.atomic
def record_dry_run(*, by: Actor, seed: str) -> None:
    """Note that a seed was tried without keeping the draw: nobody can try seeds unseen."""
    require(by, Permission.ALLOCATE_STATIONS)
    audit.record(actor=by, action="stations.try_seed", object_type="allocation", details={"seed": seed})


@transaction.atomic
def record_certificate_download(*, by: Actor, allocation: Allocation) -> None:
    """Note that somebody took the certificate, which names the arms."""
    require(by, Permission.READ_ARM)
    audit.record(actor=by, action="stations.download_certificate", object_type="allocation", object_id=allocation.pk)
