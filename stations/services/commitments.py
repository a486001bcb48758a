"""The draw that counts: promised in public, revealed after a public draw, approved by two people, locked for ever."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.queries import person_of
from protocol.models import ProtocolVersion
from protocol.queries import active_version, current_protocol
from protocol.services import freeze_protocol
from stations.certificate import (
    build_certificate,
    check_certificate,
    commitment_sha256,
    normalised_public_draw,
    revealed_seed,
)
from stations.design import design_of
from stations.frame_file import frame_sha256
from stations.models import Allocation, Approval, Commitment
from stations.queries import AllocationAltered, locked_allocation, open_commitment, reach_of
from stations.services.draws import (
    NONCE_BYTES,
    AllocationNotADraft,
    drawn,
    require_enough_eligible,
    write_allocated,
)
from stations.services.frame import freeze_frame, stored_frame

APPROVALS_NEEDED = 2
LEAST_DIGITS, MOST_CHARACTERS = 4, 120


class AllocationLocked(StudyError):
    """One allocation is locked, and it is the only one for ever."""

    code = "allocation_locked"
    message = _("An allocation is already locked; it can never be replaced.")
    http_status = 409


class CommitmentOpen(StudyError):
    """One promise at a time: several would let somebody choose among their draws."""

    code = "commitment_open"
    message = _("A draw is already promised. Reveal it, or abandon it with a reason, before another is promised.")
    http_status = 409


class CommitmentClosed(StudyError):
    """The promise was revealed or abandoned."""

    code = "commitment_closed"
    message = _("This promise was already revealed or abandoned.")
    http_status = 409


class SourceMissing(StudyError):
    """A promise names the public draw that will decide."""

    code = "source_missing"
    message = _("Name the public draw that will decide: which one, of which day, and how its numbers are read.")


class PublicDrawNotNumbers(StudyError):
    """A public draw is written in digits."""

    code = "public_draw_not_numbers"
    message = _("Write the numbers that were drawn, at least four digits in all, for example 03 11 22 31 40 45.")


class AbandonReasonMissing(StudyError):
    """A public promise is broken only for a reason that others can judge."""

    code = "abandon_reason_missing"
    message = _("Say why the promise is abandoned.")


class AllocationOutdated(StudyError):
    """Frame or protocol changed since the promise or the draw."""

    code = "allocation_outdated"
    message = _("The frame or the protocol has changed since. Abandon this with a reason and begin again.")
    http_status = 409


class RehearsalOnly(StudyError):
    """A rehearsal has a seed that somebody typed: no study may run on it."""

    code = "rehearsal_only"
    message = _("This is a rehearsal, its seed was typed: it can never count.")
    http_status = 409


class ApprovedAlready(StudyError):
    """Two different people approve."""

    code = "approved_already"
    message = _("You have approved this draw already. A second person must.")
    http_status = 409


class ContrastsOutOfReach(StudyError):
    """Some comparisons can never be significant under this draw; whoever approves says that this is known."""

    code = "contrasts_out_of_reach"
    message = _("Some comparisons can reach no p of .05 with this draw. Say that you know, for each of them.")
    http_status = 409


@transaction.atomic
def commit_draw(*, by: Actor, public_draw_source: str, now: datetime, nonce: bytes = b"") -> Commitment:
    """Promise a draw: freeze the frame, and hash it with the design, the named public draw and a secret nonce.

    The nonce is random; only a synthetic study gives its own. Raises AllocationLocked, CommitmentOpen, SourceMissing,
    TooFewEligible.
    """
    require(by, Permission.ALLOCATE_STATIONS)
    version = _rules_alone()
    source = " ".join(public_draw_source.split())
    if not source:
        raise SourceMissing
    if locked_allocation() is not None:
        raise AllocationLocked
    if open_commitment() is not None:
        raise CommitmentOpen
    require_enough_eligible()
    frame = freeze_frame(by=by, now=now)
    secret = nonce or secrets.token_bytes(NONCE_BYTES)
    sha256 = commitment_sha256(
        design=design_of(current_protocol()),
        frame_sha256=frame.sha256,
        protocol_sha256=version.sha256,
        public_draw_source=source,
        nonce=secret.hex(),
    )
    commitment = Commitment.objects.create(
        frame=frame,
        protocol=version,
        sha256=sha256,
        nonce=secret,
        public_draw_source=source,
        committed_at=now,
        committed_by=person_of(by),
    )
    audit.record(
        actor=by,
        action="stations.commit_draw",
        object_type="commitment",
        object_id=commitment.pk,
        details={"sha256": sha256, "frame_sha256": frame.sha256, "public_draw_source": source},
    )
    return commitment


@transaction.atomic
def abandon_commitment(*, by: Actor, commitment: Commitment, reason: str, now: datetime) -> Commitment:
    """Give up a promise before it is revealed; it stays on record. Raises AbandonReasonMissing, CommitmentClosed."""
    require(by, Permission.ALLOCATE_STATIONS)
    if not reason.strip():
        raise AbandonReasonMissing
    held = _held_open(commitment)
    held.abandoned_at, held.abandoned_by, held.abandoned_reason = now, person_of(by), reason.strip()
    held.save(update_fields=["abandoned_at", "abandoned_by", "abandoned_reason"])
    audit.record(
        actor=by,
        action="stations.abandon_commitment",
        object_type="commitment",
        object_id=held.pk,
        reason=held.abandoned_reason,
    )
    return held


@transaction.atomic
def reveal_draw(
    *, by: Actor, commitment: Commitment, public_draw: str, now: datetime, blinding_nonce: bytes = b""
) -> Allocation:
    """Draw by the seed that nonce and public draw give together. Nobody sees the arms before two have approved.

    Raises PublicDrawNotNumbers, CommitmentClosed, AllocationOutdated, CannotDraw.
    """
    require(by, Permission.ALLOCATE_STATIONS)
    numbers = normalised_public_draw(public_draw)
    if len(re.findall(r"\d", numbers)) < LEAST_DIGITS or len(numbers) > MOST_CHARACTERS:
        raise PublicDrawNotNumbers
    version = _rules_alone()
    held = _held_open(commitment)
    if held.protocol_id != version.pk or frame_sha256(*stored_frame()) != held.frame.sha256:
        raise AllocationOutdated
    certificate = _revealed_certificate(held, version, public_draw=numbers)
    allocation = Allocation.objects.create(
        frame=held.frame,
        protocol=version,
        commitment=held,
        method=certificate["method"],
        seed=certificate["seed"],
        public_draw=numbers,
        blinding_nonce=blinding_nonce or secrets.token_bytes(NONCE_BYTES),
        certificate=certificate,
        drawn_at=now,
        drawn_by=person_of(by),
    )
    write_allocated(allocation)
    audit.record(
        actor=by,
        action="stations.reveal_draw",
        object_type="allocation",
        object_id=allocation.pk,
        details={"commitment": held.sha256, "public_draw": numbers},
    )
    return allocation


def _revealed_certificate(held: Commitment, version: ProtocolVersion, *, public_draw: str) -> dict[str, Any]:
    nonce = bytes(held.nonce).hex()
    return drawn(
        build_certificate,
        design=design_of(current_protocol()),
        frame={"districts": held.frame.districts, "stations": held.frame.stations},
        frame_sha256=held.frame.sha256,
        protocol_sha256=version.sha256,
        seed=revealed_seed(nonce=nonce, public_draw=public_draw),
        commitment={
            "sha256": held.sha256,
            "nonce": nonce,
            "public_draw_source": held.public_draw_source,
            "public_draw": public_draw,
        },
    )


@transaction.atomic
def approve_allocation(
    *, by: User, allocation: Allocation, accepted_contrasts: Collection[str], now: datetime
) -> Allocation:
    """Give one's word that the draw was made as published. The second person's word locks it, for ever.

    `accepted_contrasts` names the contrasts that can reach no p of .05 and that this person accepts as such. Raises
    RehearsalOnly, AllocationLocked, AllocationNotADraft, ApprovedAlready, ContrastsOutOfReach, AllocationOutdated,
    AllocationAltered, CertificateWrong.
    """
    require(by, Permission.APPROVE_ALLOCATION)
    version = _rules_alone()
    draft = (
        Allocation.objects.select_for_update(of=("self",)).select_related("frame", "commitment").get(pk=allocation.pk)
    )
    _require_approvable(draft, by)
    out_of_reach = sorted(reach.contrast.name for reach in reach_of(draft) if reach.is_out_of_reach)
    if set(out_of_reach) - set(accepted_contrasts):
        raise ContrastsOutOfReach
    _require_as_drawn(draft, version)
    Approval.objects.create(allocation=draft, approved_by=by, approved_at=now, accepted_contrasts=out_of_reach)
    audit.record(
        actor=by,
        action="stations.approve_allocation",
        object_type="allocation",
        object_id=draft.pk,
        details={"out_of_reach": len(out_of_reach)},
    )
    if draft.approvals.count() >= APPROVALS_NEEDED:
        _lock(draft, by=by, version=version, now=now)
    return draft


def _require_approvable(draft: Allocation, by: User) -> None:
    if draft.is_rehearsal:
        raise RehearsalOnly
    if draft.status == Allocation.Status.DISCARDED:
        raise AllocationNotADraft
    if locked_allocation() is not None:
        raise AllocationLocked
    if draft.approvals.filter(approved_by=by).exists():
        raise ApprovedAlready


def _require_as_drawn(draft: Allocation, version: ProtocolVersion) -> None:
    if draft.protocol_id != version.pk or frame_sha256(*stored_frame()) != draft.frame.sha256:
        raise AllocationOutdated
    check_certificate(draft.certificate)
    if dict(draft.allocated.values_list("station__code", "arm")) != draft.certificate["assignment"]:
        raise AllocationAltered


def _lock(draft: Allocation, *, by: User, version: ProtocolVersion, now: datetime) -> None:
    draft.status, draft.locked_at, draft.locked_by = Allocation.Status.LOCKED, now, by
    draft.save(update_fields=["status", "locked_at", "locked_by"])
    freeze_protocol(by=by, version=version, now=now)
    audit.record(
        actor=by,
        action="stations.lock_allocation",
        object_type="allocation",
        object_id=draft.pk,
        details={"certificate_sha256": draft.certificate["sha256"]},
    )


def _rules_alone() -> ProtocolVersion:
    """Return the protocol in force; whoever promises, reveals or approves at the same moment waits here."""
    return ProtocolVersion.objects.select_for_update().get(pk=active_version().pk)


def _held_open(commitment: Commitment) -> Commitment:
    held = Commitment.objects.select_for_update(of=("self",)).select_related("frame").get(pk=commitment.pk)
    if held.abandoned_at is not None or Allocation.objects.filter(commitment=held).exists():
        raise CommitmentClosed
    return held
