"""Who may open a card now: who cares for her when a visit is due, an emergency, a conflict of interest."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery
from accounts.roles import Role
from participants import due_visits, lookups, sealing
from participants.models import (
    AccessNotice,
    Conflict,
    EmergencyOpening,
    IncidentReport,
    LookupHash,
    NoticeTold,
    Participant,
    ParticipantQuerySet,
    StaffCard,
)
from participants.queries.people import serving_station
from participants.queries.transfers import went_over_since
from participants.report_sealing import DIGEST_FIELDS
from protocol.queries import current_protocol
from stations.models import Posting


def is_due(participant: Participant, today: date) -> bool:
    """Say whether a visit to her stands near enough, or she came into her station's care within the days after one."""
    cards = current_protocol().cards
    first = today - timedelta(days=cards.days_after_visit)
    last = today + timedelta(days=cards.days_before_visit)
    since = timezone.make_aware(datetime.combine(first, time.min))
    if participant.enrolled_on >= first or went_over_since(participant, since):
        return True
    return due_visits.has_visit_between(participant.pk, first, last)


def emergency_in_force(user: User, participant: Participant, now: datetime) -> EmergencyOpening | None:
    """Return the emergency opening of her card that a person holds now."""
    held = EmergencyOpening.objects.filter(
        participant=participant, opened_by=user, opened_at__lte=now, expires_at__gt=now
    )
    return held.order_by("-expires_at", "-id").first()


def has_conflict(user: User, participant: Participant) -> bool:
    """Say whether a person declared to have to do with her, or shares surnames, document or home with her case.

    Raise sealing.SealedDataUnreadable when the officer's own sealed data do not open: then nothing opens.
    """
    is_declared = _DECLARED.first(user=user.pk, participant=participant.pk) is not None
    digests = _own_digests(user)
    return is_declared or (bool(digests) and _alike(digests, [participant.pk]).exists())


def conflicted_among(user: User, participant_ids: Collection[int]) -> set[int]:
    """Return the ids of those women whose cases a person has to do with. Raise as `has_conflict`."""
    if not participant_ids:
        return set()
    declared = Conflict.objects.filter(user=user, participant__in=participant_ids, lifted_at=None)
    found = set(declared.values_list("participant_id", flat=True))
    if digests := _own_digests(user):
        found.update(_alike(digests, participant_ids).values_list("participant_id", flat=True))
    return found


def is_report_of_conflict(user: User, report: IncidentReport) -> bool:
    """Say whether a report names a person's own document as the man's, or her own home. Raise as `has_conflict`."""
    return any(
        bytes(getattr(report.box, DIGEST_FIELDS[kind]) or b"") in digests.values()
        for kind, digests in _own_digests(user).items()
        if kind in DIGEST_FIELDS
    )


def _own_digests(user: User) -> lookups.Digests:
    """Return what a woman's case must not have for this person to open her card; nothing where no card is kept."""
    card = _STAFF_CARD.first(user=user.pk)
    return lookups.conflict_digests(sealing.open_staff_card(card)) if card is not None else {}


def _alike(digests: lookups.Digests, participant_ids: Collection[int]) -> QuerySet[LookupHash]:
    """Return what of these women's cases is what a person's own is."""
    alike = Q()
    for kind, values in digests.items():
        alike |= Q(kind=kind, digest__in=list(values.values()))
    return LookupHash.objects.filter(alike, participant__in=participant_ids)


_DECLARED = ReadyQuery(
    lambda: (
        Conflict.objects.filter(
            user=Asked("user", BigIntegerField()), participant=Asked("participant", BigIntegerField()), lifted_at=None
        )
        .order_by("pk")
        .only("pk")
    )
)
_STAFF_CARD = ReadyQuery(lambda: StaffCard.objects.filter(user=Asked("user", BigIntegerField())).order_by("pk"))


def conflicted_pairs(participant_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return who must not go to whom, as (participant id, user id), by the rule of `has_conflict`, in four queries.

    Whose own sealed data do not open goes to none of them.
    """
    declared = Conflict.objects.filter(participant__in=participant_ids, user__in=user_ids, lifted_at=None)
    pairs = set(declared.values_list("participant", "user"))
    digests: dict[tuple[str, bytes], set[int]] = defaultdict(set)
    for card in StaffCard.objects.filter(user__in=user_ids):
        try:
            found = lookups.conflict_digests(sealing.open_staff_card(card))
        except sealing.SealedDataUnreadable:
            pairs |= {(participant, card.user_id) for participant in participant_ids}
            continue
        for kind, values in found.items():
            for digest in values.values():
                digests[kind, bytes(digest)].add(card.user_id)
    if digests:
        hers = LookupHash.objects.filter(
            participant__in=participant_ids,
            kind__in={kind for kind, _digest in digests},
            digest__in={digest for _kind, digest in digests},
        )
        for hash_ in hers:
            pairs |= {(hash_.participant_id, user) for user in digests.get((hash_.kind, bytes(hash_.digest)), ())}
    return pairs


def participants_for_emergency(user: User) -> ParticipantQuerySet:
    """Return the women whose cards a person may open as an emergency: her station's, or all for the safety officer."""
    everybody = Participant.objects.select_related("safe_contact", "sealed_card", "vault_key")
    return everybody if user.role == Role.SAFETY_OFFICER else everybody.visible_to(user)


def access_notices() -> QuerySet[AccessNotice]:
    """Return every notice about access, those nobody has looked at first, then the newest, with all that lists show."""
    return AccessNotice.objects.select_related(
        "participant__vault_key", "other", "user", "reviewed_by", "emergency", "contact_override"
    ).order_by(F("reviewed_at").asc(nulls_first=True), "-raised_at", "-id")


def notices_unsent() -> list[int]:
    """Return the ids of the notices of which nobody was told yet."""
    return list(AccessNotice.objects.filter(sent_at=None, reviewed_at=None).order_by("pk").values_list("pk", flat=True))


def address_key(address: str) -> str:
    """Return the keyed hash under which an address of the settings is known to have been told."""
    return salted_hmac("participants.notices", address.strip().casefold(), algorithm="sha256").hexdigest()


def notices_untold(listing: str, notice_ids: Collection[int], address: str) -> list[int]:
    """Return those of the notices of a listing of which one address was not told yet, in their order."""
    told = NoticeTold.objects.filter(listing=listing, notice_id__in=notice_ids, address=address_key(address))
    known = set(told.values_list("notice_id", flat=True))
    return [notice for notice in notice_ids if notice not in known]


def conflict_behind(notice: AccessNotice) -> Conflict | None:
    """Return the declared conflict in force that a notice speaks of."""
    return Conflict.objects.filter(participant=notice.participant, user=notice.user, lifted_at=None).first()


def colleagues(user: User, today: date) -> QuerySet[User]:
    """Return those who serve at a supervisor's station on a day, herself among them, with `staff_card` loaded."""
    station = serving_station(user, today)
    posted = Posting.objects.serving(today).filter(station=station).values("officer__user")
    return User.objects.filter(pk__in=posted, is_active=True).select_related("staff_card").order_by("username")
