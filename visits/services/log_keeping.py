"""One log kept in few queries: the commonest act of the study is asked and written ready-made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from psycopg2 import Binary

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery
from audit.ready_statements import ReadyStatement
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import had_agreed
from stations.models import Posting
from visits.models import Visit, VisitLog

_AT, _DAY_THEN, _TODAY = (
    Asked("at", models.DateTimeField()),
    Asked("day_then", models.DateField()),
    Asked("today", models.DateField()),
)
_HOLD_WOMAN = ReadyQuery(
    lambda: (
        Participant.objects.select_for_update(no_key=True)
        .filter(pk=Asked("woman", models.BigIntegerField()))
        .only("pk")
    )
)
_HOLD_VISIT = ReadyQuery(
    lambda: (
        Visit.objects.select_for_update(of=("self",))
        .filter(pk=Asked("visit", models.UUIDField()))
        .order_by()
        .select_related("participant__vault_key")
        .annotate(
            serving_station=Posting.objects.station_of(Asked("user", models.BigIntegerField()), _TODAY),
            had_agreed=had_agreed(Feature.LOG_VISIT, _AT, _DAY_THEN, woman="participant"),
            log_is_known=models.Exists(VisitLog.objects.filter(pk=Asked("log", models.UUIDField()))),
        )
    ),
    after=_HOLD_WOMAN,
)
_COLUMNS = VisitLog._meta.concrete_fields  # noqa: SLF001 - what a row of it holds
_KEEP = ReadyStatement(
    f"""
    WITH closed AS (UPDATE visits_visit SET status = $1, status_changed_at = $2 WHERE id = $3)
    INSERT INTO visits_visitlog ({", ".join(str(field.column) for field in _COLUMNS)})
    VALUES ({", ".join(f"${number}" for number in range(4, 4 + len(_COLUMNS)))})
    """  # noqa: S608 - the names of its own columns
)


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A visit under its lock, and what a log of it is judged by.

    `is_hers`: the woman is under the care of the station where the officer serves. `had_agreed`: she agreed to visits
    when it took place. `log_is_known`: a log of this identifier is kept already, of this visit or another.
    """

    visit: Visit
    is_hers: bool
    had_agreed: bool
    log_is_known: bool


def hold_for_log(visit: Visit, *, officer: User, log_id: UUID, occurred_at: datetime, now: datetime) -> HeldVisit:
    """Return the visit under a lock, so that a second log waits for the first.

    The woman's row comes first, as for whoever plans or assesses: nobody waits for each other for ever.
    """
    held = _HOLD_VISIT.first(
        woman=visit.participant_id,
        visit=visit.pk,
        user=officer.pk,
        log=log_id,
        at=occurred_at,
        day_then=timezone.localdate(occurred_at),
        today=timezone.localdate(now),
    )
    if held is None:
        raise Visit.DoesNotExist
    found = vars(held)
    return HeldVisit(
        held, found["serving_station"] == held.participant.station_id, found["had_agreed"], found["log_is_known"]
    )


def keep_log(log: VisitLog, visit: Visit, *, state: str, now: datetime) -> None:
    """Write a new log, and the state that its visit has by it, in one statement."""
    visit.status, visit.status_changed_at = state, now
    values = [_as_sent(getattr(log, field.attname)) for field in _COLUMNS]
    with connection.cursor() as cursor:
        _KEEP.plan(cursor)
        cursor.execute(_KEEP.execution, [state, now, visit.pk, *values])
    log._state.adding = False  # noqa: SLF001 - it is kept now, as after `save`


def _as_sent(value: Any) -> Any:
    """Return a column's value as the driver takes it: all of a log's kinds but bytes are so already."""
    return Binary(value) if isinstance(value, bytes) else value
