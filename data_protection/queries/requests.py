"""Requests about women's own data: who works on which, what is late, and what must be done before one is answered."""

from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from data_protection.models import DataRequest, RequestHandover, RequestStep
from data_protection.request_states import UNDER_WAY
from interviews.models import Interview
from participants.models import Erasure, Participant, Withdrawal
from stations.queries import station_ids_of
from surveys.models import Submission

Kind, Half = DataRequest.Kind, RequestHandover.Half
COPIED = (Kind.ACCESS, Kind.PORTABILITY)
# Which half of a copy each role makes: police never see answers to surveys, interviewers never visits.
HALF_OF = {Role.SUPERVISOR: Half.STATION, Role.INTERVIEWER: Half.SURVEYS}


def requests_listed(user: User, now: datetime) -> QuerySet[DataRequest]:
    """Return the requests that a person works on, those under way first, the soonest due first.

    An administrator's are all; a supervisor's those of the women of her station and those taken in there; an
    interviewer's those of her women.
    """
    found = DataRequest.objects.select_related("participant", "station", "received_by", "verified_by")
    if not user.has(Permission.TAKE_DATA_REQUESTS):
        return found.none()
    if user.role == Role.INTERVIEWER:
        found = found.filter(participant__interviewer=user)
    elif user.role != Role.ADMINISTRATOR:
        stations = station_ids_of(user, on=timezone.localdate(now))
        found = found.filter(Q(participant__station__in=stations) | Q(participant=None, station__in=stations))
    return found.order_by(F("ended_at").desc(nulls_first=True), "due_on", "pk")


def open_requests() -> QuerySet[DataRequest]:
    """Return the requests that are not answered yet, the soonest due first."""
    return DataRequest.objects.filter(status__in=UNDER_WAY).order_by("due_on", "pk")


def steps_of(request: DataRequest) -> QuerySet[RequestStep]:
    """Return what was done about a request, in time."""
    return RequestStep.objects.filter(request=request).select_related("recorded_by")


def halves_missing(request: DataRequest) -> list[RequestHandover.Half]:
    """Return the halves of her copy that were not handed over yet; the surveys' only where there are answers."""
    if request.participant_id is None or request.kind not in COPIED:
        return []
    wanted = [Half.STATION]
    answered = Submission.objects.filter(case__participant=request.participant_id).exists()
    if answered or Interview.objects.filter(participant=request.participant_id).exists():
        wanted.append(Half.SURVEYS)
    made = set(RequestHandover.objects.filter(request=request).values_list("half", flat=True))
    return [half for half in wanted if half not in made]


def is_carried_out(request: DataRequest) -> bool:
    """Say whether what she asked for was done, as far as the records can tell."""
    woman, since = request.participant_id, request.received_on
    if woman is None:
        return True
    if request.kind == Kind.CANCELLATION:
        return Erasure.objects.filter(participant=woman, done_at__isnull=False).exists()
    if request.kind in {Kind.OPPOSITION, Kind.REVOCATION}:
        return Withdrawal.objects.filter(participant=woman, withdrawn_at__date__gte=since).exists()
    return not halves_missing(request)


def participant_coded(user: User, study_code: str, now: datetime) -> Participant | None:
    """Return the woman of a code, among those whom a person may take a request of in."""
    women = Participant.objects.filter(study_code=study_code.strip().upper())
    if user.role == Role.ADMINISTRATOR:
        return women.first()
    today: date = timezone.localdate(now)
    if user.role == Role.INTERVIEWER:
        return women.filter(interviewer=user).first()
    return women.filter(station__in=station_ids_of(user, on=today)).first()
