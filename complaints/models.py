"""Complaints about the study: who wrote each down, how it stands, and its sealed words. Nothing deletes one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from complaints.states import WAITING, State
from participants.models import Participant


class Desk(models.TextChoices):
    """Who looks into it: whoever writes it down chooses, so that nobody looks into herself."""

    COORDINATION = "coordination", _("Coordination")
    SAFETY = "safety", _("Safety officer")


DESK_OF = {Role.ADMINISTRATOR: Desk.COORDINATION, Role.SAFETY_OFFICER: Desk.SAFETY}


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Complaints, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "ComplaintQuerySet":
        """Those that a person wrote down, and to coordination and safety officers those of their desk."""
        own, desk = Q(written_by=user), DESK_OF.get(Role(user.role))
        return self.filter(own if desk is None else own | Q(desk=desk))

    def waiting(self) -> "ComplaintQuerySet":
        return self.filter(state__in=WAITING)


class Complaint(models.Model):
    """What somebody complained of: codes in clear, her words sealed.

    With her own key where it is known who she is, else with a secret of the study's (`sealed_by_study`).
    """

    class Source(models.TextChoices):
        HERSELF = "herself", _("A participant")
        NEAR_HER = "near_her", _("Somebody near a participant")
        STAFF = "staff", _("Somebody who works with us")
        OTHER = "other", _("Somebody else")

    class About(models.TextChoices):
        TREATMENT = "treatment", _("How somebody was treated")
        REACHED = "reached", _("When or how somebody was reached")
        PRIVACY = "privacy", _("Somebody learned what had to stay private")
        PRESSED = "pressed", _("Somebody felt pressed to take part or to answer")
        QUESTIONS = "questions", _("What was asked")
        NOBODY_CAME = "nobody_came", _("Nobody came, or nobody answered")
        DATA = "data", _("What is kept about somebody")
        OTHER = "other", _("Something else")

    class Severity(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        SERIOUS = "serious", _("Serious: somebody could come to harm")

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("It was right, and something was changed")
        NOT_CHANGED = "not_changed", _("It was right, and could not be changed")
        NOT_FOUND = "not_found", _("It was looked into, and nothing of it was found")
        TAKEN_BACK = "taken_back", _("Whoever complained took it back")
        NOT_REACHED = "not_reached", _("Whoever complained could not be told safely")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    source = models.CharField(max_length=16, choices=Source.choices)
    about = models.CharField(max_length=16, choices=About.choices)
    severity = models.CharField(max_length=16, choices=Severity.choices)
    desk = models.CharField(max_length=16, choices=Desk.choices)
    told_on = models.DateField()
    # Made with the page: the same page sent twice is one complaint. NULL where it was written otherwise.
    form_id = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    state_changed_at = models.DateTimeField()
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    # Whether it was put before the safety officer, too, as a case of its own.
    made_case = models.BooleanField(default=False)
    sealed_by_study = models.BooleanField()
    sealed_text = models.BinaryField()

    objects: ClassVar[ComplaintQuerySet] = ComplaintQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("state", "due_on"), name="complaints_waiting"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("received", "in_hand", "answered", "closed")), name="complaints_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="received", handler=None) | (~Q(state="received") & Q(handler__isnull=False)),
                name="complaints_in_somebodys_hands",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & ~Q(outcome="")) | (~Q(state="closed") & Q(outcome="")),
                name="complaints_closed_with_outcome",
                violation_error_message=_("Say how it ended."),
            ),
            models.CheckConstraint(
                condition=Q(sealed_by_study=True, participant=None)
                | Q(sealed_by_study=False, participant__isnull=False),
                name="complaints_sealed_with_her_key",
            ),
            models.CheckConstraint(
                condition=Q(made_case=False) | Q(participant__isnull=False), name="complaints_case_is_of_somebody"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("told_on")), name="complaints_due_after_told"),
        )

    def __str__(self) -> str:
        return f"Q-{self.pk:04d}"


class ComplaintStep(models.Model):
    """One step about a complaint, with sealed words if there are any; the database lets none be altered."""

    class Kind(models.TextChoices):
        TAKEN = "taken", _("Taken in hand")
        NOTED = "noted", _("Looked into")
        ANSWERED = "answered", _("Whoever complained was answered")
        CLOSED = "closed", _("Closed")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sealed_note = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("complaint", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind__in=("noted", "answered")) | Q(sealed_note__isnull=False),
                name="complaints_step_says_what",
                violation_error_message=_("Write what was found, or what was answered."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"
