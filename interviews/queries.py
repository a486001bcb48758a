"""Who may be asked for an interview."""

from datetime import date

from django.db.models import F

from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import consent_to
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
        .filter(consent_to(Feature.INTERVIEW, today), interviews=None, station__in=by_station)
        .order_by("pk")
        .values_list("pk", F("station"))
    )
    for participant_id, station_id in women:
        found[by_station[station_id]].append(participant_id)
    return found
