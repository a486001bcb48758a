"""A plan for the tests that look at every page: a draft, made once."""

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from panel.models import PlanVersion
from panel.services import store_plan
from tests.panel.test_analysis_plan import FILE


def plans() -> list[object]:
    """Return a plan that waits for nobody yet."""
    if not PlanVersion.objects.exists():
        writer = User.objects.filter(role=Role.STATISTICIAN).earliest("pk")
        store_plan(by=writer, source=FILE.read_bytes(), name=FILE.name, reason="", now=timezone.now())
    return list(PlanVersion.objects.order_by("pk").values_list("pk", flat=True))


PLAN_OBJECTS = {"plan_id": plans}
