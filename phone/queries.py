"""What a phone is given for today and the days after: visits, and the cards that its officer may open."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import POLICE_ROLES, Role
from participants.consent_scopes import Feature
from participants.models import EmergencyOpening, Participant, Transfer
from participants.queries import colleagues, conflicted_among, consent_to
from participants.reach import CardNotDue, ConflictOfInterest, ConsentMissing, OnlyInEmergency, ParticipantLeft
from participants.sealing import SealedDataUnreadable
from participants.status import ENDED
from phone.freshness import Concern, PhoneState, concerns, waits_since
from phone.models import PhoneCard
from protocol.queries import current_protocol
from risk.models import PhoneSheet
from visits.models import Device, LogConflict, Visit, VisitQuerySet
from visits.queries import visits_between

# Today and the three after it.
DAYS_AHEAD = 3
# How far back a visit that nobody logged is looked for; its grace, a setting of the study, is over long before.
DAYS_BEHIND = 7
# Of a visit that is somebody else's: not why her card would not open, but why a phone need not hold it.
NOT_YOURS = "not_yours"


def visits_of_days(user: User, today: date) -> VisitQuerySet:
    """Return the visits of her station from today until the last day that a phone holds, each with `is_mine`.

    With those of days before whose log is still awaited, hers and nobody's: who comes home after midnight logs them.
    `is_in_conflict` says whether two logs of it wait for a decision. By day, hour and code.
    """
    undecided = LogConflict.objects.undecided().filter(visit=OuterRef("pk"))
    is_hers_or_nobodys = Q(is_mine=True) | Q(first_officer=None, second_officer=None)
    is_late = Q(status=Visit.Status.PLANNED, log=None) & is_hers_or_nobodys
    return (
        visits_between(user, today - timedelta(days=DAYS_BEHIND), today + timedelta(days=DAYS_AHEAD))
        .filter(Q(planned_on__gte=today) | is_late)
        .annotate(is_in_conflict=Exists(undecided))
        .order_by("planned_on", "window_from", "participant__study_code", "pk")
    )


def women_to_hold(visits: Iterable[Visit]) -> set[int]:
    """Return the ids of the women whose cards a phone is to hold: of her own visits, and of those that are nobody's.

    The others' cards open on the page; a phone that is lost should tell of as few women as it can. Takes
    `visits_of_days`.
    """
    return {
        visit.participant_id
        for visit in visits
        if visit.is_mine or not visit.officer_ids  # type: ignore[attr-defined]
    }


def why_closed(user: User, participants: Collection[Participant], now: datetime) -> dict[int, str]:
    """Return, by id, why a card does not open now for a person; who is not named here opens hers.

    The rule of `participants.reach.require_card_open` for women in the care of her station, or of whom she is the
    interviewer, in a constant number of queries.
    """
    if not user.has(Permission.OPEN_IDENTITY):
        return {woman.pk: OnlyInEmergency.code for woman in participants}
    ids = [woman.pk for woman in participants]
    try:
        conflicted = conflicted_among(user, ids)
    except SealedDataUnreadable:
        return dict.fromkeys(ids, SealedDataUnreadable.code)
    today, is_police = timezone.localdate(now), user.role in POLICE_ROLES
    feature = Feature.OPEN_CARD_TO_VISIT if is_police else Feature.SURVEY
    consenting = Participant.objects.filter(consent_to(feature, today), pk__in=ids)
    agreed = set(consenting.values_list("pk", flat=True))
    due = _due(ids, today) if is_police else set(ids)
    emergencies = _emergencies(user, ids, now) if is_police else set()
    closed: dict[int, str] = {}
    for woman in participants:
        if woman.status in ENDED:
            closed[woman.pk] = ParticipantLeft.code
        elif woman.pk in conflicted:
            closed[woman.pk] = ConflictOfInterest.code
        elif woman.pk in emergencies:
            continue
        elif woman.pk not in agreed:
            closed[woman.pk] = ConsentMissing.code
        elif woman.pk not in due:
            closed[woman.pk] = CardNotDue.code
    return closed


def _due(ids: Collection[int], today: date) -> set[int]:
    """Return those to whom a visit stands near enough, as `participants.queries.is_due`."""
    cards = current_protocol().cards
    first, last = today - timedelta(days=cards.days_after_visit), today + timedelta(days=cards.days_before_visit)
    since = timezone.make_aware(datetime.combine(first, time.min))
    near = Visit.objects.filter(participant=OuterRef("pk"), planned_on__range=(first, last))
    came = Transfer.objects.accepted().filter(participant=OuterRef("pk"), decided_at__gte=since)
    women = Participant.objects.filter(pk__in=ids).filter(
        Q(enrolled_on__gte=first) | Exists(near.exclude(status=Visit.Status.SUPERSEDED)) | Exists(came)
    )
    return set(women.values_list("pk", flat=True))


def _emergencies(user: User, ids: Collection[int], now: datetime) -> set[int]:
    held = EmergencyOpening.objects.filter(participant__in=ids, opened_by=user, opened_at__lte=now, expires_at__gt=now)
    return set(held.order_by().values_list("participant", flat=True))


def women_held(user: User, *, closed_after: datetime, given_from: date) -> list[int]:
    """Return the ids of the women whose cards lay on phones of an account from a day on, by id.

    Not those of phones that were closed before a moment.
    """
    devices = Device.objects.filter(user=user).filter(Q(revoked_at=None) | Q(revoked_at__gte=closed_after))
    held = PhoneCard.objects.filter(device__in=devices, given_on__gte=given_from)
    return list(held.order_by("participant").values_list("participant", flat=True).distinct())


def phones_of_station(user: User, now: datetime) -> QuerySet[Device]:
    """Return the phones in use of those who serve at a supervisor's station: what waits longest first."""
    owners = colleagues(user, timezone.localdate(now)).values("pk")
    return _listed(Device.objects.in_use().filter(user__in=owners))


