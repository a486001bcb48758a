"""What waits too long goes to somebody above: reassessments that nobody made, lowerings that nobody decided."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from protocol.queries import current_protocol
from risk import queries
from risk.models import CurrentRisk, Lowering

_Step = CurrentRisk.Escalation


@transaction.atomic
def escalate_waiting(*, by: Actor, now: datetime) -> int:
    """Take overdue reassessments to the supervisor, high ones later to the safety officer; return how many moved.

    Each step is one conditional update, so that a second run, or two at once, moves nothing twice. Lowerings past their
    time are marked likewise.
    """
    require(by, Permission.ESCALATE_RISK)
    today, rules = timezone.localdate(now), current_protocol().risk
    overdue = queries.overdue_reassessments(today)
    to_supervisor = overdue.filter(escalated_to="")
    high = overdue.filter(
        level_rank__gte=queries.high_rank(today), reassess_due_on__lt=today - timedelta(days=rules.overdue_days)
    ).filter(escalated_to=_Step.SUPERVISOR)
    moved = {
        "to_safety_officer": high.update(escalated_to=_Step.SAFETY_OFFICER, escalated_at=now),
        "to_supervisor": to_supervisor.update(escalated_to=_Step.SUPERVISOR, escalated_at=now),
        "lowerings": Lowering.objects.filter(state=Lowering.State.WAITING, due_at__lte=now, escalated_at=None).update(
            escalated_at=now
        ),
    }
    if any(moved.values()):
        record(actor=by, action="risk.escalate_waiting", object_type="study", object_id="", details=moved)
    return sum(moved.values())
