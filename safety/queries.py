"""What pages, services and other rooms read of safety cases. Nothing here knows an arm."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from safety.models import SafetyAction, SafetyCase, SafetyCaseQuerySet

State = SafetyCase.State


def cases_listed(user: User) -> SafetyCaseQuerySet:
    """Return the cases that a person may see: waiting by deadline, then at work, then closed, the latest first."""
    place = Case(When(state=State.OPEN, then=Value(0)), When(state=State.IN_PROGRESS, then=Value(1)), default=Value(2))
    return (
        SafetyCase.objects.visible_to(user)
        .select_related("participant__vault_key", "duty_person", "raised_by", "closed_by", "follows")
        .annotate(place=place)
        .order_by("place", F("closed_at").desc(nulls_last=True), "first_response_due_at", "pk")
    )


def cases_filtered(
    user: User, now: datetime, *, state: str = "", severity: str = "", mine: bool = False
) -> SafetyCaseQuerySet:
    """Return the cases that a person may see, of a state ("overdue": waits too long), a severity, or hers alone."""
    cases = cases_listed(user)
    if state == "overdue":
        cases = cases.waiting().filter(first_response_due_at__lte=now)
    elif state:
        cases = cases.filter(state=state)
    if severity:
        cases = cases.filter(severity=severity)
    return cases.filter(duty_person=user) if mine else cases


def participant_of_code(study_code: str) -> Participant | None:
    """Return the woman of a code that somebody typed, in whatever case."""
    return Participant.objects.filter(study_code=study_code.strip().upper()).first()


def actions_of(case: SafetyCase) -> QuerySet[SafetyAction]:
    """Return what was done about a case, in the order in which it was written."""
    return SafetyAction.objects.filter(case=case).select_related("by").order_by("pk")


def last_case(participant: Participant, rule: str) -> SafetyCase | None:
    """Return the newest case of a rule about a woman."""
    return SafetyCase.objects.filter(participant=participant, rule=rule).order_by("-raised_at", "-pk").first()


def rules_raised_by(origin: SafetyCase.Origin, ids: Collection[str]) -> dict[str, list[str]]:
    """Return, by the id of what they come from, the rules of the cases that were raised, in that order."""
    found: dict[str, list[str]] = {}
    cases = SafetyCase.objects.filter(origin=origin, origin_id__in=ids).order_by("pk")
    for origin_id, rule in cases.values_list("origin_id", "rule"):
        found.setdefault(origin_id, []).append(rule)
    return found


def waiting_counts(now: datetime) -> tuple[int, int]:
    """Return how many cases wait for an answer, and how many of them are overdue."""
    counted = SafetyCase.objects.waiting().aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=Q(first_response_due_at__lte=now))
    )
    return counted["waiting"], counted["overdue"]


def duty_person(participant: Participant) -> User | None:
    """Return who takes a new case: whoever has one of hers that waits, or the safety officer with the fewest.

    Among equals the earliest account; None when there is no active safety officer.
    """
    waiting = Q(cases_on_duty__state=State.OPEN)
    officers = User.objects.filter(role=Role.SAFETY_OFFICER, is_active=True).annotate(
        hers=Count("cases_on_duty", filter=waiting & Q(cases_on_duty__participant=participant)),
        load=Count("cases_on_duty", filter=waiting),
    )
    return officers.order_by("-hers", "load", "pk").first()
