"""Where the synthetic interviewers live: never in the district of a woman whom they ask."""

from accounts.models import User
from participants.models import Participant
from protocol.queries import current_protocol
from simulation.loading import Loading
from stations.models import District
from surveys.models import InterviewerProfile

_AWAY_FROM_EACH_OTHER = 5


def load_interviewers(load: Loading) -> None:
    """Write down the district of each interviewer and what she takes on in a week."""
    districts = list(District.objects.order_by("ubigeo").values_list("ubigeo", flat=True))
    asked: dict[int, set[str]] = {user: set() for user in load.team.interviewers}
    for user, district in Participant.objects.values_list("interviewer", "station__district").distinct():
        asked.setdefault(user, set()).add(district)
    administrator = User.objects.get(username="administradora")
    InterviewerProfile.objects.bulk_create(
        InterviewerProfile(
            user_id=user,
            district_id=_home(districts, number, asked[user]),
            surveys_a_week=current_protocol().instruments.surveys_a_week,
            changed_at=load.now,
            changed_by=administrator,
        )
        for number, user in enumerate(load.team.interviewers)
    )


def _home(districts: list[str], number: int, not_in: set[str]) -> str:
    """Return a district, another for each person, that is none of those."""
    first = number * _AWAY_FROM_EACH_OTHER % len(districts)
    return next(district for district in (*districts[first:], *districts[:first]) if district not in not_in)
