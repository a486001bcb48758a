"""Who opens a card beside those it is meant for, who may not at all, and what the safety officer should see of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.contacts import ContactOverride
from participants.models.people import Participant


class EmergencyOpening(models.Model):
    """A card opened for an hour outside the rules: by whom, why, until when."""

    class Cause(models.TextChoices):
        DANGER = "danger", _("She may be in danger now")
        SHE_ASKED = "she_asked", _("She asked to be contacted")
        UNPLANNED = "unplanned", _("A visit that was not planned")
        OTHER = "other", _("Another cause")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="emergency_openings")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16, choices=Cause.choices)
    # Free text may identify: sealed with the woman's own key.
    sealed_reason = models.BinaryField(null=True, blank=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-opened_at", "-id")
        indexes = (models.Index(fields=("participant", "opened_by", "expires_at"), name="participants_emergency_open"),)
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="participants_emergency_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"


class Conflict(models.Model):
    """An officer who has to do with a woman or with the man she reported: her card never opens for that officer."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    declared_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-declared_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "user"),
                condition=Q(lifted_at=None),
                name="participants_one_conflict_in_force",
                violation_error_message=_("This is declared already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.user_id}"


class AccessNotice(models.Model):
    """Something about access to cards that the safety officer should look at; by study code, never by name."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("Card opened as an emergency")
        CONFLICT_DECLARED = "conflict_declared", _("Conflict of interest declared")
        CONFLICT_REFUSED = "conflict_refused", _("Card refused: conflict of interest")
        SAME_MAN = "same_man", _("Two women reported the same man")
        SAME_HOME = "same_home", _("Two women live in the same home")
        MANY_CARDS = "many_cards", _("Many cards in an hour")
        AT_NIGHT = "at_night", _("Cards opened at night")
        NOT_DUE = "not_due", _("Cards asked for that were not due")
        UNEXPLAINED_VISIT = "unexplained_visit", _("A visit was missed and nobody says why")
        MANY_SEARCHES = "many_searches", _("Many searches in an hour")
        OUTSIDE_SAFE_TIMES = "outside_safe_times", _("Contact outside her safe times")

    class Verdict(models.TextChoices):
        IN_ORDER = "in_order", _("In order")
        FOLLOWED_UP = "followed_up", _("Followed up with the station")
        MISUSE = "misuse", _("Misuse: reported to the board")

    kind = models.CharField(max_length=24, choices=Kind.choices)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="access_notices"
    )
    other = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    emergency = models.OneToOneField(
        EmergencyOpening, on_delete=models.PROTECT, null=True, blank=True, related_name="notice"
    )
    contact_override = models.OneToOneField(
        ContactOverride, on_delete=models.PROTECT, null=True, blank=True, related_name="notice"
    )
    times = models.PositiveIntegerField(default=1)
    # Of odd access, which happens over a time: from when until when.
    window_from = models.DateTimeField(null=True, blank=True)
    window_until = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)

    class Meta:
        ordering = ("-raised_at", "-id")
        indexes = (
            models.Index(fields=("raised_at",), condition=Q(reviewed_at=None), name="participants_notice_open"),
            models.Index(fields=("raised_at",), condition=Q(sent_at=None), name="participants_notice_unsent"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewed_at=None, verdict="") | (Q(reviewed_at__isnull=False) & ~Q(verdict="")),
                name="participants_notice_review_has_verdict",
                violation_error_message=_("Say what came of it."),
            ),
            models.CheckConstraint(
                condition=Q(window_from=None, window_until=None) | Q(window_until__gt=F("window_from")),
                name="participants_notice_window_in_order",
            ),
            models.UniqueConstraint(
                fields=("kind", "user", "window_from"),
                condition=Q(window_from__isnull=False, reviewed_at=None),
                name="participants_one_notice_a_window",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | Q(user=None) | ~Q(reviewed_by=F("user")),
                name="participants_notice_not_of_oneself",
                violation_error_message=_("Somebody else must look at what concerns you."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NoticeTold(models.Model):
    """That one address of the settings was told of one notice, of whichever room: `listing` says of which.

    The address is kept as a keyed hash: it may be somebody's own telephone.
    """

    listing = models.CharField(max_length=24)
    notice_id = models.BigIntegerField()
    address = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("listing", "notice_id", "address")
        constraints = (
            models.UniqueConstraint(fields=("listing", "notice_id", "address"), name="participants_address_told_once"),
        )

    def __str__(self) -> str:
        return f"{self.listing} {self.notice_id}"


class AccessSweep(models.Model):
    """How far the audit's chain was searched for odd access: one row."""

    ONLY = 1

    position = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="participants_one_access_sweep"),
            models.CheckConstraint(condition=Q(position__gte=0), name="participants_access_sweep_from_zero"),
        )

    def __str__(self) -> str:
        return str(self.position)
