"""Women who went over, or are to go over, to the care of another station."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from participants.models import Participant, ParticipantQuerySet, Transfer, TransferQuerySet
from participants.models.transfers import LEAVER_KNOWS_FOR
from participants.queries.people import is_within_reach, serving_station
from participants.status import ENDED
from protocol.queries import current_protocol
from stations.models import AllocatedStation, Posting
from stations.queries import study_codes, study_stations


def station_codes() -> dict[int, str]:
    """Return the study codes of the drawn stations by id."""
    return study_codes()


def receiving_stations(participant: Participant) -> list[AllocatedStation]:
    """Return the stations of the study that could care for a woman instead of her own, by study number."""
    return list(study_stations().filter(loss=None).exclude(station=participant.station_id))


def transfers_listed(user: User) -> TransferQuerySet:
    """Return what leaves or reaches a supervisor's station, or awaits an answer anywhere: the open ones first."""
    return (
        Transfer.objects.visible_to(user)
        .filter(Q(state=Transfer.State.PROPOSED) | Q(decided_at__isnull=False))
        .select_related("participant", "from_station", "to_station", "proposed_by", "decided_by")
        .order_by("decided_at", "-proposed_at", "-pk")
    )


def transfers_of(participant: Participant) -> TransferQuerySet:
    """Return a woman's accepted transfers, the latest first."""
    return participant.transfers.accepted().select_related("decided_by").order_by("-decided_at", "-pk")


def crossings_of_women() -> TransferQuerySet:
    """Return every transfer that took place, the latest first: for readers of the arm."""
    return Transfer.objects.accepted().select_related("participant").order_by("-decided_at", "-pk")


def transfers_to_decide(user: User) -> TransferQuerySet:
    """Return the transfers to a supervisor's own station that await its answer, the newest first."""
    own = Posting.objects.serving().filter(officer__user=user).values("station")
    return Transfer.objects.visible_to(user).open().filter(to_station__in=own).order_by("-proposed_at", "-pk")


def women_at_lost_stations() -> ParticipantQuerySet:
    """Return the women whose station left the study and who still take part, by code."""
    lost = study_stations().filter(loss__isnull=False).values("station")
    return (
        Participant.objects.filter(station__in=lost)
        .exclude(status__in=ENDED)
        .select_related("station")
        .order_by("study_code")
    )


def arm_labels(*, language: str) -> dict[int, str]:
    """Return the label of each drawn station's arm by its id: for readers of the arm alone."""
    labels = {arm.code: arm.label.in_language(language) for arm in current_protocol().arms}
    return {drawn.station_id: labels.get(drawn.arm, drawn.arm) for drawn in study_stations()}


def went_over_since(participant: Participant, since: datetime) -> bool:
    """Say whether another station took her into its care since a moment."""
    return participant.transfers.accepted().filter(decided_at__gte=since).exists()


def may_report_on(user: User, participant: Participant, now: datetime) -> bool:
    """Say whether a person may bring in what was met at a woman's home.

    Who cares for her now, and the police of a station that did until some days ago: no record of theirs is dropped.
    """
    if is_within_reach(user, participant, now):
        return True
    station = serving_station(user, timezone.localdate(now))
    if station is None:
        return False
    left = participant.transfers.accepted().filter(from_station=station, decided_at__gte=now - LEAVER_KNOWS_FOR)
    return left.exists()
