"""What the pages that watch the trial speak of, for whoever walks through all addresses."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from back_checks.models import BackCheck
from complaints.models import Complaint, Desk
from complaints.services import Told, write_complaint
from data_lock.models import DataLock, LateArrival, LockSignature
from data_lock.services import propose_lock, sign_lock
from data_lock.states import LockKind
from monitoring.services import check_audit
from monitoring.tasks import AUDITOR
from participants.models import Participant
from surveys.models import Submission
from tests.architecture.doubtful import DOUBTFUL_OBJECTS
from tests.factories import PASSWORD, AssessmentFactory, UserFactory


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


def data_locks() -> list[object]:
    """Return a lock of all logs until yesterday, proposed, and one that two people signed, with a late log."""
    if not DataLock.objects.filter(kind=LockKind.SHEETS).exists():
        people = list(User.objects.filter(role=Role.ADMINISTRATOR).order_by("pk")) + [
            UserFactory(role=Role.ADMINISTRATOR) for _missing in range(2)
        ]
        now, yesterday = timezone.now(), timezone.localdate() - timedelta(days=1)
        for kind in (LockKind.VISITS, LockKind.SHEETS):
            propose_lock(by=people[0], kind=kind, wave="", until=yesterday, reason="Over", now=now)
        for who in people[:2]:
            who.set_password(PASSWORD)
            who.save()
            lock = DataLock.objects.get(kind=LockKind.SHEETS)
            sign_lock(by=who, lock=lock, password=PASSWORD, meaning=LockSignature.Meaning.REVIEWED, now=now)
        AssessmentFactory(assessed_at=now - timedelta(days=3), participant=Participant.objects.in_follow_up()[0])
    return list(DataLock.objects.order_by("pk").values_list("pk", flat=True))


def back_checks() -> list[object]:
    """Return a survey that each interviewer has to ask again, of a woman whom somebody else follows."""
    now, today = timezone.now(), timezone.localdate()
    for person in User.objects.filter(role=Role.INTERVIEWER).order_by("pk")[:2]:
        if not BackCheck.objects.open().filter(interviewer=person).exists():
            surveys = Submission.objects.filter(case__participant__in=Participant.objects.in_follow_up())
            survey = surveys.exclude(submitted_by=person).filter(case__participant__back_check=None).earliest("pk")
            BackCheck.objects.create(
                participant_id=survey.case.participant_id, submission=survey, first=survey.submitted_by,
                interviewer=person, chosen_at=now, window_from=today, window_until=today, status_changed_at=now,
            )  # fmt: skip
    return list(BackCheck.objects.order_by("pk").values_list("pk", flat=True))


WATCHING_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "lock_id": data_locks,
    "arrival_id": lambda: list(LateArrival.objects.filter(lock__in=data_locks()).values_list("pk", flat=True)),
    "checkpoint_id": lambda: [check_audit(by=AUDITOR, now=timezone.now()).pk],
    **DOUBTFUL_OBJECTS,
    "complaint_id": complaints,
    "back_check_id": back_checks,
    "stage": lambda: ["reports", "wave_1"],
    "line": lambda: ["enrolled", "done"],
    "group": lambda: ["1", "2"],
}
