"""Reading what a stored plan says; apart from the other queries, because its libraries take much memory."""

from panel.analysis_plan import AnalysisPlan, parse_plan
from panel.models import PlanVersion
from panel.queries.plans import confirmed_plan


def read_plan(stored: PlanVersion) -> AnalysisPlan:
    """Return what a stored plan says."""
    return parse_plan(bytes(stored.source).decode(), name=stored.name)


def read_confirmed_plan() -> AnalysisPlan | None:
    """Return what the plan says that was locked before unblinding; None where none is."""
    stored = confirmed_plan()
    return None if stored is None else read_plan(stored)
