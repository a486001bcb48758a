"""Queries about doubtful data and what was said of each: codes and numbers, never an answer or a text."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from quality.measures import Measure
from quality.rules import RuleCode
from quality.states import State
from stations.models import Posting, Station
from visits.models import VisitLog


class QualityQueryQuerySet(models.QuerySet["QualityQuery"]):
    """Queries, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "QualityQueryQuerySet":
        """An administrator's all; a supervisor's of her station; an interviewer's of what she took; nobody else's."""
        if user.role == Role.SUPERVISOR:
            return self.filter(desk=QualityQuery.Desk.STATION, station=Posting.objects.station_of(user))
        if user.role == Role.INTERVIEWER:
            return self.filter(desk=QualityQuery.Desk.INTERVIEWER, person=user)
        return self.all() if user.role == Role.ADMINISTRATOR else self.none()

    def waiting(self) -> "QualityQueryQuerySet":
        return self.filter(state__in=(State.OPEN, State.ANSWERED))


class QualityQuery(models.Model):
    """One finding of one rule, from the night on which it was first found; it is never deleted.

    `key` tells what it is about and stays the same from night to night. `facts` are the numbers behind it.
    """

    class Desk(models.TextChoices):
        STATION = "station", _("The station")
        INTERVIEWER = "interviewer", _("Whoever asked")
        COORDINATION = "coordination", _("Coordination")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=24, choices=RuleCode.choices)
    key = models.CharField(max_length=120)
    desk = models.CharField(max_length=16, choices=Desk.choices)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="quality_queries"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Who logged the visit or took the survey.
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The visit or the survey that it is about.
    about = models.CharField(max_length=40, blank=True)
    happened_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    state_changed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()

    objects: ClassVar[QualityQueryQuerySet] = QualityQueryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_on", "id")
        indexes = (
            models.Index(fields=("state", "due_on"), name="quality_query_waiting"),
            models.Index(fields=("station", "state"), name="quality_query_station"),
        )
        constraints = (
            models.UniqueConstraint(fields=("rule", "key"), name="quality_one_query_a_finding"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "answered", "accepted", "closed")), name="quality_state_known"
            ),
            models.CheckConstraint(
                condition=Q(desk="station", station__isnull=False)
                | Q(desk="interviewer", person__isnull=False)
                | Q(desk="coordination"),
                name="quality_query_has_owner",
                violation_error_message=_("Say who is asked."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class QueryStep(models.Model):
    """One step of a query's thread, in codes; the database lets none be altered. Nobody: the nightly run."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Found")
        ANSWERED = "answered", _("Answered")
        RETURNED = "returned", _("Asked again")
        ACCEPTED = "accepted", _("Accepted as it is")
        CLOSED = "closed", _("Found no more: the data are right")
        REOPENED = "reopened", _("Found again")

    class Explanation(models.TextChoices):
        """Codes, not free text: what somebody would write could name her."""

        STANDS = "stands", _("It is right as it stands")
        NO_SIGNAL = "no_signal", _("There was no signal until later")
        WRONG_HOUR = "wrong_hour", _("Day or hour were written wrongly")
        TWICE = "twice", _("It was written down twice")
        MISREAD = "misread", _("An answer was written down wrongly")
        WILL_CORRECT = "will_correct", _("It will be corrected")
        NOT_KNOWN = "not_known", _("It can no longer be found out")

    class AcceptedReason(models.TextChoices):
        EXPLAINED = "explained", _("The answer explains it")
        CHECKED = "checked", _("It was checked with who was there")
        CANNOT_MEND = "cannot_mend", _("It can no longer be put right")
        RULE_UNFIT = "rule_unfit", _("The rule does not fit this case")

    query = models.ForeignKey(QualityQuery, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # An explanation, or the reason for which it was accepted.
    reason = models.CharField(max_length=16, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("query", "at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("opened", "reopened", "closed"), by=None, reason="")
                | Q(kind="returned", by__isnull=False, reason="")
                | (Q(kind__in=("answered", "accepted"), by__isnull=False) & ~Q(reason="")),
                name="quality_step_of_somebody_has_reason",
                violation_error_message=_("Choose the reason."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.query_id} {self.kind}"


class NoteMark(models.Model):
    """A keyed hash of one log's note, so that equal notes are found without reading them; "" where none is compared.

    The key is a secret of the vault's. What an erased woman's notes left is blanked.
    """

    log = models.OneToOneField(VisitLog, on_delete=models.PROTECT, related_name="+")
    # Of the note as it lies sealed: another note has another.
    sealed_sha256 = models.CharField(max_length=64)
    mark = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("log",)
        indexes = (models.Index(fields=("mark",), condition=~Q(mark=""), name="quality_note_marks"),)

    def __str__(self) -> str:
        return str(self.log_id)


class PersonMonth(models.Model):
    """How many cases of a measure one person had in a month, and in how many it was so; counted anew each hour."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Of visits: where they were made.
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    measure = models.CharField(max_length=16, choices=Measure.choices)
    month = models.DateField()
    cases = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ("measure", "person", "month", "id")
        indexes = (models.Index(fields=("measure", "month"), name="quality_person_months"),)
        constraints = (
            models.UniqueConstraint(
                fields=("measure", "person", "station", "month"),
                name="quality_person_once_a_month",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(hits__lte=models.F("cases"), cases__gt=0), name="quality_hits_among_cases"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.person_id} {self.month}"
