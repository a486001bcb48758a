"""The plan of the analysis in the demonstration: the one that comes with the program, locked by two people."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from panel.models import PlanVersion
from panel.services import Terms, ask_release, lock_plan, propose_plan, store_plan

SHIPPED_PLAN = Path(settings.BASE_DIR) / "panel" / "plans" / "peru_home_visits.toml"
_LOCKED_DAYS_AGO = 2


@transaction.atomic
def lock_shipped_plan(*, now: datetime) -> bool:
    """Let the statistician bring and propose the plan and the administrator lock it, where there is none yet."""
    if PlanVersion.objects.exists():
        return False
    at = now - timedelta(days=_LOCKED_DAYS_AGO)
    statistician, administrator = (User.objects.get(username=name) for name in ("estadistica", "administradora"))
    source, name = SHIPPED_PLAN.read_bytes(), SHIPPED_PLAN.name
    brought = store_plan(by=statistician, source=source, name=name, reason="", now=at)
    proposed = propose_plan(by=statistician, plan=brought, now=at + timedelta(hours=1))
    lock_plan(by=administrator, plan=proposed, now=at + timedelta(hours=5))
    return True


def ask_panel(*, now: datetime) -> None:
    """Let the researcher ask for the panel that a report is made of; a worker builds it once it runs."""
    terms = Terms(datasets=("panel_wave",), forms=("csv", "dta"))
    researcher = User.objects.get(username="investigadora")
    ask_release(by=researcher, terms=terms, purpose="Informe de estimaciones de la demostración", now=now)
