"""The clock of cases that nobody answers: a reminder, then everybody in charge, then each day again."""

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from safety import queries
from safety.models import SafetyCase
from safety.services.telling import tell_of
from safety.states import escalation_due


@transaction.atomic
def escalate_cases(*, by: Actor, now: datetime) -> int:
    """Give cases without hands to whoever is on duty, and take each that waits to its step; return how many moved.

    Each step is one conditional update of a case that still waits: run twice, twice at once, or late with an earlier
    `now`, nothing is told twice and no step is taken back. A woman who left changes nothing.
    """
    require(by, Permission.ESCALATE_CASES)
    _hand_over(by, now)
    moved = 0
    for case in SafetyCase.objects.waiting().select_related("participant").order_by("pk"):
        step = escalation_due(raised_at=case.raised_at, due_at=case.first_response_due_at, now=now)
        waiting = SafetyCase.objects.waiting().filter(pk=case.pk, escalation_level__lt=step)
        if not waiting.update(escalation_level=step, escalated_at=now):
            continue
        tell_of(case, step, now)
        _record(by, "safety.escalate_case", case, {"step": step, "attended": case.duty_person_id is not None})
        moved += 1
    return moved


def _hand_over(by: Actor, now: datetime) -> None:
    for case in queries.cases_without_hands().select_related("participant").order_by("pk"):
        person = queries.duty_person(case.participant, now)
        if person is None:
            continue
        orphan = SafetyCase.objects.filter(pk=case.pk, duty_person=case.duty_person_id)
        if orphan.exclude(state=SafetyCase.State.CLOSED).update(duty_person=person):
            _record(by, "safety.hand_over_case", case, {"to": person.audit_name})


def _record(by: Actor, action: str, case: SafetyCase, details: dict[str, object]) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=case.participant.study_code,
        details={"case": case.pk, "rule": case.rule, **details},
    )
