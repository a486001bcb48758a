"""How the planner stands, for the pages that show it: asked of the database only by those."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from monitoring.queries.lateness import planner_now


def planner(_request: HttpRequest) -> dict[str, Any]:
    """Add `planner` (monitoring.planner.PlannerState)."""
    return {"planner": SimpleLazyObject(lambda: planner_now(timezone.now()))}
