"""A lost phone and two requests for the demonstration, by the services that a study uses."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from data_protection.models import DataRequest
from data_protection.services import report_lost_phone, take_request
from participants.models import Participant
from simulation.loading import Loading

_LOST_HOURS_AGO, _ASKED_DAYS_AGO = 5, 6


def load_desk(load: Loading) -> int:
    """Report the phone of a station's second officer lost, and take two requests in; return how many entries."""
    administrator = User.objects.get(username="administradora")
    officer = User.objects.get(pk=load.team.officers[-1][1])
    report_lost_phone(by=administrator, user=officer, now=load.now - timedelta(hours=_LOST_HOURS_AGO))
    asked_at = load.now - timedelta(days=_ASKED_DAYS_AGO)
    women = Participant.objects.in_follow_up().filter(station=load.stations[0]).order_by("pk")
    kinds = (DataRequest.Kind.ACCESS, DataRequest.Kind.RECTIFICATION)
    for woman, kind in zip(women, kinds, strict=False):
        take_request(
            by=administrator,
            kind=kind,
            channel=DataRequest.Channel.IN_PERSON,
            received_on=timezone.localdate(asked_at),
            participant=woman,
            now=asked_at,
        )
    return 1 + len(kinds)
