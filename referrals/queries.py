"""What pages and services read of the directory and of referrals. Nothing here knows an arm."""

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from referrals.models import Referral, ReferralStep, SupportService
from referrals.states import OPEN
from stations.models import District, Station

OWN, COUNTRY, ELSEWHERE = 0, 1, 2
_KINDS = [When(kind=kind, then=Value(place)) for place, kind in enumerate(SupportService.Kind.values)]


def services_in_force(district_id: str | None) -> QuerySet[SupportService]:
    """Return the directory as it stands: that district's services first, then the whole country's, then the others'.

    Each has `place`: OWN, COUNTRY or ELSEWHERE. With no district, the country's come first.
    """
    place = Case(
        *([When(district=district_id, then=Value(OWN))] if district_id else []),
        When(district=None, then=Value(COUNTRY)),
        default=Value(ELSEWHERE),
    )
    return (
        SupportService.objects.filter(retired_at=None)
        .select_related("district")
        .annotate(place=place, kind_place=Case(*_KINDS))
        .order_by("place", "district__name", "kind_place", Lower("name_es"), "pk")
    )


def services_listed() -> QuerySet[SupportService]:
    """Return every version of every service: those in force first, then what was retired, the latest first."""
    in_force = Case(When(retired_at=None, then=Value(0)), default=Value(1))
    return (
        SupportService.objects.select_related("district", "written_by")
        .annotate(in_force=in_force)
        .order_by("in_force", "-retired_at", Lower("name_es"), "pk")
    )


def district_of_station(station: Station | None) -> str | None:
    """Return the ubigeo of a station's district, None for no station."""
    return station.district_id if station is not None else None


def districts_listed() -> QuerySet[District]:
    """Return the districts that a service can belong to, by name."""
    return District.objects.order_by("name", "ubigeo")


def referrals_of(user: User, participant: Participant) -> QuerySet[Referral]:
    """Return a woman's referrals that a person may see, the latest first."""
    return (
        Referral.objects.visible_to(user)
        .filter(participant=participant)
        .select_related("service", "offered_by")
        .order_by("-offered_at", "-pk")
    )


def referrals_in_reach(user: User) -> QuerySet[Referral]:
    """Return the referrals that a person may open."""
    return Referral.objects.visible_to(user).select_related(
        "participant__vault_key", "participant__station", "service", "offered_by"
    )


def referrals_to_follow(user: User) -> QuerySet[Referral]:
    """Return what a person still has to ask about, the first due first.

    An officer follows what she offered; a supervisor whatever her station offered, by whomever; an interviewer what
    was offered to the women who are hers now.
    """
    followed = Referral.objects.visible_to(user).followed()
    if user.role == Role.OFFICER:
        followed = followed.filter(offered_by=user)
    return followed.select_related(
        "participant__sealed_card", "participant__vault_key", "service", "offered_by"
    ).order_by("due_on", "pk")


def referral_counts() -> dict[str, int]:
    """Return how many referrals of the whole study stand how: followed, declined, attended, not, ended unanswered."""
    status = Referral.Status
    groups = {
        "followed": OPEN,
        "declined": {status.DECLINED},
        "attended": {status.TAKEN_UP},
        "not_attended": {status.NOT_TAKEN_UP},
        "unanswered": {status.CLOSED, status.STOPPED},
    }
    return Referral.objects.aggregate(**{name: Count("pk", filter=Q(status__in=of)) for name, of in groups.items()})


def steps_of(referral: Referral) -> QuerySet[ReferralStep]:
    """Return the steps of a referral in the order in which they were written."""
    return ReferralStep.objects.filter(referral=referral).select_related("recorded_by").order_by("pk")
