"""What pages and the board read of complaints."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Q, QuerySet, When

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from complaints.models import Complaint, ComplaintQuerySet, ComplaintStep
from complaints.states import WAITING, State
from participants.models import Participant

LISTED_FIRST = Case(When(state__in=WAITING, then=0), When(state=State.ANSWERED, then=1), default=2)


@dataclass(frozen=True, slots=True)
class ComplaintCounts:
    """All complaints in counts: written in a span and ever, and how they stand."""

    written: int
    written_all: int
    serious: int
    serious_all: int
    waiting: int
    overdue: int


def complaints_listed(user: User) -> ComplaintQuerySet:
    """Return the complaints that a person may know of, those without an answer first, the longest due above."""
    found = Complaint.objects.visible_to(user).select_related("participant", "handler", "written_by")
    return found.defer("sealed_text").order_by(LISTED_FIRST, "due_on", "pk")


def steps_of(complaint: Complaint) -> QuerySet[ComplaintStep]:
    """Return what was done about a complaint, as it came about."""
    return complaint.steps.select_related("by").order_by("pk")


def participant_named(user: User, study_code: str) -> Participant | None:
    """Return the woman of a code whom a person may name: police and interviewers those in their care, others all."""
    women = Participant.objects.all()
    if user.role in POLICE_ROLES | {Role.INTERVIEWER}:
        women = women.visible_to(user)
    return women.filter(study_code=study_code.strip().upper()).first()


def complaint_counts(first: datetime, end: datetime, *, today: date) -> ComplaintCounts:
    """Count the complaints written from a moment to another and ever, in one query."""
    in_span, serious = Q(written_at__gte=first, written_at__lt=end), Q(severity=Complaint.Severity.SERIOUS)
    waiting = Q(state__in=WAITING)
    found = Complaint.objects.aggregate(
        written=Count("pk", filter=in_span),
        written_all=Count("pk"),
        serious=Count("pk", filter=in_span & serious),
        serious_all=Count("pk", filter=serious),
        waiting=Count("pk", filter=waiting),
        overdue=Count("pk", filter=waiting & Q(due_on__lt=today)),
    )
    return ComplaintCounts(**found)
