"""The vault as a whole: under which keys it lies, and every sealed row of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from accounts.models import User
from participants import lookups, sealing
from participants.models import Erasure, HeldSecret, LookupHash, Participant, ReportBox, StaffCard, VaultKey
from participants.sealed_fields import SEALED_FIELDS, SealedField
from participants.vault import Lookup

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A master key by its id: how many keys (of women, reports, staff, phones) it wraps, how many women it hashed."""

    key_id: str
    data_keys: int
    hashed_women: int


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One sealed value with the woman whose key it lies under (her `vault_key` loaded)."""

    field: SealedField
    participant: Participant
    sealed: bytes


def participants_to_rotate(current_key_id: str) -> list[int]:
    """Return the ids of the women whose data key or hashes lie under another master key than this, by id.

    Erased women have neither and are not among them.
    """
    old_hash = LookupHash.objects.filter(participant=OuterRef("participant")).exclude(key_id=current_key_id)
    keys = VaultKey.objects.filter(destroyed_at=None).filter(~Q(master_key_id=current_key_id) | Exists(old_hash))
    return list(keys.order_by("participant").values_list("participant", flat=True))


def keys_in_use() -> list[KeyUse]:
    """Return each master key that something in the vault lies under, by id."""
    wrapped = Counter(_counted(VaultKey.objects.filter(destroyed_at=None), "master_key_id", "participant"))
    wrapped.update(_counted(ReportBox.objects.filter(destroyed_at=None), "master_key_id", "report"))
    wrapped.update(_counted(StaffCard.objects.all(), "master_key_id", "user"))
    wrapped.update(_counted(HeldSecret.objects.filter(destroyed_at=None), "master_key_id", "pk"))
    hashed = _counted(LookupHash.objects.all(), "key_id", "participant")
    return [KeyUse(key, wrapped[key], hashed.get(key, 0)) for key in sorted({*wrapped, *hashed})]


def sealed_rows() -> Iterator[SealedRow]:
    """Yield every sealed value of the study whose woman is not erased, field by field; memory stays flat."""
    for field in SEALED_FIELDS:
        rows = _rows(field).select_related(f"{field.woman}__vault_key").order_by("pk")
        for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
            woman: object = row
            for step in field.woman.split("__"):
                woman = getattr(woman, step)
            if isinstance(woman, Participant):
                yield SealedRow(field, woman, bytes(getattr(row, field.field)))


def sealed_rows_count() -> int:
    """Return how many rows `sealed_rows` yields."""
    return sum(_rows(field).count() for field in SEALED_FIELDS)


def unreadable_staff_cards() -> list[str]:
    """Return "staff" and the person's id for each staff card that does not open."""
    found = []
    for card in StaffCard.objects.order_by("user"):
        try:
            sealing.open_staff_card(card)
        except sealing.SealedDataUnreadable:
            found.append(f"staff {card.user_id}")
    return found


def unreadable_secrets() -> list[str]:
    """Return the name of each held secret that does not open."""
    found = []
    for held in HeldSecret.objects.filter(destroyed_at=None).order_by("name"):
        try:
            sealing.secret_of(held)
        except sealing.SealedDataUnreadable:
            found.append(held.name)
    return found


def participants_without_card() -> list[str]:
    """Return the codes of the women who lack a card or a data key, which enrolment gives to each."""
    lacking = Participant.objects.filter(Q(sealed_card=None) | Q(vault_key=None)).order_by("study_code")
    return list(lacking.values_list("study_code", flat=True))


def participants_with_unfit_hashes() -> Iterator[str]:
    """Yield the codes of the women whose hashes are not those of their card, and of the erased who still have some.

    Cards that do not open are not among them: going through `sealed_rows` finds those.
    """
    women = Participant.objects.filter(sealed_card__isnull=False).select_related("vault_key", "sealed_card")
    for woman in women.prefetch_related("lookup_hashes").order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        if not _hashes_fit(woman):
            yield woman.study_code


def erasures_to_confirm(user: User) -> QuerySet[Erasure]:
    """Return the erasures that somebody else asked for and nobody has confirmed or called off, the newest first."""
    return Erasure.objects.filter(confirmed_at=None, cancelled_at=None).exclude(requested_by=user)


def erasures_listed() -> QuerySet[Erasure]:
    """Return every erasure asked for, the newest first, with all that the register shows."""
    return Erasure.objects.select_related("participant", "requested_by", "confirmed_by", "cancelled_by")


def erasure_subject(erasure: Erasure) -> str:
    """Return what whoever confirms types: the woman's code, or the number of women whose keys would go."""
    if erasure.participant is not None:
        return erasure.participant.study_code
    return str(VaultKey.objects.filter(destroyed_at=None).count())


def confirmed_destruction() -> Erasure | None:
    """Return the end-of-study destruction that two administrators want and that is not finished."""
    wanted = Erasure.objects.filter(participant=None, confirmed_at__isnull=False, done_at=None, cancelled_at=None)
    return wanted.first()


def participants_to_erase() -> list[int]:
    """Return the ids of the women whose data key still exists, by id."""
    keys = VaultKey.objects.filter(destroyed_at=None)
    return list(keys.order_by("participant").values_list("participant", flat=True))


def _hashes_fit(woman: Participant) -> bool:
    stored = list(woman.lookup_hashes.all())
    try:
        digests = lookups.digests_kept(sealing.open_card(woman), study_code=woman.study_code)
    except sealing.IdentityErased:
        return not stored
    except sealing.SealedDataUnreadable:
        return True
    return {row.kind for row in stored} == set(digests) and all(
        digests[Lookup(row.kind)].get(row.key_id) == bytes(row.digest) for row in stored
    )


def _rows(field: SealedField) -> QuerySet[Model]:
    # Without a woman it lies under a secret, which has a check of its own.
    held = {
        f"{field.field}__isnull": False,
        f"{field.woman}__isnull": False,
        f"{field.woman}__vault_key__destroyed_at": None,
    }
    return apps.get_model(field.model)._default_manager.filter(**held)  # noqa: SLF001 - Django documents it


def _counted(rows: QuerySet[Model], key: str, owner: str) -> dict[str, int]:
    counted = rows.order_by(key).values_list(key).annotate(owners=Count(owner, distinct=True))
    return dict(counted)
