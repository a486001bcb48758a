"""The directory of services, and a woman's referrals to them: codes in clear, every word sealed."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from participants.models import Conflict, Participant
from participants.status import ENDED
from referrals.states import OPEN
from stations.models import District


class SupportService(models.Model):
    """One version of an entry of the directory. A change retires it and makes the next; nothing is deleted."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("In danger now")
        LINE = "line", _("To talk")
        CENTRE = "centre", _("Centre")
        HEALTH = "health", _("Health")
        SHELTER = "shelter", _("Shelter")
        LEGAL = "legal", _("Legal aid")
        OTHER = "other", _("Other help")

    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name_es = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    purpose_es = models.CharField(max_length=300)
    purpose_en = models.CharField(max_length=300)
    hours_es = models.CharField(max_length=120)
    hours_en = models.CharField(max_length=120)
    for_whom_es = models.CharField(max_length=200)
    for_whom_en = models.CharField(max_length=200)
    telephone = models.CharField(max_length=24, blank=True)
    address = models.CharField(max_length=200, blank=True)
    # NULL: it serves the whole country.
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("code", "-valid_from", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=Q(retired_at=None),
                name="referrals_service_one_in_force",
                violation_error_message=_("This service is in the directory already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="shelter") | Q(address=""),
                name="referrals_shelter_without_address",
                violation_error_message=_("The address of a shelter is never written."),
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(retired_at__gte=F("valid_from")), name="referrals_service_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "ReferralQuerySet":
        """Of the women whom a person may know, those that her own side made: police and interviewers do not mix.

        None about a woman with whom the person declared to have to do.
        """
        if user.role not in POLICE_ROLES | {Role.INTERVIEWER}:
            return self.none()
        conflict = Conflict.objects.filter(user=user, participant=OuterRef("participant"), lifted_at=None)
        hers = self.filter(participant__in=Participant.objects.visible_to(user), team=team_of(user))
        return hers.exclude(Exists(conflict))

    def followed(self) -> "ReferralQuerySet":
        """Those that somebody still follows: open, and the woman takes part."""
        return self.filter(status__in=OPEN).exclude(participant__status__in=ENDED)


class Referral(models.Model):
    """One service offered to a woman, until it is known what came of it. `sharing` is what she lets be told of her."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("Offered: she is thinking about it")
        DECLINED = "declined", _("She does not want it")
        ACCEPTED = "accepted", _("She agreed")
        SENT = "sent", _("Put in touch")
        NO_ANSWER = "no_answer", _("No answer yet")
        TAKEN_UP = "taken_up", _("She is being attended")
        NOT_TAKEN_UP = "not_taken_up", _("She was not attended")
        CLOSED = "closed", _("Closed: no answer came")
        STOPPED = "stopped", _("No longer followed: she left")

    class Team(models.TextChoices):
        STATION = "station", _("Station")
        SURVEYS = "surveys", _("Surveys")

    class Sharing(models.TextChoices):
        NOTHING = "nothing", _("Nothing: she goes by herself")
        TELEPHONE = "telephone", _("Her first name and a safe telephone")
        ALL_NEEDED = "all_needed", _("All that the service needs to attend her")

    class Agreed(models.TextChoices):
        SPOKEN = "spoken", _("She said so")
        WRITTEN = "written", _("She signed it")

    class Way(models.TextChoices):
        TOLD_HER = "told_her", _("I gave her the number and the hours")
        WENT_ALONG = "went_along", _("Somebody went with her")
        CALLED = "called", _("I called the service for her")
        WROTE = "wrote", _("I wrote to the service")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="referrals")
    service = models.ForeignKey(SupportService, on_delete=models.PROTECT, related_name="referrals")
    team = models.CharField(max_length=16, choices=Team.choices)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OFFERED)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    sharing = models.CharField(max_length=16, choices=Sharing.choices, blank=True)
    agreed_how = models.CharField(max_length=16, choices=Agreed.choices, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    sent_way = models.CharField(max_length=16, choices=Way.choices, blank=True)
    # The day on which somebody asks what came of it; NULL once nobody has to.
    due_on = models.DateField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ReferralQuerySet] = ReferralQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-offered_at", "-id")
        indexes = (
            models.Index(fields=("due_on",), condition=~Q(due_on=None), name="referrals_to_follow"),
            models.Index(fields=("participant", "team"), name="referrals_of_woman"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "service", "team"),
                condition=Q(status__in=("offered", "accepted", "sent", "no_answer")),
                name="referrals_one_open_of_a_service",
                violation_error_message=_("This was offered to her already and is being followed."),
            ),
            models.CheckConstraint(
                condition=Q(due_on=None, status__in=("declined", "taken_up", "not_taken_up", "closed", "stopped"))
                | Q(due_on__isnull=False, status__in=("offered", "accepted", "sent", "no_answer")),
                name="referrals_due_while_open",
            ),
            models.CheckConstraint(
                condition=Q(agreed_on=None, sharing="", agreed_how="", sent_way="")
                | (Q(agreed_on__isnull=False) & ~Q(sharing="") & ~Q(agreed_how="")),
                name="referrals_agreement_whole",
                violation_error_message=_("Say what she agreed to, and how."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("offered", "declined", "stopped")) | Q(agreed_on__isnull=False),
                name="referrals_nothing_without_agreement",
                violation_error_message=_("She has not agreed to this."),
            ),
            models.CheckConstraint(
                condition=~Q(sharing="nothing", sent_way__in=("called", "wrote"))
                & ~Q(sharing="telephone", sent_way="wrote"),
                name="referrals_no_more_than_agreed",
                violation_error_message=_("She did not agree that so much is told of her."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def standing(self) -> str:
        """Where it stands, as a page that showed it remembers: each step changes the state or the next day."""
        return f"{self.status} {self.due_on}"


class ReferralStep(models.Model):
    """One step of a referral: what was reached, on which day, written by whom; the note is sealed with her key."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=16, choices=Referral.Status.choices)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    # NULL: the system, when she left.
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sealed_note = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("referral", "id")

    def __str__(self) -> str:
        return f"{self.referral_id} {self.status}"


def team_of(user: User) -> Referral.Team:
    """Return the side for which a person makes referrals."""
    return Referral.Team.STATION if user.role in POLICE_ROLES else Referral.Team.SURVEYS
