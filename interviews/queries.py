"""Who may be asked for an interview."""

from django.db.models import Exists, F, OuterRef

from participants.models import Consent, Participant
from stations.models import AllocatedStation, Allocation


def candidates_by_arm() -> dict[str, list[int]]:
    """Return by arm the ids of women in follow-up who consent to an interview and were not chosen before.

    Every arm of the locked allocation is there, if need be empty. For the choice alone: it is shown to nobody.
    """
    locked = AllocatedStation.objects.filter(allocation__status=Allocation.Status.LOCKED)
    consent = Consent.objects.filter(participant=OuterRef("pk"), scope=Consent.Scope.INTERVIEW, ended_at=None)
    found: dict[str, list[int]] = {arm: [] for arm in locked.order_by("arm").values_list("arm", flat=True)}
    by_station = dict(locked.values_list("station", "arm"))
    women = (
        Participant.objects.in_follow_up()
        .filter(Exists(consent), interviews=None, station__in=by_station)
        .order_by("pk")
        .values_list("pk", F("station"))
    )
    for participant_id, station_id in women:
        found[by_station[station_id]].append(participant_id)
    return found
