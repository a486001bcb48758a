"""An incident with data, and requests, for the tests that look at every page."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from data_protection.models import Category, DataIncident, DataRequest, IncidentWoman
from data_protection.queries import women_of
from data_protection.services import IncidentFacts, add_women, open_incident, take_request
from participants.models import Participant


def incident_of(women: Iterable[Participant]) -> list[IncidentWoman]:
    """Return the entries of an incident that concerns these women."""
    by, now = User.objects.filter(role=Role.ADMINISTRATOR).earliest("pk"), timezone.now()
    facts = IncidentFacts(DataIncident.Kind.PAPER_LOST, DataIncident.Severity.HIGH, [Category.VISITS], now)
    incident = open_incident(by=by, facts=facts, now=now)
    codes = [woman.study_code for woman in women]
    add_women(by=by, incident=incident, study_codes=codes, how=IncidentWoman.How.PAPER, now=now)
    return list(women_of(incident))


def requests_of(women: Iterable[Participant]) -> list[object]:
    """Return the ids of two requests of each of these women: to know what is held about her, and to correct it."""
    by, now = User.objects.filter(role=Role.ADMINISTRATOR).earliest("pk"), timezone.now()
    channel, day = DataRequest.Channel.IN_PERSON, timezone.localdate(now)
    return [
        take_request(by=by, kind=kind, channel=channel, received_on=day, participant=woman, now=now).pk
        for woman in women
        for kind in (DataRequest.Kind.ACCESS, DataRequest.Kind.RECTIFICATION)
    ]
