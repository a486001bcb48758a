"""Phones of those who visit and those who ask: registered, given the server's part of their key, heard of, revoked."""

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.services import destroy_secret, hold_secret
from visits import parcels
from visits.models import Device, SealingKey

PART_BYTES = 32
REVOCATION = SystemActor("device revocation", frozenset({Permission.REPORT_LOST_PHONE}))


class DeviceUnknown(StudyError):
    """No such phone of hers. Worded as if it did not exist, also when it is another's."""

    code = "device_unknown"
    message = _("This phone is not registered for you: sign in again on it.")
    http_status = 404


class DeviceRevoked(StudyError):
    """The phone was reported lost, or its owner's sessions were ended."""

    code = "device_revoked"
    message = _("This phone was closed. Ask your supervisor, and register it again.")
    http_status = 403
    clears_browser = True


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What a phone says of itself: how far its clock is ahead, how many logs wait on it and since when."""

    clock_skew_s: int | None = None
    unsent_count: int = 0
    oldest_unsent_at: datetime | None = None


@transaction.atomic
def register_device(*, by: User, device_id: UUID, now: datetime) -> Device:
    """Register somebody's phone by the identifier that it made, and make the server's part of its key.

    The same again changes nothing. Raise DeviceUnknown when the identifier is another's, or DeviceRevoked.
    """
    require(by, Permission.KEEP_PHONE)
    # Her row first, as whoever ends her sessions: nothing is registered behind a revocation.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    known = Device.objects.filter(pk=device_id).first()
    if known is not None:
        return _own(by, known)
    part = hold_secret(by=by, name=f"device {device_id}", secret=os.urandom(PART_BYTES))
    device = Device.objects.create(pk=device_id, user=by, server_part=part, registered_at=now, last_seen_at=now)
    record(actor=by, action="visits.register_device", object_type="device", object_id=device_id)
    return device


@transaction.atomic
def give_server_part(*, by: User, device_id: UUID, now: datetime) -> bytes:
    """Return the server's part of a phone's key, 32 bytes, and count the asking. Raise as `require_device`."""
    require(by, Permission.KEEP_PHONE)
    device = hold_device(by, device_id)
    Device.objects.filter(pk=device.pk).update(part_fetches=F("part_fetches") + 1, last_seen_at=now)
    record(actor=by, action="visits.give_server_part", object_type="device", object_id=device.pk)
    return sealing.secret_of(device.server_part)


@transaction.atomic
def hear_of_device(*, by: User, device_id: UUID, state: DeviceState, now: datetime) -> Device:
    """Keep what a phone says of itself. Raise as `require_device`."""
    require(by, Permission.KEEP_PHONE)
    device = require_device(by, device_id)
    device.last_seen_at, device.clock_skew_s = now, state.clock_skew_s
    device.unsent_count, device.oldest_unsent_at = state.unsent_count, state.oldest_unsent_at
    device.save(update_fields=["last_seen_at", "clock_skew_s", "unsent_count", "oldest_unsent_at"])
    details = {"clock_skew_s": state.clock_skew_s, "unsent": state.unsent_count}
    record(actor=by, action="visits.hear_of_device", object_type="device", object_id=device.pk, details=details)
    return device


@transaction.atomic
def revoke_devices(*, by: Actor, user: User, now: datetime) -> int:
    """End all phones of an account and destroy the server's parts of their keys; return how many.

    What such a phone holds can then be opened by nobody; logs that it sealed to the server still can, by the server.
    """
    require(by, Permission.REPORT_LOST_PHONE)
    devices = Device.objects.select_for_update(of=("self",)).in_use().filter(user=user).select_related("server_part")
    ended = list(devices.order_by("pk"))
    for device in ended:
        device.revoked_at = now
        device.save(update_fields=["revoked_at"])
        destroy_secret(by=by, held=device.server_part, now=now)
        record(actor=by, action="visits.revoke_device", object_type="device", object_id=device.pk)
    return len(ended)


@transaction.atomic
def renew_server_part(*, by: User, device_id: UUID, now: datetime) -> Device:
    """Take a phone's word that wrong PINs wiped its cards, and make another part of its key.

    What the old part opened stays closed for ever. Told again before the new part was fetched, it is the same wipe.
    Raise DeviceUnknown or DeviceRevoked.
    """
    require(by, Permission.KEEP_PHONE)
    device = hold_device(by, device_id)
    is_new = device.part_fetches > 0
    if is_new:
        old, name = device.server_part, f"device {device_id} {device.wipes + 2}"
        device.server_part = hold_secret(by=by, name=name, secret=os.urandom(PART_BYTES))
        device.wipes, device.wiped_at, device.part_fetches = device.wipes + 1, now, 0
        device.save(update_fields=["server_part", "wipes", "wiped_at", "part_fetches"])
        destroy_secret(by=by, held=old, now=now)
    record(
        actor=by, action="visits.report_wipe", object_type="device", object_id=device_id, details={"again": not is_new}
    )
    return device


def may_hold_unsent(user_id: int) -> bool:
    """Say whether an account has or had a phone: logs that nobody has heard of may have been written on it since."""
    return Device.objects.filter(user=user_id).exists()


def end_with_sessions(user_id: int, now: datetime) -> None:
    """End the phones of an account whose sessions are being ended, in the same transaction."""
    revoke_devices(by=REVOCATION, user=User.objects.get(pk=user_id), now=now)


@transaction.atomic
def turn_sealing_key(*, by: Actor, now: datetime) -> SealingKey:
    """Make the key that phones seal to from now on; what was sealed to those before still opens."""
    require(by, Permission.KEEP_VAULT)
    return _turned(by, now)


@transaction.atomic
def sealing_key_in_use(*, by: User, now: datetime) -> SealingKey:
    """Return the key that phones seal to; the first phone to ask has it made."""
    require(by, Permission.KEEP_PHONE)
    return SealingKey.objects.filter(retired_at=None).first() or _turned(by, now)


def require_device(user: User, device_id: UUID) -> Device:
    """Return a phone of hers that is in use. Raise DeviceUnknown or DeviceRevoked."""
    known = Device.objects.select_related("server_part").filter(pk=device_id).first()
    if known is None:
        raise DeviceUnknown
    return _own(user, known)


def hold_device(user: User, device_id: UUID) -> Device:
    """Return as `require_device`, under a lock: whoever revokes the phone waits, or has done so before."""
    known = Device.objects.select_for_update(no_key=True).filter(pk=device_id).first()
    if known is None:
        raise DeviceUnknown
    return _own(user, known)


def _own(by: User, device: Device) -> Device:
    if device.user_id != by.pk:
        raise DeviceUnknown
    if device.revoked_at is not None:
        raise DeviceRevoked
    return device


def _turned(by: Actor, now: datetime) -> SealingKey:
    before = list(SealingKey.objects.select_for_update().order_by("pk"))
    key_id = f"k{len(before) + 1}"
    private = parcels.new_private_part()
    SealingKey.objects.filter(retired_at=None).update(retired_at=now)
    held = hold_secret(by=by, name=f"sealing key {key_id}", secret=private)
    key = SealingKey.objects.create(
        pk=key_id, public_point=parcels.public_point(private), private_part=held, made_at=now
    )
    record(actor=by, action="visits.turn_sealing_key", object_type="sealing_key", object_id=key_id)
    return key
