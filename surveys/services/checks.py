"""Queries about data: explained by whoever took the survey, and settled."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from surveys.lifecycle import query_may_become
from surveys.models import DataQuery

Status = DataQuery.Status


class QuerySettled(StudyError):
    """The query was settled meanwhile."""

    code = "query_settled"
    message = _("This query is closed already.")
    http_status = 409


@transaction.atomic
def explain_query(*, by: User, query: DataQuery, explanation: str, now: datetime) -> DataQuery:
    """Say what is behind an answer that breaks a rule; the answer itself stays. Raise QuerySettled."""
    require(by, Permission.COLLECT_SURVEYS)
    locked = _locked(query, Status.ANSWERED)
    locked.explanation = DataQuery.Explanation(explanation)
    locked.answered_at, locked.answered_by = now, by
    return _saved(by, locked, Status.ANSWERED, "surveys.explain_query")


@transaction.atomic
def close_query(*, by: User, query: DataQuery, now: datetime) -> DataQuery:
    """Settle a query. Raise QuerySettled."""
    require(by, Permission.SETTLE_QUERIES)
    locked = _locked(query, Status.CLOSED)
    locked.closed_at, locked.closed_by = now, by
    return _saved(by, locked, Status.CLOSED, "surveys.close_query")


def _locked(query: DataQuery, following: str) -> DataQuery:
    locked = DataQuery.objects.select_for_update().get(pk=query.pk)
    if locked.status != following and not query_may_become(locked.status, following):
        raise QuerySettled
    return locked


def _saved(by: User, query: DataQuery, status: Status, action: str) -> DataQuery:
    query.status = status
    query.save()
    record(
        actor=by,
        action=action,
        object_type="data_query",
        object_id=query.pk,
        details={"breach": query.breach, "explanation": query.explanation},
    )
    return query
