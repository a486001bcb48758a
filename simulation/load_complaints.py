"""Complaints for the demonstration, by the services that a study uses."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint, ComplaintStep, Desk
from complaints.services import Told, record_complaint_step, take_complaint, write_complaint
from participants.models import Participant
from simulation.loading import Loading

_About, _Severity, _Source = Complaint.About, Complaint.Severity, Complaint.Source
# How many days ago, who complained, of what, how grave, and how far it has come.
_TOLD = (
    (3, _Source.HERSELF, _About.REACHED, _Severity.ORDINARY, "", "Dice que la llamaron a una hora que no había dado."),
    (
        9,
        _Source.NEAR_HER,
        _About.TREATMENT,
        _Severity.ORDINARY,
        "taken",
        "Su hermana pide que la traten con calma.",
    ),
    (
        26,
        _Source.OTHER,
        _About.NOBODY_CAME,
        _Severity.ORDINARY,
        "closed",
        "Nadie contestó toda una tarde.",
    ),
)


def load_complaints(load: Loading) -> int:
    """Write three complaints down, one new, one in hand, one closed; return how many."""
    administrator = User.objects.get(username="administradora")
    woman = Participant.objects.in_follow_up().filter(interviewer__isnull=False).order_by("pk").first()
    for days, source, about, severity, state, text in _TOLD:
        at = load.now - timedelta(days=days)
        is_hers = source == _Source.HERSELF and woman is not None
        told = Told(
            source=source,
            about=about,
            severity=severity,
            desk=Desk.COORDINATION,
            told_on=timezone.localdate(at),
            text=text,
            participant=woman if is_hers else None,
        )
        author = woman.interviewer if woman and woman.interviewer and is_hers else administrator
        complaint = write_complaint(by=author, told=told, now=at)
        if state:
            take_complaint(by=administrator, complaint=complaint, now=at + timedelta(days=1))
        if state == "closed":
            _end(administrator, complaint, at + timedelta(days=5))
    return len(_TOLD)


def _end(administrator: User, complaint: Complaint, now: datetime) -> None:
    thanked, changed = "Se le explicó y se le agradeció.", Complaint.Outcome.CHANGED
    for kind, note, outcome in ((ComplaintStep.Kind.ANSWERED, thanked, ""), (ComplaintStep.Kind.CLOSED, "", changed)):
        record_complaint_step(by=administrator, complaint=complaint, kind=kind, note=note, outcome=outcome, now=now)
