"""What the pages that watch the trial speak of, for whoever walks through all addresses."""

from collections.abc import Callable

from django.utils import timezone

from monitoring.services import check_audit
from monitoring.tasks import AUDITOR
from tests.architecture.doubtful import DOUBTFUL_OBJECTS

WATCHING_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "checkpoint_id": lambda: [check_audit(by=AUDITOR, now=timezone.now()).pk],
    **DOUBTFUL_OBJECTS,
    "stage": lambda: ["wave_1"],
    "line": lambda: ["done"],
    "group": lambda: ["1", "2"],
}
