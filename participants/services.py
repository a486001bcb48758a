"""The only writer of women's records: enrolment, status, safe contact, and the opening of a sealed card."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import POLICE_ROLES
from audit.services import record
from participants import queries, sealing, vault
from participants.identity import CONTACT_FIELDS, Identity
from participants.models import Consent, LookupHash, Participant, SafeContactPlan, SealedCard, VaultKey
from participants.safe_contact import CardPurpose, SafeContact
from participants.status import ENDED, may_become
from participants.vault import Lookup
from stations.models import Station

ADULT_YEARS = 18


class StationNotInStudy(StudyError):
    """Nobody can be enrolled where no station of the study is."""

    code = "station_not_in_study"
    message = _("Your station does not take part, or you are not posted to one today.")
    http_status = 409


class ConsentMissing(StudyError):
    """What was asked for needs a consent that she has not given, or has ended."""

    code = "consent_missing"
    message = _("She has not given her consent to this.")
    http_status = 409


class NotAnAdult(StudyError):
    """Only adults take part."""

    code = "not_an_adult"
    message = _("Only women of 18 years or more can take part.")


class NameMissing(StudyError):
    """A card without a name could be nobody's."""

    code = "name_missing"
    message = _("Write her name.")


class AlreadyEnrolled(StudyError):
    """She is in the study; where, the message does not say."""

    code = "already_enrolled"
    message = _("This woman is already enrolled: nothing was saved. If she came from another station, tell the study.")
    http_status = 409


class StatusChangeRefused(StudyError):
    """Her status does not allow the change."""

    code = "status_change_refused"
    message = _("Her status does not allow this change.")
    http_status = 409


class ParticipantOutOfReach(StudyError):
    """She is not in the care of whoever asks. Worded as if she did not exist."""

    code = "not_found"
    message = _("Not found.")
    http_status = 404


class ParticipantLeft(StudyError):
    """She has left the study: her card stays closed and her plan stays still."""

    code = "participant_left"
    message = _("She no longer takes part. Do not contact her.")
    http_status = 409


@transaction.atomic
def enrol_participant(
    *,
    by: User,
    identity: Identity,
    age: int,
    scopes: Collection[Consent.Scope],
    consent_version: str,
    safe_contact: SafeContact,
    now: datetime,
) -> Participant:
    """Enrol a woman at the station where the supervisor serves, and seal her identity.

    Consent to visits is needed; she is followed by the interviewer with the fewest women. Two people who enrol the
    same woman at once: the second one gets AlreadyEnrolled. Raise StationNotInStudy, ConsentMissing, NotAnAdult,
    NameMissing, AlreadyEnrolled.
    """
    require(by, Permission.ENROL_PARTICIPANTS)
    station = queries.serving_station(by, timezone.localdate(now))
    if station is None or not queries.is_study_station(station):
        raise StationNotInStudy
    digests = _checked_enrolment(identity, age=age, scopes=scopes)
    participant = _create_participant(station, age=age, now=now)
    Consent.objects.bulk_create(
        Consent(participant=participant, scope=scope, text_version=consent_version, given_at=now)
        for scope in sorted(set(scopes))
    )
    _save_safe_contact(participant, safe_contact, now)
    _seal_new_card(participant, identity, digests, now)
    record(
        actor=by,
        action="participants.enrol",
        object_type="participant",
        object_id=participant.study_code,
        details={"scopes": sorted(set(scopes)), "consent_version": consent_version},
    )
    return participant


