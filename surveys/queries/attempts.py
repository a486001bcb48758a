"""What was tried for each survey, what comes next, and what is to be explained."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from participants.models import ContactOverride, Participant
from participants.safe_contact import next_safe_moment
from surveys.attempting import Allowance
from surveys.models import CallAttempt, SurveyCase, SurveyCaseQuerySet
from surveys.queries import cases_in_reach

CLOSES_WITHIN = timedelta(days=3)
EXPLAINED_WITHIN = timedelta(days=60)
_BY_THE_SWEEP = ("not_reached", "no_privacy")
_WAITING = (SurveyCase.Status.LATE, SurveyCase.Status.NOT_PRIVATE)


@dataclass(frozen=True, slots=True)
class Reminders:
    """What an interviewer's day asks of her: tries due today and before, windows closing, late, and to be explained."""

    today: int
    overdue: int
    closing: int
    late: int
    to_explain: int


def attempts_of(cases: Collection[SurveyCase]) -> dict[object, list[CallAttempt]]:
    """Return the attempts by case, the newest first, in one query."""
    found: dict[object, list[CallAttempt]] = {case.pk: [] for case in cases}
    for attempt in CallAttempt.objects.filter(case__in=list(found)).select_related("made_by"):
        found[attempt.case_id].append(attempt)
    return found


def allowances_of(participant: Participant) -> list[Allowance]:
    """Return the exceptions to her safe times that were written down before the contact."""
    rows = ContactOverride.objects.filter(participant=participant)
    return [Allowance(row.kind, row.on, (row.window_from, row.window_until)) for row in rows]


def next_safe(participant: Participant, now: datetime) -> datetime | None:
    """Return the next moment at which she may be reached by her own way, None where there is none."""
    plan = participant.safe_contact.times
    return next_safe_moment(plan, now, plan.channel)


def may_be_explained(case: SurveyCase, today: date) -> bool:
    """Say whether its interviewer may say why a survey did not come about: late, or given up by the sweep."""
    if case.status == SurveyCase.Status.MISSED:
        return case.missed_explained_by_id is None and case.missed_reason in _BY_THE_SWEEP
    return case.status in _WAITING and case.window_until < today


def cases_to_explain(user: User, today: date) -> SurveyCaseQuerySet:
    """Return a person's surveys that are late, or that the sweep gave up lately, the newest window first."""
    given_up = Q(
        status=SurveyCase.Status.MISSED, missed_explained_by=None, missed_reason__in=_BY_THE_SWEEP,
        window_until__gte=today - EXPLAINED_WITHIN,
    )  # fmt: skip
    late = Q(status__in=_WAITING, window_until__lt=today)
    return cases_in_reach(user, today).filter(given_up | late).order_by("-window_until", "id")


def reminders(user: User, waiting: QuerySet[SurveyCase], now: datetime) -> Reminders:
    """Count what an interviewer's day asks of her; `waiting` are her open cases."""
    today = timezone.localdate(now)
    agreed = _next_of(waiting)
    days = [timezone.localdate(at) for at in agreed.values()]
    return Reminders(
        today=days.count(today),
        overdue=sum(day < today for day in days),
        closing=waiting.filter(window_until__range=(today, today + CLOSES_WITHIN)).count(),
        late=waiting.filter(status=SurveyCase.Status.LATE).count(),
        to_explain=cases_to_explain(user, today).count(),
    )


def _next_of(cases: QuerySet[SurveyCase]) -> dict[object, datetime]:
    """Return when the next attempt at each case was to be, by its newest attempt; none where none was named."""
    last: dict[object, datetime | None] = {}
    ids = cases.order_by().values("pk")
    for case, at in CallAttempt.objects.filter(case__in=ids).values_list("case", "next_at"):
        last.setdefault(case, at)
    return {case: at for case, at in last.items() if at is not None}
