"""Loading a protocol: whole or not at all, once, and never under an allocation's feet."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from protocol.models import ProtocolVersion
from protocol.queries import current_protocol
from protocol.schema import StudyProtocol, parse_protocol


class AmendmentReasonMissing(StudyError):
    """The protocol in force is in use: another one is an amendment, and an amendment has a reason."""

    code = "amendment_reason_missing"
    message = _("Stations are already allocated under the protocol in force. Say why it is amended.")
    http_status = 409


class ArmsFixed(StudyError):
    """Stations are allocated to arms: an amendment may not make other arms of them, nor another study."""

    code = "arms_fixed"
    message = _("Stations are already allocated: the study's code, its arms and what they receive cannot be amended.")
    http_status = 409


class VersionTaken(StudyError):
    """The file's version is loaded already, with another content."""

    code = "version_taken"
    message = _("This version of the protocol is already loaded with another content: give the file a new version.")
    http_status = 409


@transaction.atomic
def load_protocol(
    *, by: Actor, text: str, name: str, now: datetime, amendment_reason: str = ""
) -> tuple[ProtocolVersion, bool]:
    """Make the file's protocol the one that rules. Return it, and whether it is new.

    Once stations are allocated it is an amendment: it needs a reason and is itself frozen at once. Loading the same
    bytes again changes nothing. Raises ProtocolFileError, VersionTaken, AmendmentReasonMissing, ArmsFixed.
    """
    require(by, Permission.MANAGE_PROTOCOL)
    protocol = parse_protocol(text, name=name)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    active = ProtocolVersion.objects.select_for_update().filter(is_active=True).first()
    if active is not None and active.sha256 == sha256:
        return active, False
    if ProtocolVersion.objects.filter(code=protocol.code, version=protocol.version).exclude(sha256=sha256).exists():
        raise VersionTaken
    is_amendment = active is not None and active.frozen_at is not None
    if is_amendment and not amendment_reason:
        raise AmendmentReasonMissing
    if is_amendment and _fixed_parts(protocol) != _fixed_parts(current_protocol()):
        raise ArmsFixed
    ProtocolVersion.objects.filter(is_active=True).update(is_active=False)
    version, _created = ProtocolVersion.objects.update_or_create(
        sha256=sha256,
        defaults={"is_active": True},
        create_defaults={
            "code": protocol.code,
            "version": protocol.version,
            "source": text,
            "is_active": True,
            "amendment_reason": amendment_reason,
            "loaded_at": now,
            "loaded_by": person_of(by),
        },
    )
    if is_amendment and version.frozen_at is None:
        version.frozen_at = now
        version.save(update_fields=["frozen_at"])
    audit.record(
        actor=by,
        action="protocol.load",
        object_type="protocol",
        object_id=version.pk,
        reason=amendment_reason,
        details={"code": protocol.code, "version": protocol.version, "sha256": sha256},
    )
    return version, True


def _fixed_parts(protocol: StudyProtocol) -> tuple[object, ...]:
    arms = [(arm.code, arm.training, arm.risk_cadence) for arm in protocol.arms]
    return protocol.code, arms, protocol.sampling.stations


@transaction.atomic
def freeze_protocol(*, by: Actor, version: ProtocolVersion, now: datetime) -> ProtocolVersion:
    """Keep a version for ever, because stations are allocated under it."""
    require(by, Permission.APPROVE_ALLOCATION)
    if version.frozen_at is None:
        version.frozen_at = now
        version.save(update_fields=["frozen_at"])
        audit.record(actor=by, action="protocol.freeze", object_type="protocol", object_id=version.pk)
    return version