@transaction.atomic
def withdraw_participant(*, by: Actor, participant: Participant, reason: str, now: datetime) -> Participant:
    """End a woman's part in the study at her wish: every consent ends, and her status is final.

    `reason` is a code. Raise ParticipantOutOfReach or StatusChangeRefused.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    _require_reach(by, participant, now)
    locked, _before = _moved_to(participant, Participant.Status.WITHDRAWN, now)
    ended = locked.consents.filter(ended_at=None).update(ended_at=now)
    record(
        actor=by,
        action="participants.withdraw",
        object_type="participant",
        object_id=locked.study_code,
        reason=reason,
        details={"consents_ended": ended},
    )
    return locked


@transaction.atomic
def change_status(
    *, by: Actor, participant: Participant, to: Participant.Status, reason: str, now: datetime
) -> Participant:
    """Pause, resume or end a woman's follow-up; withdrawal has its own service.

    `reason` is a code. Raise ParticipantOutOfReach or StatusChangeRefused.
    """
    require(by, Permission.CHANGE_PARTICIPANT_STATUS)
    _require_reach(by, participant, now)
    if to == Participant.Status.WITHDRAWN:
        raise StatusChangeRefused
    locked, before = _moved_to(participant, to, now)
    record(
        actor=by,
        action="participants.change_status",
        object_type="participant",
        object_id=locked.study_code,
        reason=reason,
        details={"from": before, "to": to},
    )
    return locked


@transaction.atomic
def open_safe_contact_card(*, by: User, participant: Participant, purpose: CardPurpose, now: datetime) -> Identity:
    """Open a woman's sealed card for a person who cares for her now; each opening is recorded.

    Police need her consent to visits, interviewers to surveys. Raise ParticipantOutOfReach, ParticipantLeft,
    ConsentMissing, or what `sealing.open_card` raises.
    """
    require(by, Permission.OPEN_IDENTITY)
    _require_reach(by, participant, now)
    _require_in_study(participant)
    scope = Consent.Scope.VISITS if by.role in POLICE_ROLES else Consent.Scope.SURVEYS
    if not queries.has_consent(participant, scope):
        raise ConsentMissing
    identity = sealing.open_card(participant)
    record(
        actor=by,
        action="participants.open_card",
        object_type="participant",
        object_id=participant.study_code,
        details={"purpose": purpose},
    )
    return identity


@transaction.atomic
def update_safe_contact(
    *, by: User, participant: Participant, safe_contact: SafeContact, changes: Mapping[str, str], now: datetime
) -> Participant:
    """Review how she can be reached: her plan, and those fields of the sealed card that `changes` names.

    Only fields of CONTACT_FIELDS may change. Raise ParticipantOutOfReach or ParticipantLeft.
    """
    require(by, Permission.OPEN_IDENTITY)
    _require_reach(by, participant, now)
    _require_in_study(participant)
    if unknown := sorted(changes.keys() - CONTACT_FIELDS):
        raise TypeError(unknown)
    locked = Participant.objects.select_for_update().get(pk=participant.pk)
    before = sealing.open_card(locked)
    after = replace(before, **changes)
    planned = _save_safe_contact(locked, safe_contact, now)
    if after != before:
        _reseal_card(locked, after, now)
    record(
        actor=by,
        action="participants.update_safe_contact",
        object_type="participant",
        object_id=locked.study_code,
        details={
            "card": sorted(field for field in changes if getattr(before, field) != getattr(after, field)),
            "plan": planned,
        },
    )
    return locked


def _checked_enrolment(identity: Identity, *, age: int, scopes: Collection[Consent.Scope]) -> dict[Lookup, bytes]:
    """Check what was written and that she is new; hold the locks that keep her so until the transaction ends."""
    if not identity.full_name.strip():
        raise NameMissing
    if age < ADULT_YEARS:
        raise NotAnAdult
    if Consent.Scope.VISITS not in scopes:
        raise ConsentMissing(_("Without her consent to visits she cannot be enrolled."))
    digests = _digests(identity)
    _lock_digests(digests)
    if queries.is_enrolled_already(digests):
        raise AlreadyEnrolled
    return digests


def _digests(identity: Identity) -> dict[Lookup, bytes]:
    keyring = sealing.configured_keyring()
    written = {
        Lookup.DOCUMENT: identity.document,
        Lookup.TELEPHONE: identity.telephone,
        Lookup.NAME: identity.full_name,
    }
    found = {kind: vault.lookup_hash(keyring, kind, text) for kind, text in written.items()}
    return {kind: digest for kind, digest in found.items() if digest is not None}


def _lock_digests(digests: Mapping[Lookup, bytes]) -> None:
    """Wait for whoever enrols the same document, telephone or name; in one order, so that nobody waits for ever."""
    keys = sorted(int.from_bytes(digest[:8], signed=True) for digest in digests.values())
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (key,))


def _create_participant(station: Station, *, age: int, now: datetime) -> Participant:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('participants_participant', 'id'))")
        (number,) = cursor.fetchone()
    return Participant.objects.create(
        pk=number,
        study_code=f"P{number:05d}",
        station=station,
        status_changed_at=now,
        enrolled_on=timezone.localdate(now),
        interviewer=queries.least_loaded_interviewer(),
        age_at_enrolment=age,
    )


def _save_safe_contact(participant: Participant, safe_contact: SafeContact, now: datetime) -> list[str]:
    """Store the plan as reviewed now; return the names of the fields that changed."""
    fields = {
        "safe_weekdays": sorted(set(safe_contact.weekdays)),
        "safe_from": safe_contact.safe_from,
        "safe_until": safe_contact.safe_until,
        "channel": safe_contact.channel,
    }
    before = SafeContactPlan.objects.filter(participant=participant).values(*fields).first() or {}
    SafeContactPlan.objects.update_or_create(participant=participant, defaults={**fields, "reviewed_at": now})
    return sorted(field for field, value in fields.items() if before.get(field) != value)


def _seal_new_card(
    participant: Participant, identity: Identity, digests: Mapping[Lookup, bytes], now: datetime
) -> None:
    key = vault.new_data_key(sealing.configured_keyring(), study_code=participant.study_code)
    VaultKey.objects.create(participant=participant, master_key_id=key.master_key_id, wrapped=key.data)
    SealedCard.objects.create(
        participant=participant, ciphertext=sealing.seal_card(participant, identity), sealed_at=now
    )
    LookupHash.objects.bulk_create(
        LookupHash(participant=participant, kind=kind, digest=digest) for kind, digest in digests.items()
    )


def _reseal_card(participant: Participant, identity: Identity, now: datetime) -> None:
    SealedCard.objects.filter(participant=participant).update(
        ciphertext=sealing.seal_card(participant, identity), sealed_at=now
    )
    telephone = vault.lookup_hash(sealing.configured_keyring(), Lookup.TELEPHONE, identity.telephone)
    LookupHash.objects.filter(participant=participant, kind=Lookup.TELEPHONE).delete()
    if telephone is not None:
        LookupHash.objects.create(participant=participant, kind=Lookup.TELEPHONE, digest=telephone)


def _moved_to(participant: Participant, status: Participant.Status, now: datetime) -> tuple[Participant, str]:
    """Give her the status under a lock; return her row and the status before."""
    locked = Participant.objects.select_for_update().get(pk=participant.pk)
    before = locked.status
    if not may_become(before, status):
        raise StatusChangeRefused
    locked.status, locked.status_changed_at = status, now
    locked.save(update_fields=["status", "status_changed_at"])
    return locked, before


def _require_reach(by: Actor, participant: Participant, now: datetime) -> None:
    if isinstance(by, User) and not queries.is_within_reach(by, participant, now):
        raise ParticipantOutOfReach


def _require_in_study(participant: Participant) -> None:
    if participant.status in ENDED:
        raise ParticipantLeft
