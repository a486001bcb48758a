"""Cards given to a phone, so that whoever goes to a woman finds her safely where there is no signal."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record, record_all
from participants import sealing
from participants.identity import Identity
from participants.models import Participant
from participants.safe_contact import CardPurpose
from phone import queries
from phone.models import PhoneCard
from visits.models import Device
from visits.services import hold_device

Given = Identity | str


@transaction.atomic
def give_cards(*, by: User, device_id: UUID, participants: Collection[Participant], now: datetime) -> dict[int, Given]:
    """Open cards of women in her care for a phone of hers; return each by id, or the code of why it stays closed.

    Each is an opening on record, once a day for each phone; what stays closed is none, nobody asked for it. The women
    come with `sealed_card` and `vault_key`. Raise DeviceUnknown or DeviceRevoked.
    """
    require(by, Permission.KEEP_PHONE)
    device = hold_device(by, device_id)
    closed = queries.why_closed(by, participants, now)
    given = {woman.pk: closed.get(woman.pk) or _opened(woman) for woman in participants}
    opened = [woman for woman in participants if isinstance(given[woman.pk], Identity)]
    new = _remember(by, device, opened, now)
    Device.objects.filter(pk=device.pk).update(last_seen_at=now)
    counts = {"cards": len(opened), "new": len(new)}
    record(actor=by, action="phone.give_days", object_type="device", object_id=device.pk, details=counts)
    return given


def _opened(woman: Participant) -> Given:
    try:
        return sealing.open_card(woman)
    except (sealing.IdentityErased, sealing.SealedDataUnreadable) as error:
        return error.code


def _remember(by: User, device: Device, opened: Collection[Participant], now: datetime) -> Collection[Participant]:
    """Keep whose cards are on the phone today, and record and return those that were not given before today."""
    today = timezone.localdate(now)
    held = set(PhoneCard.objects.filter(device=device, given_on=today).order_by().values_list("participant", flat=True))
    new = {woman.pk: woman for woman in opened if woman.pk not in held}
    PhoneCard.objects.bulk_create(
        PhoneCard(device=device, participant=woman, given_on=today, given_at=now) for woman in new.values()
    )
    details = {"purpose": CardPurpose.PHONE, "device": str(device.pk)}
    record_all(
        actor=by,
        action="phone.give_cards",
        object_type="participant",
        entries=[(woman.study_code, details) for woman in new.values()],
    )
    return new.values()
