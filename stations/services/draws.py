"""Rehearsals: draws by a typed seed, to see what a design gives. They never count, and every one stays on record."""

import secrets
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from protocol.queries import active_version, current_protocol
from stations.allocation import blind
from stations.certificate import build_certificate
from stations.design import design_of
from stations.models import AllocatedStation, Allocation, Station
from stations.partitions import Progress, TooManyPartitions
from stations.queries import frame_rows
from stations.sampling import CannotSample
from stations.services.frame import freeze_frame

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


class CannotDraw(StudyError):
    """Frame and design do not go together; the message says why."""

    code = "cannot_draw"
    http_status = 409


class AllocationNotADraft(StudyError):
    """Only a draft may be approved or discarded."""

    code = "allocation_not_a_draft"
    message = _("This draw is no longer a draft.")
    http_status = 409


class DiscardReasonMissing(StudyError):
    """A revealed draw is put aside for a reason that others can judge."""

    code = "discard_reason_missing"
    message = _("This draw was promised in public: say why it is put aside.")


@transaction.atomic
def allocate_stations(
    *, by: Actor, seed: str, now: datetime, nonce: bytes = b"", progress: Progress | None = None
) -> Allocation:
    """Rehearse a draw: the protocol's number of eligible stations, and their arms, by a typed seed.

    The seed is a whole number. The nonce that hides which station bears which study number, letter and group is
    secret and random; only a synthetic study gives its own. Every draw stays on record, so that nobody can try seeds
    unseen. Raises SeedNotANumber, TooFewEligible, CannotDraw.
    """
    require(by, Permission.ALLOCATE_STATIONS)
    seed = normalised_seed(seed)
    require_enough_eligible()
    protocol, version = current_protocol(), active_version()
    frame = freeze_frame(by=by, now=now)
    certificate = drawn(
        build_certificate,
        design=design_of(protocol),
        frame={"districts": frame.districts, "stations": frame.stations},
        frame_sha256=frame.sha256,
        protocol_sha256=version.sha256,
        seed=seed,
        progress=progress,
    )
    allocation = Allocation.objects.create(
        frame=frame,
        protocol=version,
        method=certificate["method"],
        seed=seed,
        blinding_nonce=nonce or secrets.token_bytes(NONCE_BYTES),
        certificate=certificate,
        drawn_at=now,
        drawn_by=person_of(by),
    )
    write_allocated(allocation)
    audit.record(
        actor=by,
        action="stations.allocate",
        object_type="allocation",
        object_id=allocation.pk,
        details={"seed": seed, "frame_sha256": frame.sha256},
    )
    return allocation


def require_enough_eligible() -> None:
    """Let pass where the frame has enough eligible stations. Raises TooFewEligible."""
    eligible = sum(not row.exclusions for row in frame_rows())
    if eligible < current_protocol().sampling.stations:
        raise TooFewEligible


def drawn(build: Callable[..., dict[str, Any]], **what: Any) -> dict[str, Any]:
    """Build a certificate, or raise CannotDraw with the reason."""
    try:
        return build(**what)
    except (CannotSample, TooManyPartitions) as error:
        raise CannotDraw(str(error)) from error


def normalised_seed(seed: str) -> str:
    """Return the seed's digits without leading zeros. Raises SeedNotANumber."""
    digits = seed.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > SEED_DIGITS:
        raise SeedNotANumber
    return str(int(digits))


def write_allocated(allocation: Allocation) -> None:
    """Write a row for each drawn station, with the codes that blinded readers see."""
    certificate = allocation.certificate
    assignment = certificate["assignment"]
    arms = [arm["code"] for arm in certificate["design"]["arms"]]
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
            inclusion_probability=_decimal(certificate["inclusion"][code]),
        )
        for code, arm in assignment.items()
    )


def _decimal(fraction: str) -> Decimal:
    probability = Fraction(fraction)
    return Decimal(probability.numerator) / Decimal(probability.denominator)


@transaction.atomic
def discard_allocation(*, by: Actor, allocation: Allocation, reason: str = "") -> Allocation:
    """Put a draft aside; it stays on record. Raises AllocationNotADraft, DiscardReasonMissing for a revealed one."""
    require(by, Permission.ALLOCATE_STATIONS)
    draft = Allocation.objects.select_for_update().get(pk=allocation.pk)
    if draft.status != Allocation.Status.DRAFT:
        raise AllocationNotADraft
    if not draft.is_rehearsal and not reason.strip():
        raise DiscardReasonMissing
    draft.status = Allocation.Status.DISCARDED
    draft.save(update_fields=["status"])
    audit.record(
        actor=by,
        action="stations.discard_allocation",
        object_type="allocation",
        object_id=draft.pk,
        reason=reason.strip(),
    )
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
