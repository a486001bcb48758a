"""What waits too long goes to somebody above: reassessments that nobody made, lowerings that nobody decided."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from protocol.queries import current_protocol
from risk import queries
from risk.models import CurrentRisk, Lowering
from safety.models import SafetyCase
from safety.rules import REASSESSMENT_OVERDUE
from safety.services import Origin, raise_case

_Step = CurrentRisk.Escalation


@transaction.atomic
def escalate_waiting(*, by: Actor, now: datetime) -> int:
    """Take overdue reassessments to the supervisor, high ones later to the safety officer; return how many moved.

    What reaches the safety officer is a case, by the same rule in every arm. Each step is one conditional update, so
    that a second run, or two at once, moves nothing twice. Lowerings past their time are marked likewise.
    """
    require(by, Permission.ESCALATE_RISK)
    today, rules = timezone.localdate(now), current_protocol().risk
    overdue = queries.overdue_reassessments(today)
    to_supervisor = overdue.filter(escalated_to="")
    high = overdue.filter(
        level_rank__gte=queries.high_rank(today), reassess_due_on__lt=today - timedelta(days=rules.overdue_days)
    ).filter(escalated_to=_Step.SUPERVISOR)
    moved = {
        "to_safety_officer": _raise_cases(by, high, now),
        "to_supervisor": to_supervisor.update(escalated_to=_Step.SUPERVISOR, escalated_at=now),
        "lowerings": Lowering.objects.filter(state=Lowering.State.WAITING, due_at__lte=now, escalated_at=None).update(
            escalated_at=now
        ),
    }
    if any(moved.values()):
        record(actor=by, action="risk.escalate_waiting", object_type="study", object_id="", details=moved)
    return sum(moved.values())


def _raise_cases(by: Actor, high: QuerySet[CurrentRisk], now: datetime) -> int:
    """Raise a case about each woman of these levels that still waits once her row is held; return how many."""
    raised, women = 0, Participant.objects.filter(current_risk__in=high).order_by("pk")
    for participant in women.select_for_update(of=("self",), no_key=True):
        # Whoever fills in a sheet holds her row too: one that came meanwhile has ended the wait.
        waits = high.filter(participant=participant)
        if waits.update(escalated_to=_Step.SAFETY_OFFICER, escalated_at=now):
            origin = Origin(SafetyCase.Origin.OVERDUE, str(participant.current_risk.assessment_id))
            raise_case(by=by, participant=participant, rule=REASSESSMENT_OVERDUE, origin=origin, now=now)
            raised += 1
    return raised
