"""Taking a woman into the study, once."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import lookups, queries
from participants.identity import Identity
from participants.lookups import Digests
from participants.models import Consent, Participant
from participants.reach import ConsentMissing
from participants.safe_contact import SafeContact
from participants.services.cards import save_safe_contact, seal_new_card
from stations.models import Station

ADULT_YEARS = 18


class StationNotInStudy(StudyError):
    """Nobody can be enrolled where no station of the study is."""

    code = "station_not_in_study"
    message = _("Your station does not take part, or you are not posted to one today.")
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
    _check_enrolment(identity, age=age, scopes=scopes)
    participant = _create_participant(station, age=age, now=now)
    Consent.objects.bulk_create(
        Consent(participant=participant, scope=scope, text_version=consent_version, given_at=now)
        for scope in sorted(set(scopes))
    )
    save_safe_contact(participant, safe_contact, now)
    seal_new_card(participant, identity, now)
    record(
        actor=by,
        action="participants.enrol",
        object_type="participant",
        object_id=participant.study_code,
        details={"scopes": sorted(set(scopes)), "consent_version": consent_version},
    )
    return participant


def _check_enrolment(identity: Identity, *, age: int, scopes: Collection[Consent.Scope]) -> None:
    """Check what was written and that she is new; hold the locks that keep her so until the transaction ends."""
    if not identity.full_name.strip():
        raise NameMissing
    if age < ADULT_YEARS:
        raise NotAnAdult
    if Consent.Scope.VISITS not in scopes:
        raise ConsentMissing(_("Without her consent to visits she cannot be enrolled."))
    digests = lookups.digests_of(identity)
    lock_digests(digests)
    if queries.is_enrolled_already(digests):
        raise AlreadyEnrolled


def lock_digests(digests: Digests) -> None:
    """Wait for whoever writes the same document, telephone, name or home; in one order, so that nobody waits for ever.

    Under every master key, so that two processes with different first keys wait for each other, too.
    """
    keys = sorted(int.from_bytes(digest[:8], signed=True) for hashes in digests.values() for digest in hashes.values())
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
