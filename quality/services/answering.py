"""A query answered by whom it asks, accepted as it is or asked again by the coordination."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from quality.models import QualityQuery, QueryStep
from quality.rules import RULES, RuleCode
from quality.states import State, may_become

Kind = QueryStep.Kind


class QueryElsewhere(StudyError):
    """The query is no longer in the state in which this can be done."""

    code = "query_elsewhere"
    message = _("This query was settled or answered meanwhile. Look at it again.")
    http_status = 409


@transaction.atomic
def answer_query(*, by: User, query: QualityQuery, explanation: str, now: datetime) -> QualityQuery:
    """Say what is behind a finding, in a code; the data stay. Raise QueryElsewhere."""
    require(by, Permission.ANSWER_QUERIES)
    reason = QueryStep.Explanation(explanation)
    return _moved(by, query, State.ANSWERED, Kind.ANSWERED, reason, now)


@transaction.atomic
def accept_as_is(*, by: User, query: QualityQuery, reason: str, now: datetime) -> QualityQuery:
    """Settle a query though its data stay as they are, with the reason's code. Raise QueryElsewhere."""
    require(by, Permission.SETTLE_QUERIES)
    return _moved(by, query, State.ACCEPTED, Kind.ACCEPTED, QueryStep.AcceptedReason(reason), now)


@transaction.atomic
def ask_again(*, by: User, query: QualityQuery, now: datetime) -> QualityQuery:
    """Ask anew after an answer, or after it was accepted, with a new due date. Raise QueryElsewhere."""
    require(by, Permission.SETTLE_QUERIES)
    due_on = timezone.localdate(now) + timedelta(days=RULES[RuleCode(query.rule)].days_to_answer)
    return _moved(by, query, State.OPEN, Kind.RETURNED, "", now, due_on=due_on)


def _moved(
    by: User, query: QualityQuery, following: State, kind: Kind, reason: str, now: datetime, **also: object
) -> QualityQuery:
    locked = QualityQuery.objects.select_for_update().get(pk=query.pk)
    # Put right is what the nightly run alone takes back: it has looked.
    if locked.state == State.CLOSED or not may_become(locked.state, following):
        raise QueryElsewhere
    for name, value in {"state": following, "state_changed_at": now, **also}.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", "state_changed_at", *also])
    QueryStep.objects.create(query=locked, kind=kind, reason=reason, by=by, at=now)
    details = {"rule": locked.rule, "reason": str(reason)}
    record(actor=by, action=f"quality.{kind}", object_type="quality_query", object_id=locked.pk, details=details)
    return locked
