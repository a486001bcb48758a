"""Who may be asked for an interview."""

from datetime import date

from django.db.models import F, QuerySet

from interviews.models import Interview
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import consent_to, has_consent
from participants.status import ENDED
from stations.models import AllocatedStation, Allocation


def candidates_by_arm(today: date) -> dict[str, list[int]]:
    """Return by arm the ids of women in follow-up who consent to an interview today and were not chosen before.

    Every arm of the locked allocation is there, if need be empty. For the choice alone: it is shown to nobody.
    """
    locked = AllocatedStation.objects.filter(allocation__status=Allocation.Status.LOCKED)
    found: dict[str, list[int]] = {arm: [] for arm in locked.order_by("arm").values_list("arm", flat=True)}
    by_station = dict(locked.values_list("station", "arm"))
    women = (
        Participant.objects.in_follow_up()
        .filter(consent_to(Feature.INTERVIEW, today), interviews=None, enrolled_station__in=by_station)
        .order_by("pk")
        .values_list("pk", F("enrolled_station"))
    )
    for participant_id, station_id in women:
        found[by_station[station_id]].append(participant_id)
    return found


def interviews_without_consent(participant: Participant, today: date) -> QuerySet[Interview]:
    """Return the interviews still to be held of a woman who has left or does not consent to one today."""
    waiting = Interview.objects.filter(
        participant=participant, status__in=(Interview.Status.SELECTED, Interview.Status.AGREED)
    )
    goes_on = participant.status not in ENDED and has_consent(participant, Feature.INTERVIEW, today)
    return waiting.none() if goes_on else waiting
