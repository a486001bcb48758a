"""Two women who rest at each station, and some who go over to the next one."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from participants.models import Participant, ParticipantQuerySet, Transfer
from participants.services import Agreement, accept_transfer, change_status, propose_transfer
from simulation.loading import Loading
from stations.models import Station

_JOINED_DAYS_AGO = 30
_PAUSED_DAYS_AGO = 1
# The reason, and in how many days from now she means to be back.
_PAUSES = (("safety", 0), ("travel", 9))


# Of so many stations one woman is to go over to the next; of twice as many, she has.
_PROPOSED_EVERY, _ACCEPTED_EVERY = 2, 4


def load_pauses(load: Loading) -> int:
    """Let two women of each station rest, whatever its arm; return how many rest."""
    rested = 0
    for station, supervisor in zip(load.stations, load.team.supervisors, strict=True):
        by = User.objects.get(pk=supervisor)
        for woman, (reason, days) in zip(_followed(load, station)[: len(_PAUSES)], _PAUSES, strict=False):
            change_status(
                by=by,
                participant=woman,
                to=Participant.Status.PAUSED,
                reason=reason,
                return_on=timezone.localdate(load.now) + timedelta(days=days),
                now=load.now - timedelta(days=_PAUSED_DAYS_AGO),
            )
            rested += 1
    return rested


def load_transfers(load: Loading) -> int:
    """Let the supervisors of some stations hand a woman over to the next station; return how many did."""
    police = list(zip(load.stations, map(_user, load.team.supervisors), strict=True))
    handed = 0
    for place in range(0, len(police), _PROPOSED_EVERY):
        (station, supervisor), (to, receiver) = police[place], police[(place + 1) % len(police)]
        woman = _followed(load, station).first()
        if woman is None or to == station:
            continue
        transfer = propose_transfer(
            by=supervisor,
            participant=woman,
            to_station=Station.objects.get(pk=to),
            reason=Transfer.Reason.NEW_HOME,
            agreement=Agreement(asked_by=supervisor, agreed_on=timezone.localdate(load.now - timedelta(hours=2))),
            now=load.now - timedelta(hours=2),
        )
        if place % _ACCEPTED_EVERY == 0:
            accept_transfer(by=receiver, transfer=transfer, now=load.now)
        handed += 1
    return handed


def _followed(load: Loading, station: int) -> ParticipantQuerySet:
    """Return the women of a station who were followed long enough, the last enrolled first."""
    joined_by = timezone.localdate(load.now) - timedelta(days=_JOINED_DAYS_AGO)
    return Participant.objects.in_follow_up().filter(station=station, enrolled_on__lte=joined_by).order_by("-pk")


def _user(user_id: int) -> User:
    return User.objects.get(pk=user_id)
