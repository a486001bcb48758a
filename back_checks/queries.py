"""What pages, services and rules read of back-checks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from back_checks.models import BackCheck, BackCheckItem, BackCheckQuerySet
from back_checks.questions import Question, asked_again
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import consent_to
from participants.status import ENDED
from protocol.queries import current_protocol
from surveys.models import Submission, SurveyCase

Status = BackCheck.Status
EXPLAINED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Compared:
    """Answers asked again, of a question or a person: how many could be compared, and how many differ."""

    name: str
    kind: int
    compared: int
    differ: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How the drawn surveys stand."""

    chosen: int
    done: int
    refused: int
    missed: int
    cancelled: int
    waiting: int
    without: int


def surveys_to_draw_from(today: date, *, window_days: int) -> QuerySet[Submission]:
    """Return the surveys of the last days, today's not yet, of women who may be asked, in the order of their moments.

    Answered whole, by somebody, and of nobody of whom a survey was drawn before.
    """
    days = (today - timedelta(days=window_days), today)
    begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in days)
    drawn = BackCheck.objects.filter(participant=OuterRef("case__participant"))
    return (
        Submission.objects.filter(
            consent_to(Feature.BACK_CHECK, today, woman="case__participant"),
            ~Exists(drawn),
            submitted_at__gte=begins,
            submitted_at__lt=ends,
            submitted_by__isnull=False,
            is_complete=True,
            case__status=SurveyCase.Status.DONE,
            case__participant__status=Participant.Status.ENROLLED,
        )
        .select_related("case", "submitted_by")
        .only("submitted_at", "submitted_by__id", "case__participant")
        .order_by("submitted_at", "pk")
    )


def no_longer_asked(today: date) -> BackCheckQuerySet:
    """Return the open back-checks of women who left, or who do not consent to surveys any more."""
    agreed = consent_to(Feature.BACK_CHECK, today, woman="participant")
    return BackCheck.objects.open().filter(Q(participant__status__in=ENDED) | ~Q(agreed))


def asked_before(women: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return, of each woman, everybody who ever took a survey of hers, and her interviewer of today."""
    found: dict[int, set[int]] = defaultdict(set)
    ids = list(women)
    took = Submission.objects.filter(case__participant__in=ids, submitted_by__isnull=False)
    hers = Participant.objects.filter(pk__in=ids, interviewer__isnull=False)
    for woman, person in (
        *took.order_by().values_list("case__participant", "submitted_by").distinct(),
        *hers.order_by().values_list("pk", "interviewer"),
    ):
        found[woman].add(person)
    return {woman: frozenset(found[woman]) for woman in ids}


def back_checks_to_ask(user: User, today: date) -> BackCheckQuerySet:
    """Return what a second interviewer has to ask today, of women who may be asked, the soonest over above."""
    found = (
        BackCheck.objects.visible_to(user)
        .open()
        .filter(
            consent_to(Feature.BACK_CHECK, today, woman="participant"),
            participant__status=Participant.Status.ENROLLED,
            window_from__lte=today,
            window_until__gte=today,
        )
    )
    return found.select_related("participant__sealed_card", "participant__vault_key", "participant__safe_contact")


def with_questionnaire(back_checks: BackCheckQuerySet) -> BackCheckQuerySet:
    """Return the same with what their surveys asked, without its file and form, which are long."""
    found = back_checks.select_related(
        "participant__sealed_card",
        "participant__vault_key",
        "participant__safe_contact",
        "submission__instrument",
    )
    return found.defer("submission__instrument__source", "submission__instrument__xform", "submission__sealed_instance")


def back_checks_to_explain(user: User, today: date) -> BackCheckQuerySet:
    """Return what she missed lately and has not said why."""
    missed = BackCheck.objects.visible_to(user).filter(
        status=Status.MISSED, missed_reason="", window_until__gte=today - EXPLAINED_FOR
    )
    return missed.select_related("participant")


def questions_of(back_check: BackCheck) -> tuple[Question, ...]:
    """Return the questions that are asked again of a survey, in its questionnaire's words."""
    wanted = current_protocol().watching.back_checks.questions
    return asked_again(back_check.submission.instrument.content, wanted)


def progress() -> Progress:
    """Count how the drawn surveys stand, in one query."""
    counted = BackCheck.objects.aggregate(
        chosen=Count("pk"),
        without=Count("pk", filter=Q(status=Status.DUE, interviewer=None)),
        **{status.value: Count("pk", filter=Q(status=status)) for status in Status if status != Status.DUE},
        waiting=Count("pk", filter=Q(status=Status.DUE)),
    )
    return Progress(**counted)


def compared_by_question() -> list[Compared]:
    """Return the answers compared by question, in the order of their kinds and names; one query."""
    return _compared("question")


def compared_by_first() -> list[Compared]:
    """Return the answers compared by whoever asked first (her name) and kind; one query."""
    return _compared("back_check__first__display_name", "back_check__first")


def reasons_missed() -> dict[str, int]:
    """Return how often each reason was given for what was missed; "" where nobody has said yet."""
    rows = BackCheck.objects.filter(status=Status.MISSED).order_by("missed_reason").values_list("missed_reason")
    return dict(rows.annotate(number=Count("pk")))


def _compared(name: str, *more: str) -> list[Compared]:
    rows = (
        BackCheckItem.objects.filter(differs__isnull=False)
        .order_by("kind", name, *more)
        .values(name, "kind", *more)
        .annotate(compared=Count("pk"), differ=Count("pk", filter=Q(differs=True)))
    )
    return [Compared(row[name], row["kind"], row["compared"], row["differ"]) for row in rows]


def tries_made(back_checks: Collection[BackCheck]) -> dict[object, int]:
    """Return how many tries each had."""
    rows = BackCheck.objects.filter(pk__in=[check.pk for check in back_checks]).order_by("pk").values_list("pk")
    return dict(rows.annotate(number=Count("tries")))