def phones_watched(user: User, now: datetime) -> QuerySet[Device]:
    """Return the phones in use that a person looks after, what waits longest first.

    An administrator the interviewers', who serve at no station; a supervisor those of her station.
    """
    if user.role == Role.ADMINISTRATOR:
        return _listed(Device.objects.in_use().filter(user__role=Role.INTERVIEWER))
    return phones_of_station(user, now)


def phones_unsent(user: User, now: datetime) -> list[Device]:
    """Return those of the phones that a person looks after on which something waits too long."""
    return _unsent(phones_watched(user, now), now)


def own_phones_unsent(user: User, now: datetime) -> list[Device]:
    """Return a person's own phones on which something waits too long."""
    return _unsent(_listed(Device.objects.in_use().filter(user=user)), now)


def unsent_since(phone: Device) -> datetime | None:
    """Return since when the oldest record of a phone waits, by the server's clock."""
    return waits_since(_state(phone))


def _unsent(phones: QuerySet[Device], now: datetime) -> list[Device]:
    waiting = phones.filter(oldest_unsent_at__isnull=False)
    return [phone for phone in waiting if Concern.UNSENT in concerns(_state(phone), now)]


def _state(phone: Device) -> PhoneState:
    return PhoneState(phone.last_seen_at, phone.oldest_unsent_at, phone.clock_skew_s, phone.wiped_at)


def _listed(phones: QuerySet[Device]) -> QuerySet[Device]:
    listed = phones.select_related("user")
    return listed.order_by(F("oldest_unsent_at").asc(nulls_last=True), "last_seen_at", "pk")


def sheets_to_look_at(user: User) -> QuerySet[PhoneSheet]:
    """Return the sheets from phones of her station's women that are marked and unseen, the newest first."""
    marked = PhoneSheet.objects.visible_to(user).to_look_at().select_related("assessment__participant")
    return marked.order_by("-received_at", "-pk")


def sheets_seen(user: User) -> QuerySet[PhoneSheet]:
    """Return the marked sheets of her station's women that somebody looked at, the last looked at first."""
    seen = PhoneSheet.objects.visible_to(user).seen().select_related("assessment__participant", "seen_by")
    return seen.order_by("-seen_at", "-pk")
