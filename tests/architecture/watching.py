"""What the pages that watch the trial speak of, for whoever walks through all addresses."""

from collections.abc import Callable
from itertools import cycle

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from complaints.models import Complaint, Desk
from complaints.services import Told, write_complaint
from monitoring.services import check_audit
from monitoring.tasks import AUDITOR
from tests.architecture.doubtful import DOUBTFUL_OBJECTS


def complaints() -> list[object]:
    """Return a complaint that one of each role wrote down, the safety officers' desk among those chosen."""
    now = timezone.now()
    for role, desk in zip(Role, cycle(Desk), strict=False):
        told = Told(
            source=Complaint.Source.STAFF,
            about=Complaint.About.OTHER,
            severity=Complaint.Severity.ORDINARY,
            desk=desk,
            told_on=timezone.localdate(now),
            text="Algo que contar",
        )
        for writer in User.objects.filter(role=role).order_by("pk")[:1]:
            write_complaint(by=writer, told=told, now=now)
    return list(Complaint.objects.order_by("pk").values_list("pk", flat=True))


WATCHING_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "checkpoint_id": lambda: [check_audit(by=AUDITOR, now=timezone.now()).pk],
    **DOUBTFUL_OBJECTS,
    "complaint_id": complaints,
    "stage": lambda: ["wave_1"],
    "line": lambda: ["done"],
    "group": lambda: ["1", "2"],
}
