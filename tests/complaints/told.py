"""A complaint as somebody tells it."""

from accounts.models import User
from accounts.roles import Role
from complaints.models import Complaint, Desk
from complaints.services import Told, write_complaint
from tests.factories import NOW, TODAY, UserFactory

WORDS = "La señora dice que la llamaron de noche"


def told(**fields: object) -> Told:
    return Told(
        **{
            "source": Complaint.Source.HERSELF,
            "about": Complaint.About.REACHED,
            "severity": Complaint.Severity.ORDINARY,
            "desk": Desk.COORDINATION,
            "told_on": TODAY,
            "text": WORDS,
            **fields,
        }
    )


def written(by: User | None = None, **fields: object) -> Complaint:
    return write_complaint(by=by or UserFactory(role=Role.INTERVIEWER), told=told(**fields), now=NOW)
