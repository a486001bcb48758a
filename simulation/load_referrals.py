"""A few synthetic referrals at each station, in every state, by the services that a study uses."""

from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from participants.models import Participant
from referrals.models import Referral, SupportService
from referrals.services import Agreement, StepWords, answer_offer, offer_referral, record_outcome, record_sent
from simulation.loading import Loading
from stations.models import Posting

# What became of each in turn; the same turn at every station, whatever its arm.
_COURSES: tuple[tuple[Referral.Status, ...], ...] = (
    (
        Referral.Status.ACCEPTED,
        Referral.Status.SENT,
        Referral.Status.NO_ANSWER,
    ),
    (
        Referral.Status.ACCEPTED,
        Referral.Status.SENT,
        Referral.Status.TAKEN_UP,
    ),
    (),
    (Referral.Status.DECLINED,),
    (
        Referral.Status.ACCEPTED,
        Referral.Status.SENT,
        Referral.Status.NOT_TAKEN_UP,
    ),
    (Referral.Status.ACCEPTED,),
    (
        Referral.Status.ACCEPTED,
        Referral.Status.SENT,
    ),
)
_POLICE_AT_A_STATION = 2
_BEGAN_DAYS_AGO, _DAYS_BETWEEN = 12, 2
_JOINED_DAYS_AGO = 30


def load_referrals(load: Loading) -> int:
    """Offer services to two women of each station by its police and to one by her interviewer; return how many."""
    services, courses = cycle(SupportService.objects.order_by("code")), cycle(_COURSES)
    joined_by = timezone.localdate(load.now) - timedelta(days=_JOINED_DAYS_AGO)
    made = 0
    for station in load.stations:
        officer = _officer_throughout(load, station)
        followed = Participant.objects.in_follow_up().filter(station=station, enrolled_on__lte=joined_by)
        women = list(followed.select_related("interviewer").order_by("pk")[: _POLICE_AT_A_STATION + 1])
        for place, woman in enumerate(women):
            by = officer if place < _POLICE_AT_A_STATION else woman.interviewer
            if by is not None:
                _follow(load, by, woman, next(services), next(courses))
                made += 1
    return made


def _officer_throughout(load: Loading, station: int) -> User | None:
    """Return an officer who served there when the referrals began and serves there now."""
    first, today = (timezone.localdate(at) for at in (load.now - timedelta(days=_BEGAN_DAYS_AGO), load.now))
    officers = User.objects.filter(role=Role.OFFICER)
    for day in (first, today):
        served = Posting.objects.serving(day).filter(station=station)
        officers = officers.filter(pk__in=served.values("officer__user"))
    return officers.order_by("pk").first()


def _follow(
    load: Loading, by: User, woman: Participant, service: SupportService, course: tuple[Referral.Status, ...]
) -> None:
    at = load.now - timedelta(days=_BEGAN_DAYS_AGO)
    words = StepWords(timezone.localdate(at))
    referral = offer_referral(by=by, participant=woman, service=service, words=words, now=at)
    for status in course:
        at += timedelta(days=_DAYS_BETWEEN)
        words = StepWords(timezone.localdate(at))
        if status in {Referral.Status.ACCEPTED, Referral.Status.DECLINED}:
            agreed = (
                Agreement(Referral.Sharing.TELEPHONE, Referral.Agreed.SPOKEN)
                if status == Referral.Status.ACCEPTED
                else None
            )
            answer_offer(by=by, referral=referral, agreement=agreed, words=words, now=at)
        elif status == Referral.Status.SENT:
            record_sent(by=by, referral=referral, way=Referral.Way.CALLED, words=words, now=at)
        else:
            record_outcome(by=by, referral=referral, outcome=status, words=words, now=at)
