"""Women, who cares for them, and whether one is known already."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from participants import sealing
from participants.lookups import Digests
from participants.models import LookupHash, Participant, ParticipantQuerySet
from participants.vault import Lookup
from stations.models import AllocatedStation, Allocation, Posting, Station


def participants_listed(user: User) -> ParticipantQuerySet:
    """Return the women that a person may list, by study code, with all that the list shows."""
    return (
        Participant.objects.visible_to(user)
        .select_related("safe_contact", "sealed_card", "vault_key")
        .order_by("study_code")
    )


def participants_to_withdraw(user: User) -> ParticipantQuerySet:
    """Return the women whose end of a part, or of everything, a person may record: her own, or an administrator all."""
    return Participant.objects.order_by("study_code") if user.role == Role.ADMINISTRATOR else participants_listed(user)


def masked_names(participants: Iterable[Participant]) -> dict[int, str]:
    """Return initials by id ("R. Q."): "" where the identity was erased, "?" where the seal does not open.

    Loads nothing more when the participants come with `sealed_card` and `vault_key`. A list so masked opens no card.
    """
    return {participant.pk: _masked_name(participant) for participant in participants}


def serving_station(user: User, on: date) -> Station | None:
    """Return the station where a police user serves on a day."""
    if user.role not in POLICE_ROLES:
        return None
    return Station.objects.filter(postings__in=Posting.objects.serving(on).filter(officer__user=user)).first()


def is_study_station(station: Station) -> bool:
    """Say whether a station was drawn into the study and has not left it; its arm is not read."""
    drawn = AllocatedStation.objects.filter(station=station, allocation__status=Allocation.Status.LOCKED)
    return drawn.filter(loss=None).exists()


def is_within_reach(user: User, participant: Participant, now: datetime) -> bool:
    """Say whether she is under the care of a person now: of her station's police, or of her own interviewer."""
    if user.role == Role.INTERVIEWER:
        return participant.interviewer_id == user.pk
    station = serving_station(user, timezone.localdate(now))
    return station is not None and station.pk == participant.station_id


def is_enrolled_already(digests: Digests) -> bool:
    """Say whether a woman with this document, or with both this name and this telephone, is in the study."""
    if hashed_alike(Lookup.DOCUMENT, digests).exists():
        return True
    same_name = hashed_alike(Lookup.NAME, digests)
    return hashed_alike(Lookup.TELEPHONE, digests).filter(participant__in=same_name.values("participant")).exists()


def hashed_alike(kind: Lookup, digests: Digests) -> QuerySet[LookupHash]:
    """Return the stored hashes of that kind that are alike under any master key; none for what was left blank."""
    return LookupHash.objects.filter(kind=kind, digest__in=list(digests.get(kind, {}).values()))


def _masked_name(participant: Participant) -> str:
    try:
        return sealing.open_card(participant).initials
    except sealing.IdentityErased:
        return ""
    except sealing.SealedDataUnreadable:
        return "?"
