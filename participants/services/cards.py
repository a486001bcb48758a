"""A woman's sealed card and how she can be reached: opened, reviewed, sealed again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import lookups, queries, sealing, vault
from participants.identity import CONTACT_FIELDS, CORRECTABLE_FIELDS, Identity
from participants.models import LookupHash, Participant, SafeContactPlan, SealedCard, VaultKey
from participants.reach import require_card_open, require_no_tie, require_reach
from participants.safe_contact import SafeContact
from participants.services.likeness import lock_digests, tell_of_same_home, tell_of_same_man
from participants.services.messages import fit_messages
from participants.services.refusals import conflicts_reported, refusals_recorded
from participants.services.reviews import keep_review
from participants.vault import Lookup


class DocumentOfAnother(StudyError):
    """The number that she gives finds somebody else: one of the two cards is wrong, or she stands here twice."""

    code = "document_of_another"
    message = _("Another card has this document: nothing was changed. Tell the study's administrator.")
    http_status = 409


@refusals_recorded
@transaction.atomic
def update_safe_contact(
    *,
    by: User,
    participant: Participant,
    safe_contact: SafeContact,
    changes: Mapping[str, str],
    contact_id: UUID | None = None,
    now: datetime,
) -> Participant:
    """Review how she can be reached: her plan, and those fields of the sealed card that `changes` names.

    Only fields of CONTACT_FIELDS may change; `contact_id` names the visit or survey at which she said so.
    Raise as `open_safe_contact_card`.
    """
    require(by, Permission.OPEN_IDENTITY)
    if unknown := sorted(changes.keys() - CONTACT_FIELDS):
        raise TypeError(unknown)
    # Not her key: a notice of another woman that points to her must not wait for this one, which may wait for it.
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_card_open(by, locked, now)
    before = sealing.open_card(locked)
    after = replace(before, **changes)
    planned = save_safe_contact(locked, safe_contact, now)
    if planned:
        fit_messages(Participant.objects.get(pk=locked.pk), now)
    if after != before:
        _reseal_card(locked, after, now)
    if after.address != before.address:
        tell_of_same_home(locked, after, now=now)
    keep_review(by, locked, contact_id, now, has_changed=bool(planned) or after != before)
    record(
        actor=by,
        action="participants.update_safe_contact",
        object_type="participant",
        object_id=locked.study_code,
        details={
            "card": sorted(field for field in changes if getattr(before, field) != getattr(after, field)),
            "plan": planned,
        },
    )
    return locked


@conflicts_reported
@transaction.atomic
def correct_identity(*, by: User, participant: Participant, changes: Mapping[str, str], now: datetime) -> Participant:
    """Correct the name or the document that was written wrong; she is found by what is right from then on.

    She may have left. `changes` names fields of CORRECTABLE_FIELDS; nothing of her card is shown. Raise
    ParticipantOutOfReach, ActRefused, DocumentOfAnother, or what `sealing.open_card` raises.
    """
    require(by, Permission.OPEN_IDENTITY)
    if unknown := sorted(changes.keys() - CORRECTABLE_FIELDS):
        raise TypeError(unknown)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_reach(by, locked, now)
    require_no_tie(by, locked)
    before = sealing.open_card(locked)
    after = replace(before, **changes)
    digests = lookups.digests_of(after)
    lock_digests(digests)
    if queries.hashed_alike(Lookup.DOCUMENT, digests).exclude(participant=locked).exists():
        raise DocumentOfAnother
    if after != before:
        _reseal_card(locked, after, now)
    record(
        actor=by,
        action="participants.correct_identity",
        object_type="participant",
        object_id=locked.study_code,
        details={"card": sorted(field for field in changes if getattr(before, field) != getattr(after, field))},
    )
    return locked


def save_safe_contact(participant: Participant, safe_contact: SafeContact, now: datetime) -> list[str]:
    """Store the plan as reviewed now; return the names of the fields that changed."""
    fields = {
        "safe_weekdays": sorted(set(safe_contact.weekdays)),
        "safe_from": safe_contact.safe_from,
        "safe_until": safe_contact.safe_until,
        "channel": safe_contact.channel,
        "language": safe_contact.language,
    }
    before = SafeContactPlan.objects.filter(participant=participant).values(*fields).first() or {}
    SafeContactPlan.objects.update_or_create(
        participant=participant, defaults={**fields, "reviewed_at": now, "review_wanted_at": None}
    )
    return sorted(field for field, value in fields.items() if before.get(field) != value)


def seal_new_card(participant: Participant, identity: Identity, now: datetime) -> None:
    """Give her a data key, seal her card with it and keep the hashes that find her; within the caller's transaction."""
    key = vault.new_data_key(sealing.configured_keyring(), study_code=participant.study_code)
    VaultKey.objects.create(participant=participant, master_key_id=key.master_key_id, wrapped=key.data)
    SealedCard.objects.create(
        participant=participant, ciphertext=sealing.seal_card(participant, identity), sealed_at=now
    )
    keep_hashes(participant, identity)
    tell_of_same_home(participant, identity, now=now)
    tell_of_same_man(participant, identity, now=now)


def keep_hashes(participant: Participant, identity: Identity) -> int:
    """Let the hashes that find her be those of the card under the current master key; return how many changed."""
    key_id = sealing.configured_keyring().current.id
    digests = lookups.digests_to_store(identity, study_code=participant.study_code)
    wanted = {(str(kind), key_id, digest) for kind, digest in digests.items()}
    rows = LookupHash.objects.filter(participant=participant)
    stored = {(row.kind, row.key_id, bytes(row.digest)) for row in rows}
    rows.filter(kind__in={kind for kind, _key, _digest in stored - wanted}).delete()
    LookupHash.objects.bulk_create(
        LookupHash(participant=participant, kind=kind, key_id=key, digest=digest)
        for kind, key, digest in sorted(wanted - stored)
    )
    return len(stored ^ wanted)


def _reseal_card(participant: Participant, identity: Identity, now: datetime) -> None:
    SealedCard.objects.filter(participant=participant).update(
        ciphertext=sealing.seal_card(participant, identity), sealed_at=now
    )
    keep_hashes(participant, identity)
