"""What a person sealed to the server on a phone of hers, given back to her when the phone's own key is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from phone.user_refs import user_refs
from visits.models import Device, SealingKey
from visits.parcels import Parcel, ParcelUnreadable, open_parcel, read_parcel
from visits.services import hold_device

# "<kind> <id> <user_ref> <device>"
_WORDS_OF_CONTEXT = 4


@dataclass(frozen=True, slots=True)
class OpenedParcel:
    """What a parcel held, by its context."""

    context: str
    value: Any = field(repr=False)


@transaction.atomic
def open_own_parcels(
    *, by: User, device_id: UUID, sealed: Sequence[Mapping[str, Any]], now: datetime
) -> list[OpenedParcel]:
    """Return what this same person sealed on phones of hers, in the order sent; what is not hers is left out.

    Whether a parcel is another's, was altered, or is none at all, nobody is told.
    `device_id` is the phone that asks, in use; the parcels may be of phones of hers that were closed since. Raise
    DeviceUnknown or DeviceRevoked.
    """
    require(by, Permission.KEEP_PHONE)
    hold_device(by, device_id)
    devices = {str(pk) for pk in Device.objects.filter(user=by).values_list("pk", flat=True)}
    refs = set(user_refs(by.pk, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]))
    secrets = {
        key.pk: sealing.secret_of(key.private_part)
        for key in SealingKey.objects.select_related("private_part").order_by("pk")
    }
    found = [_opened(data, secrets, refs=refs, devices=devices) for data in sealed]
    opened = [parcel for parcel in found if parcel is not None]
    counts = {"parcels": len(found), "opened": len(opened)}
    record(actor=by, action="phone.open_parcels", object_type="device", object_id=device_id, details=counts)
    return opened


def _opened(
    data: Mapping[str, Any], secrets: Mapping[str, bytes], *, refs: set[str], devices: set[str]
) -> OpenedParcel | None:
    try:
        parcel = read_parcel(data)
        if _is_hers(parcel, refs, devices) and parcel.key_id in secrets:
            return OpenedParcel(parcel.context, open_parcel(secrets[parcel.key_id], parcel))
    except ParcelUnreadable:
        return None
    return None


def _is_hers(parcel: Parcel, refs: set[str], devices: set[str]) -> bool:
    words = parcel.context.split(" ")
    return len(words) == _WORDS_OF_CONTEXT and words[2] in refs and words[3] in devices
