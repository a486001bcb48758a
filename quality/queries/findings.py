"""What each rule finds: one statement over all that is stored, its limits filled in from the rule."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from quality.queries import of_surveys, of_visits
from quality.rules import Rule, RuleCode


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: what it is about, by keys, with its numbers."""

    key: str
    participant_id: int | None
    station_id: int | None
    person_id: int | None
    about: str
    happened_at: datetime
    facts: Mapping[str, Any]


STATEMENTS: Mapping[RuleCode, str] = {**of_visits.STATEMENTS, **of_surveys.STATEMENTS}


def found_by(rule: Rule, *, now: datetime) -> list[Found]:
    """Return what a rule finds in all that is stored, by key. Rates of people are of months that are over."""
    month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    values: dict[str, float | str | datetime] = {**rule.limits, "zone": settings.TIME_ZONE, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, participant_id, station_id, person_id, about, happened_at, facts::text "  # noqa: S608
            f"FROM ({STATEMENTS[rule.code]}) found ORDER BY key",
            values,
        )
        columns = [column.name for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [Found(**{**row, "facts": json.loads(row["facts"])}) for row in rows]
