"""What was done, seen or exported: appended, never changed, each row linked to the one before."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Event(models.Model):
    """One act. No foreign keys: the row must outlive whatever it speaks of. Never identity, never an arm."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=32, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("object_type", "object_id", "id"), name="audit_event_object"),
            models.Index(fields=("actor", "id"), name="audit_event_actor"),
            BrinIndex(fields=("at",), name="audit_event_at_brin"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(actor="") & ~models.Q(action=""), name="audit_event_names_actor_and_action"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class Link(models.Model):
    """The chain: written by the database itself when the event's transaction commits (migration 0002)."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="link")
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(condition=models.Q(position__gte=1), name="audit_link_position_from_one"),
        )

    def __str__(self) -> str:
        return str(self.position)


class Checkpoint(models.Model):
    """One full check of the chain, signed: how far it held and its last hash then. Never changed (migration 0003)."""

    at = models.DateTimeField()
    rows = models.BigIntegerField()
    head = models.CharField(max_length=64)
    # Where and why the chain does not hold; "" if it does. Never what a row says.
    problem = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    signature = models.BinaryField(max_length=64)
    key = models.CharField(max_length=16)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=models.Q(rows__gte=0), name="audit_checkpoint_rows"),
            models.CheckConstraint(condition=~models.Q(text="") & ~models.Q(key=""), name="audit_checkpoint_is_signed"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.rows}"
