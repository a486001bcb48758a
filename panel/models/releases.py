"""Releases: frozen cuts of the data sets, who asked for them, and what was given out."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from interviews.chunks import chunk_count
from panel.models.plans import Unblinding
from panel.release_states import Reason, ReleaseState, ReportState
from panel.shapes import Shape
from participants.consent_scopes import SCOPE_OF, Feature
from participants.models import Consent, HeldSecret, Participant
from protocol.models import ProtocolVersion

LANGUAGES = (("es", "Español"), ("en", "English"))


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "ReleaseQuerySet":
        """All for who may read the arm; those without it for others who get the panel; nobody else's."""
        if Unblinding.objects.let_read_arm(user):
            return self.all()
        return self.filter(with_arm=False) if user.has(Permission.EXPORT_PANEL) else self.none()

    def to_decide(self, user: User) -> "ReleaseQuerySet":
        """Those that wait for a second person who may be this one."""
        waiting = self.filter(state=ReleaseState.WAITING).exclude(requested_by=user)
        return waiting if user.has(Permission.APPROVE_RELEASES) else self.none()

    def listed(self) -> "ReleaseQuerySet":
        """With all that a page shows of them, the newest first."""
        return self.select_related("requested_by", "decided_by", "protocol").order_by("-id")


class Release(models.Model):
    """Data sets as they were on a day, asked for by one person, packed once and given to her alone.

    Its number is its id. A woman who may not be in it any more is taken out: then it has a new revision.
    """

    State = ReleaseState

    purpose = models.CharField(max_length=200)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    datasets = models.JSONField()
    forms = models.JSONField()
    shape = models.CharField(max_length=4, choices=Shape.choices, default=Shape.LONG)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    with_arm = models.BooleanField(default=False)
    stable_codes = models.BooleanField(default=False)
    shift_days = models.BooleanField(default=False)
    # Codes of panel.generalising, in order.
    generalised = models.JSONField(default=list, blank=True)
    # Of all that was asked for: the same is not asked for twice at a time.
    terms_sha256 = models.CharField(max_length=64)
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    kept_until = models.DateField()
    code_version = models.CharField(max_length=64, blank=True)
    secret = models.ForeignKey(HeldSecret, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=ReleaseState.choices, default=ReleaseState.QUEUED)
    state_changed_at = models.DateTimeField()
    progress = models.PositiveSmallIntegerField(default=0)
    # Which try of how many it is; a worker writes only as long as it holds the last.
    attempt = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True)
    # What was frozen, 0 before: each time that rows are taken out there is one more.
    revision = models.PositiveSmallIntegerField(default=0)
    # panel.anonymity.Report, as it reads in JSON.
    report = models.JSONField(default=dict, blank=True)
    needs = models.JSONField(default=list, blank=True)
    # panel.enrolment.Enrolment as it was when the rows were frozen: what came before any row.
    enrolment = models.JSONField(default=dict, blank=True)
    # Under which locks the rows stood when they were read, as data_lock.queries.locks_standing names them.
    locks = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=200, blank=True)
    downloaded_revision = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ReleaseQuerySet] = ReleaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ReleaseState.values), name="panel_release_state_known"),
            models.CheckConstraint(condition=Q(language__in=("es", "en")), name="panel_release_language_known"),
            models.CheckConstraint(condition=Q(shape__in=Shape.values), name="panel_release_shape_known"),
            models.CheckConstraint(condition=~Q(purpose=""), name="panel_release_has_purpose"),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("requested_by"))),
                name="panel_release_second_person",
                violation_error_message=_("Somebody else must decide."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(needs=[]) | Q(decided_by__isnull=False),
                name="panel_release_not_ready_undecided",
            ),
            models.UniqueConstraint(
                fields=("requested_by", "terms_sha256"),
                condition=Q(state__in=("queued", "building", "waiting")),
                name="panel_release_asked_once",
                violation_error_message=_("You asked for the same already, and it is not there yet."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def reasons(self) -> list[str]:
        """Return, in words, what makes it tell more than pseudonyms do."""
        return [str(Reason(code).label) for code in self.needs]

    @property
    def state_to_go_on(self) -> ReleaseState:
        """Return where it goes on from: to be made or packed, or to a second person who has not decided."""
        return ReleaseState.WAITING if self.needs and not self.decided_by_id else ReleaseState.QUEUED

    @property
    def has_old_copy(self) -> bool:
        """Say whether its owner holds a file in which a woman stands who may not be in it any more."""
        return 0 < self.downloaded_revision < self.revision


class ReleaseRevision(models.Model):
    """A release as it was packed: what was frozen first, or what was left after rows were taken out."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    frozen_at = models.DateTimeField()
    rows_removed = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    packed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("release", "number")
        constraints = (
            models.UniqueConstraint(fields=("release", "number"), name="panel_one_revision_of_a_number"),
            models.CheckConstraint(
                condition=Q(packed_at=None, sha256="") | Q(packed_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="panel_revision_packed_with_hash",
            ),
        )

    def __str__(self) -> str:
        return f"{self.release_id}.{self.number}"


class ReleaseReportQuerySet(models.QuerySet["ReleaseReport"]):
    """The reports on releases, in the order in which they were asked for."""

    def newest_of(self, release: Release) -> "ReleaseReport | None":
        """Return the one that was asked for last, however far it is."""
        return self.filter(release=release).order_by("-id").first()

    def ready_of(self, release: Release) -> "ReleaseReport | None":
        """Return the one to be read: of what the release holds now, not of an earlier revision."""
        return self.filter(release=release, revision=release.revision, state=ReportState.READY).order_by("-id").first()

    def read_once_of(self, release: Release) -> "ReleaseReport | None":
        """Return one of an earlier revision, in which a woman's answers still stand who does not agree any more."""
        old = self.filter(release=release, revision__lt=release.revision).exclude(ready_at=None)
        return old.order_by("-id").first()


class ReleaseReport(models.Model):
    """The plan's whole analysis of what a release holds, made by a worker for the release's owner.

    It lies in files of the release's revision, so that it goes where they go.
    """

    State = ReportState

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="reports")
    revision = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=ReportState.choices, default=ReportState.QUEUED)
    # Of the last step too: whoever works on it says so with each.
    state_changed_at = models.DateTimeField()
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True)
    is_blinded = models.BooleanField(default=True)
    plan_sha256 = models.CharField(max_length=64, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    downloaded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ReleaseReportQuerySet] = ReleaseReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="panel_report_state_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="panel_report_of_frozen_rows"),
            models.CheckConstraint(
                condition=~Q(state__in=("ready", "replaced")) | Q(ready_at__isnull=False),
                name="panel_report_ready_on_a_day",
            ),
            models.UniqueConstraint(
                fields=("release",),
                condition=Q(state__in=("queued", "making")),
                name="panel_one_report_made_at_a_time",
                violation_error_message=_("The report is being made already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.release_id}/{self.pk}"

    @property
    def percent(self) -> int:
        """Return how much of it is done, by steps."""
        return 100 * self.steps_done // self.steps if self.steps else 0


class ReleaseFile(models.Model):
    """A file of a revision, in sealed pieces: a data set's frozen rows, the whole as given out, or a report's part."""

    class Kind(models.TextChoices):
        CUT = "cut", _("Frozen rows")
        ARCHIVE = "archive", _("Archive")
        REPORT = "report", _("Part of a report")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(ReleaseRevision, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    report = models.ForeignKey(ReleaseReport, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    # Of a cut: its data set, with the declaration that was in force then.
    name = models.CharField(max_length=64)
    declaration = models.JSONField(default=dict, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("revision", "name", "id")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=("cut", "archive", "report")), name="panel_file_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="report", report__isnull=False) | (~Q(kind="report") & Q(report=None)),
                name="panel_part_of_a_report",
            ),
            models.CheckConstraint(condition=Q(size_bytes__gte=1), name="panel_file_not_empty"),
            models.UniqueConstraint(fields=("revision", "kind", "name"), name="panel_one_file_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def pieces(self) -> int:
        """Return in how many pieces it lies."""
        return chunk_count(self.size_bytes)


class ReleasePiece(models.Model):
    """A sealed piece of a file."""

    file = models.ForeignKey(ReleaseFile, on_delete=models.PROTECT, related_name="chunks")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("file", "position")
        constraints = (
            models.UniqueConstraint(fields=("file", "position"), name="panel_one_piece_of_a_place"),
            models.CheckConstraint(condition=~Q(sealed=b""), name="panel_piece_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.file_id} {self.position}"


BROUGHT_IN_BY = {
    "by_surveys": SCOPE_OF[Feature.EXPORT_SURVEYS],
    "by_visits": SCOPE_OF[Feature.EXPORT_VISITS],
    "by_reports": SCOPE_OF[Feature.EXPORT_REPORTS],
}


class ReleaseWomanQuerySet(models.QuerySet["ReleaseWoman"]):
    """Who stands in releases."""

    def not_allowed_on(self, day: date) -> "ReleaseWomanQuerySet":
        """Those whose data were erased, or who do not agree any more to what brought them in."""
        agreed = Consent.objects.filter(
            Q(lapses_on=None) | Q(lapses_on__gt=day), participant=OuterRef("participant"), ended_at=None
        )
        ended = Q(participant__data_erased_at__isnull=False)
        for field, scope in BROUGHT_IN_BY.items():
            ended |= Q(~Exists(agreed.filter(scope=scope)), **{field: True})
        return self.filter(ended)

    def to_keep(self, release: Release, participant_ids: Collection[int]) -> "list[ReleaseWoman]":
        """Return a row to save for each woman, with what she agreed to when the release's rows were read.

        What she ended since had brought her in: the next sweep takes her out.
        """
        agreed = Consent.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=release.state_changed_at),
            Q(lapses_on=None) | Q(lapses_on__gt=release.as_of),
            participant=OuterRef("pk"),
        )
        agreements = {field: Exists(agreed.filter(scope=scope)) for field, scope in BROUGHT_IN_BY.items()}
        women = Participant.objects.filter(pk__in=participant_ids).annotate(**agreements).order_by("pk")
        return [
            ReleaseWoman(release=release, participant_id=pk, **dict(zip(BROUGHT_IN_BY, had, strict=True)))
            for pk, *had in women.values_list("pk", *BROUGHT_IN_BY)
        ]


class ReleaseWoman(models.Model):
    """A woman whose rows stand in a release, and what she agreed to when they were frozen."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="women")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    by_surveys = models.BooleanField()
    by_visits = models.BooleanField()
    by_reports = models.BooleanField()

    objects: ClassVar[ReleaseWomanQuerySet] = ReleaseWomanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("release", "participant")
        constraints = (
            models.UniqueConstraint(fields=("release", "participant"), name="panel_woman_in_a_release_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)
