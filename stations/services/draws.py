"""The draw and the lock: what takes the trial from a frozen frame to its arms."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from protocol.models import ProtocolVersion
from protocol.queries import active_version, current_protocol
from protocol.services import freeze_protocol
from stations.allocation import METHOD, blind
from stations.certificate import build_certificate, check_certificate
from stations.frame_file import frame_sha256
from stations.models import AllocatedStation, Allocation, Station
from stations.queries import frame_with_exclusions, locked_allocation
from stations.services.frame import freeze_frame, stored_frame

SEED_DIGITS = 40
NONCE_BYTES = 32


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
        drawn_by=person_of(by),
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
    if rules is None or draft.protocol_id != rules.pk or frame_sha256(*stored_frame()) != draft.frame.sha256:
        raise AllocationOutdated
    check_certificate(draft.certificate, frame_sha256=draft.frame.sha256)
    stored = dict(draft.allocated.values_list("station__code", "arm"))
    if draft.certificate["eligible"] != _eligible_codes() or stored != draft.certificate["assignment"]:
        raise AllocationAltered
    draft.status, draft.locked_at, draft.locked_by = Allocation.Status.LOCKED, now, person_of(by)
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
def record_dry_run(*, by: Actor, seed: str) -> None:
    """Note that a seed was tried without keeping the draw: nobody can try seeds unseen."""
    require(by, Permission.ALLOCATE_STATIONS)
    audit.record(actor=by, action="stations.try_seed", object_type="allocation", details={"seed": seed})


@transaction.atomic
def record_certificate_download(*, by: Actor, allocation: Allocation) -> None:
    """Note that somebody took the certificate, which names the arms."""
    require(by, Permission.READ_ARM)
    audit.record(actor=by, action="stations.download_certificate", object_type="allocation", object_id=allocation.pk)
