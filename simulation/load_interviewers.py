"""What the synthetic interviewers take on, and where they live."""

from accounts.models import User
from protocol.queries import current_protocol
from simulation.homes import interviewer_homes
from simulation.loading import Loading
from surveys.models import InterviewerProfile


def load_interviewers(load: Loading) -> None:
    """Write down the district of each interviewer and what she takes on in a week."""
    administrator = User.objects.get(username="administradora")
    InterviewerProfile.objects.bulk_create(
        InterviewerProfile(
            user_id=user,
            district_id=home,
            surveys_a_week=current_protocol().instruments.surveys_a_week,
            changed_at=load.now,
            changed_by=administrator,
        )
        for user, home in zip(load.team.interviewers, interviewer_homes(load), strict=True)
    )
