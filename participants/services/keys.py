"""Turning the vault's master keys, and checking that everything in it opens."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import HeldSecret, Participant, StaffCard, VaultKey
from participants.services.cards import keep_hashes


@dataclass(frozen=True, slots=True)
class Rotation:
    """What turning keys came to: women moved to the current master key, and those whose seal does not open."""

    turned: int = 0
    unreadable: tuple[str, ...] = ()

    def __add__(self, other: "Rotation") -> "Rotation":
        return Rotation(self.turned + other.turned, self.unreadable + other.unreadable)


@transaction.atomic
def rotate_keys(*, by: Actor, participant_ids: Collection[int]) -> Rotation:
    """Wrap the data keys of these women by the current master key and make their hashes again under it.

    Each woman's row is held meanwhile, so that it is safe while others write; where nothing changes nothing is
    written. The cards are read for their hashes only. A woman whose seal does not open is left as she is and named.
    """
    require(by, Permission.KEEP_VAULT)
    held = Participant.objects.filter(pk__in=participant_ids).order_by("pk").select_for_update(no_key=True)
    ids = [participant.pk for participant in held]
    # Read after the rows are held: what another transaction wrote meanwhile is in.
    women = Participant.objects.filter(pk__in=ids, vault_key__destroyed_at=None)
    result = Rotation()
    for participant in women.select_related("vault_key", "sealed_card").order_by("pk"):
        try:
            result += Rotation(turned=_turn(by, participant))
        except sealing.SealedDataUnreadable:
            result += Rotation(unreadable=(participant.study_code,))
    return result


@transaction.atomic
def rotate_staff_keys(*, by: Actor) -> Rotation:
    """Wrap the keys of all staff cards by the current master key, as `rotate_keys` does for women."""
    require(by, Permission.KEEP_VAULT)
    current, result = sealing.configured_keyring().current.id, Rotation()
    for card in StaffCard.objects.select_for_update().exclude(master_key_id=current).order_by("pk"):
        try:
            key = sealing.rewrapped_staff_key(card)
        except sealing.SealedDataUnreadable:
            result += Rotation(unreadable=(f"staff {card.user_id}",))
            continue
        StaffCard.objects.filter(pk=card.pk).update(master_key_id=key.master_key_id, wrapped=key.data)
        result += Rotation(turned=1)
    if result.turned:
        record(actor=by, action="participants.rotate_staff_keys", object_type="vault", details={"to": current})
    return result


@transaction.atomic
def rotate_secrets(*, by: Actor) -> Rotation:
    """Wrap the held secrets that are no woman's by the current master key, as `rotate_keys` does for women."""
    require(by, Permission.KEEP_VAULT)
    current, result = sealing.configured_keyring().current.id, Rotation()
    old = HeldSecret.objects.select_for_update().filter(destroyed_at=None).exclude(master_key_id=current)
    for held in old.order_by("pk"):
        try:
            key = sealing.wrapped_secret(held.name, sealing.secret_of(held))
        except sealing.SealedDataUnreadable:
            result += Rotation(unreadable=(held.name,))
            continue
        HeldSecret.objects.filter(pk=held.pk).update(master_key_id=key.master_key_id, wrapped=key.data)
        result += Rotation(turned=1)
    if result.turned:
        record(actor=by, action="participants.rotate_secrets", object_type="vault", details={"to": current})
    return result


@transaction.atomic
def hold_secret(*, by: Actor, name: str, secret: bytes) -> HeldSecret:
    """Keep a secret of 32 bytes under the master key. Whoever calls has checked that `by` may."""
    key = sealing.wrapped_secret(name, secret)
    held = HeldSecret.objects.create(name=name, master_key_id=key.master_key_id, wrapped=key.data)
    record(actor=by, action="participants.hold_secret", object_type="secret", object_id=name)
    return held


@transaction.atomic
def destroy_secret(*, by: Actor, held: HeldSecret, now: datetime) -> None:
    """Destroy a held secret for ever; one that is gone stays gone. Whoever calls has checked that `by` may."""
    gone = HeldSecret.objects.filter(pk=held.pk, destroyed_at=None).update(wrapped=None, destroyed_at=now)
    if gone:
        record(actor=by, action="participants.destroy_secret", object_type="secret", object_id=held.name)


@transaction.atomic
def record_vault_check(*, by: Actor, rows: int, problems: int) -> None:
    """Keep on record that the whole vault was opened to check it, and how that ended."""
    require(by, Permission.KEEP_VAULT)
    record(
        actor=by, action="participants.verify_vault", object_type="vault", details={"rows": rows, "problems": problems}
    )


def _turn(by: Actor, participant: Participant) -> int:
    """Return 1 if anything of hers changed, else 0."""
    before, key = participant.vault_key.master_key_id, sealing.rewrapped_key(participant)
    identity = sealing.open_card(participant)
    if before != key.master_key_id:
        VaultKey.objects.filter(participant=participant).update(master_key_id=key.master_key_id, wrapped=key.data)
    hashes = keep_hashes(participant, identity)
    if before == key.master_key_id and not hashes:
        return 0
    record(
        actor=by,
        action="participants.rotate_keys",
        object_type="participant",
        object_id=participant.study_code,
        details={"from": before, "to": key.master_key_id, "hashes": hashes},
    )
    return 1
