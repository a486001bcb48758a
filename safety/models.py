"""Safety cases with their clock, what was done about them, who was told, and who is on duty.

Codes stand in clear, every word is sealed.
"""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from stations.models import DateRange, Station


class SafetyCaseQuerySet(models.QuerySet["SafetyCase"]):
    """Cases, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "SafetyCaseQuerySet":
        """Every case, of whichever station, to a safety officer; to others those that they raised themselves.

        Police and interviewers lose sight of a case with the woman: a new post, or another interviewer.
        """
        if user.role == Role.SAFETY_OFFICER:
            return self.all()
        if user.role == Role.ADMINISTRATOR:
            return self.filter(raised_by=user)
        return self.filter(raised_by=user, participant__in=Participant.objects.visible_to(user))

    def waiting(self) -> "SafetyCaseQuerySet":
        """Those that nobody has answered yet, whatever became of the woman meanwhile."""
        return self.filter(state="open")


class SafetyCase(models.Model):
    """Something that somebody must look at within a day, the same in every arm, until it is closed."""

    class State(models.TextChoices):
        OPEN = "open", _("Received")
        IN_PROGRESS = "in_progress", _("Being looked after")
        CLOSED = "closed", _("Closed")

    class Severity(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        SERIOUS = "serious", _("Serious")

    class Origin(models.TextChoices):
        HAND = "hand", _("Written by hand")
        ASSESSMENT = "assessment", _("Risk sheet")
        VISIT = "visit", _("Visit")
        MISSED = "missed", _("Visits missed")
        OVERDUE = "overdue", _("Risk sheet overdue")
        SURVEY = "survey", _("Survey")

    class Outcome(models.TextChoices):
        SAFE_FOR_NOW = "safe_for_now", _("She is safe for now")
        IN_CARE = "in_care", _("Others look after her now")
        PLAN_CHANGED = "plan_changed", _("Her visits or how she is reached were changed")
        NOT_REACHED = "not_reached", _("She could not be reached; the station goes on trying")
        NO_DANGER = "no_danger", _("There was no danger")
        DIED = "died", _("She died")
        OTHER = "other", _("Something else, in the note")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="safety_cases")
    # Where she was looked after then; she may be transferred later.
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=32)
    severity = models.CharField(max_length=16, choices=Severity.choices)
    # Of a room above this one: named by kind and id, without a foreign key.
    origin = models.CharField(max_length=16, choices=Origin.choices)
    origin_id = models.CharField(max_length=40, blank=True)
    raised_at = models.DateTimeField()
    # NULL: nobody did, the system found it.
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_raised")
    # How often the same happened before anybody answered.
    times = models.PositiveSmallIntegerField(default=1)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    # NULL: nobody was on duty, and the administrators were told.
    duty_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_on_duty")
    first_response_due_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    # Free text may identify: sealed with the woman's own key, the first as it was raised, the second as it was closed.
    sealed_note = models.BinaryField(null=True, blank=True)
    sealed_summary = models.BinaryField(null=True, blank=True)

    objects: ClassVar[SafetyCaseQuerySet] = SafetyCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("first_response_due_at", "id")
        indexes = (
            models.Index(fields=("first_response_due_at",), condition=Q(state="open"), name="safety_case_waiting"),
            models.Index(fields=("origin", "origin_id"), name="safety_case_origin"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "rule"),
                condition=Q(state="open"),
                name="safety_one_waiting_of_a_rule",
                violation_error_message=_("The same waits for an answer already."),
            ),
            models.CheckConstraint(condition=Q(state__in=("open", "in_progress", "closed")), name="safety_state_known"),
            models.CheckConstraint(condition=Q(severity__in=("ordinary", "serious")), name="safety_severity_known"),
            models.CheckConstraint(
                condition=Q(state="open", first_response_at=None)
                | Q(state__in=("in_progress", "closed"), first_response_at__isnull=False),
                name="safety_case_waits_or_is_answered",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(outcome=""))
                | Q(state__in=("open", "in_progress"), closed_at=None, outcome=""),
                name="safety_closed_with_outcome",
                violation_error_message=_("Say how it ended."),
            ),
            models.CheckConstraint(
                condition=Q(first_response_due_at__gt=F("raised_at")), name="safety_case_clock_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.rule}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def answered_in_time(self) -> bool | None:
        """Whether the first answer came in time; None while there is none."""
        return None if self.first_response_at is None else self.first_response_at <= self.first_response_due_at


class SafetyAction(models.Model):
    """One step about a case: what was done, by whom; or that the same happened again while it waited."""

    class Kind(models.TextChoices):
        SPOKE_TO_HER = "spoke_to_her", _("Spoke to her; she is safe for now")
        EMERGENCY = "emergency", _("Emergency services went")
        REFERRED = "referred", _("Referred, and the referral was taken up")
        VISIT_BROUGHT_FORWARD = "visit_brought_forward", _("The next visit was brought forward")
        TOLD_STATION = "told_station", _("Told the station what to do")
        TOLD_AUTHORITY = "told_authority", _("Told those who protect children")
        NOT_REACHED = "not_reached", _("Could not reach her; the station was told")
        OTHER = "other", _("Something else, in the note")
        HAPPENED_AGAIN = "happened_again", _("The same was told again")
        EVENT = "event", _("Adverse event written down")
        JUDGED_AGAIN = "judged_again", _("Adverse event judged again")
        EVENT_WITHDRAWN = "event_withdrawn", _("Adverse event withdrawn")
        HANDED_OVER = "handed_over", _("Handed over")
        CLOSED = "closed", _("Closed")

    case = models.ForeignKey(SafetyCase, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=32, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # To whom, where it was handed over.
    handed_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sealed_note = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("case", "id")

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class SafetyNotice(models.Model):
    """That somebody is to be told of a case, at one step of its clock: `step` as `states.escalation_due` counts."""

    class Audience(models.TextChoices):
        SAFETY = "safety", _("Safety officers")
        ADMINISTRATORS = "administrators", _("Administrators")

    case = models.ForeignKey(SafetyCase, on_delete=models.PROTECT, related_name="notices")
    audience = models.CharField(max_length=16, choices=Audience.choices)
    step = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("case", "id")
        indexes = (models.Index(fields=("audience",), condition=Q(sent_at=None), name="safety_notice_unsent"),)
        constraints = (
            models.UniqueConstraint(fields=("case", "audience", "step"), name="safety_told_once_a_step"),
            models.CheckConstraint(
                condition=Q(audience__in=("safety", "administrators")), name="safety_audience_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.audience} {self.step}"


class DutyTurn(models.Model):
    """The days on which one safety officer takes what comes; both ends belong to it."""

    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duty_turns")
    starts_on = models.DateField()
    ends_on = models.DateField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="safety_turn_in_order",
                violation_error_message=_("The last day cannot come before the first."),
            ),
            ExclusionConstraint(
                name="safety_one_on_duty",
                expressions=((DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),),
                condition=Q(withdrawn_at=None),
                violation_error_message=_("Somebody is on duty on some of these days already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.starts_on} {self.ends_on}"


class AdverseEvent(models.Model):
    """Harm to a woman while she takes part, as a safety officer judged it; the board reads it without codes.

    Judged again it is a new row that points to the one before; withdrawn it stays, with the reason. None is altered.
    """

    class Kind(models.TextChoices):
        DEATH = "death", _("Death")
        HOSPITAL = "hospital", _("Stay in hospital")
        HARMED_FOR_IT = "harmed_for_it", _("He harmed her because she takes part")
        PRIVACY = "privacy", _("Somebody learned what had to stay private")
        SUICIDALITY = "suicidality", _("She tried or threatened to take her own life")
        DISTRESS = "distress", _("Distress that needed care")
        OTHER = "other", _("Something else, in the note")

    class Relatedness(models.TextChoices):
        NOT = "not", _("Not related to taking part")
        POSSIBLY = "possibly", _("Possibly related to taking part")
        PROBABLY = "probably", _("Probably related to taking part")

    class Withdrawal(models.TextChoices):
        MISTAKE = "mistake", _("Written by mistake")
        TWICE = "twice", _("Written twice")
        SOMEBODY_ELSE = "somebody_else", _("It was about somebody else")
        NOTHING_HAPPENED = "nothing", _("It turned out that it did not happen")

    case = models.ForeignKey(SafetyCase, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    is_serious = models.BooleanField()
    is_expected = models.BooleanField()
    relatedness = models.CharField(max_length=16, choices=Relatedness.choices)
    occurred_on = models.DateField()
    # When the study learned of it.
    discovered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # When the message to the board left, for serious ones.
    board_notified_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_for = models.CharField(max_length=16, choices=Withdrawal.choices, blank=True, db_default="")
    sealed_note = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("id",), condition=Q(is_serious=True, board_notified_at=None), name="safety_board_to_tell"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(is_serious=True) | ~Q(kind__in=("death", "hospital", "suicidality")),
                name="safety_event_always_serious",
                violation_error_message=_("This kind is always serious."),
            ),
            models.CheckConstraint(
                condition=Q(relatedness__in=("not", "possibly", "probably")), name="safety_relatedness_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_for="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_for="")),
                name="safety_event_withdrawn_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class EventReading(models.Model):
    """That somebody of the board has read of an event."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("event", "id")
        constraints = (models.UniqueConstraint(fields=("event", "by"), name="safety_event_read_once"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.by_id}"
