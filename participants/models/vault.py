"""The identity vault: ciphertext, wrapped keys and keyed hashes only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.people import Participant


class VaultKey(models.Model):
    """A woman's own data key, wrapped by a master key. Destroying it erases all that it sealed."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="vault_key")
    master_key_id = models.CharField(max_length=32)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("participant",)
        constraints = (
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at=None) | Q(wrapped=None, destroyed_at__isnull=False),
                name="participants_vault_key_or_destroyed",
            ),
        )

    def __str__(self) -> str:
        return str(self.participant_id)


class SealedCard(models.Model):
    """Identity and contact card: ciphertext only."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="sealed_card")
    ciphertext = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ("participant",)
        constraints = (models.CheckConstraint(condition=~Q(ciphertext=b""), name="participants_sealed_card_not_empty"),)

    def __str__(self) -> str:
        return str(self.participant_id)


class LookupHash(models.Model):
    """A keyed hash by which a document, telephone, name or home can be found, or her district compared, unstored."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document number")
        TELEPHONE = "telephone", _("Telephone")
        NAME = "name", _("Name")
        HOUSEHOLD = "household", _("Home")
        AGGRESSOR_DOCUMENT = "aggressor_document", _("Document number of the man she reported")
        AGGRESSOR_NAME = "aggressor_name", _("Name of the man she reported")
        AGGRESSOR_SURNAMES = "aggressor_surnames", _("Surnames of the man she reported")
        HOME_DISTRICT = "home_district", _("District where she lives")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="lookup_hashes")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    # The master key under which it was made: see `rotate_vault`.
    key_id = models.CharField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("participant", "kind")
        indexes = (
            models.Index(fields=("kind", "digest"), name="participants_lookup_digest"),
            models.Index(fields=("key_id", "participant"), name="participants_lookup_key"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("digest",),
                condition=Q(kind="document"),
                name="participants_one_per_document",
                violation_error_message=_("A woman with this document number is already enrolled."),
            ),
            models.UniqueConstraint(fields=("participant", "kind"), name="participants_one_hash_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.kind}"


class StaffCard(models.Model):
    """What tells an officer's family and home, sealed with a key of its own: compared with hashes, shown to nobody."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff_card")
    master_key_id = models.CharField(max_length=32)
    wrapped = models.BinaryField()
    ciphertext = models.BinaryField()
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("user",)
        constraints = (models.CheckConstraint(condition=~Q(ciphertext=b""), name="participants_staff_card_not_empty"),)

    def __str__(self) -> str:
        return str(self.user_id)


class HeldSecret(models.Model):
    """A secret of 32 bytes that is no woman's, wrapped by a master key: the server's part of a phone's key, for one.

    Destroying it ends whatever it opened.
    """

    name = models.CharField(max_length=64, unique=True)
    master_key_id = models.CharField(max_length=32)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at=None) | Q(wrapped=None, destroyed_at__isnull=False),
                name="participants_secret_or_destroyed",
            ),
        )

    def __str__(self) -> str:
        return self.name
