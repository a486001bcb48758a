"""Two women who rest at each station, paused by its supervisor: one until today for her safety, one who travels."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from participants.models import Participant
from participants.services import change_status
from simulation.loading import Loading

_JOINED_DAYS_AGO = 30
_PAUSED_DAYS_AGO = 1
# The reason, and in how many days from now she means to be back.
_PAUSES = (("safety", 0), ("travel", 9))


def load_pauses(load: Loading) -> int:
    """Let two women of each station rest, whatever its arm; return how many rest."""
    today = timezone.localdate(load.now)
    rested = 0
    for station, supervisor in zip(load.stations, load.team.supervisors, strict=True):
        followed = Participant.objects.in_follow_up().filter(
            station=station, enrolled_on__lte=today - timedelta(days=_JOINED_DAYS_AGO)
        )
        by = User.objects.get(pk=supervisor)
        for woman, (reason, days) in zip(followed.order_by("-pk")[: len(_PAUSES)], _PAUSES, strict=False):
            change_status(
                by=by,
                participant=woman,
                to=Participant.Status.PAUSED,
                reason=reason,
                return_on=today + timedelta(days=days),
                now=load.now - timedelta(days=_PAUSED_DAYS_AGO),
            )
            rested += 1
    return rested
