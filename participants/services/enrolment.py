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
from participants.models import Consent, IncidentReport, Participant, Screening, StatusChange
from participants.reach import ConsentMissing
from participants.report_sealing import open_report
from participants.safe_contact import SafeContact
from participants.services.cards import save_safe_contact, seal_new_card
from participants.services.history import keep_change
from participants.services.likeness import lock_digests
from participants.services.signing import give_consent
from participants.signature import SignedConsent
from participants.vault import Lookup, normalised
from protocol.queries import current_protocol
from stations.models import Station

ADULT_YEARS = 18
INTAKE_LOCK = "participants_intake"


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


class NotScreened(StudyError):
    """Enrolment goes on from a screening of this station that found her eligible, and counts."""

    code = "not_screened"
    message = _("She must be screened and found eligible at your station first: nothing was saved.")
    http_status = 409


class NotTheWomanScreened(StudyError):
    """Neither name, nor document, nor telephone is that of the report: another woman would be enrolled."""

    code = "not_the_woman_screened"
    message = _("Name, document and telephone are all different from the report's: is this the woman you screened?")
    http_status = 409


class StationFull(StudyError):
    """The protocol's number is reached; more would be an amendment of the protocol."""

    code = "station_full"
    http_status = 409

    def __init__(self, wanted: int) -> None:
        super().__init__(_("The station has its %(count)s women: nobody else can be enrolled.") % {"count": wanted})


@transaction.atomic
def enrol_participant(
    *,
    by: User,
    screening: Screening,
    identity: Identity,
    age: int,
    consent: SignedConsent,
    safe_contact: SafeContact,
    now: datetime,
) -> Participant:
    """Enrol a woman whom a screening at the supervisor's own station found eligible, and seal her identity.

    She signs the text in force in a language, and a copy is frozen; consent to visits is needed. Her interviewer is
    found within minutes by the room of surveys, which knows who lives where. Two people who enrol the same woman at
    once: the second one gets AlreadyEnrolled; a station takes no more than the protocol's number. Raise
    StationNotInStudy, NotScreened, NotTheWomanScreened, ConsentMissing, NotAnAdult, NameMissing, AlreadyEnrolled,
    StationFull, NoConsentText or ConsentTextChanged.
    """
    require(by, Permission.ENROL_PARTICIPANTS)
    station = queries.serving_station(by, timezone.localdate(now))
    if station is None or not queries.is_study_station(station):
        raise StationNotInStudy
    hold_intake_shared()
    _check_screening(screening, identity, station=station)
    _check_room(station)
    _check_enrolment(identity, age=age, scopes=consent.scopes)
    participant = _create_participant(station, age=age, now=now)
    keep_change(participant, before="", reason=StatusChange.Reason.ENROLLED, author=by, now=now)
    save_safe_contact(participant, safe_contact, now)
    seal_new_card(participant, identity, now)
    signed = give_consent(participant, consent, witness=by, now=now)
    _link_reports(participant, identity, screening)
    record(
        actor=by,
        action="participants.enrol",
        object_type="participant",
        object_id=participant.study_code,
        details={
            "report": screening.report.code,
            "scopes": signed.scopes,
            "consent_version": signed.text_version,
            "copy_sha256": signed.copy_sha256,
        },
    )
    return participant


def hold_intake_shared() -> None:
    """Let no report come in until the transaction ends; enrolments do not wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", (INTAKE_LOCK,))


def _check_screening(screening: Screening, identity: Identity, *, station: Station) -> None:
    """Hold the screening, and check that it found this woman eligible at this station."""
    held = Screening.objects.select_for_update(of=("self",)).select_related("report__box").get(pk=screening.pk)
    if held.report.station_id != station.pk or held.outcome != Screening.Outcome.ELIGIBLE:
        raise NotScreened
    if held.participant_id is not None or held.report.participant_id is not None:
        raise AlreadyEnrolled
    if held.superseded_at is not None:
        raise NotScreened
    reported, written = open_report(held.report).woman.lookup_texts, identity.lookup_texts
    own = (Lookup.DOCUMENT, Lookup.NAME, Lookup.TELEPHONE)
    if not any(normalised(kind, written[kind]) == normalised(kind, reported[kind]) != "" for kind in own):
        raise NotTheWomanScreened


def _check_room(station: Station) -> None:
    """Let one more woman in, one enrolment at a time, while the station has fewer than the protocol wants."""
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    wanted = current_protocol().sampling.women_per_station
    if Participant.objects.filter(enrolled_station=station).count() >= wanted:
        raise StationFull(wanted)


def _link_reports(participant: Participant, identity: Identity, screening: Screening) -> None:
    """Let the screening and every report of hers lead to her."""
    hers = {screening.report_id, *queries.further_reports_of(lookups.digests_of(identity))}
    hers.update(screening.report.further_reports.values_list("pk", flat=True))
    IncidentReport.objects.filter(pk__in=hers, participant=None).update(participant=participant)
    Screening.objects.filter(pk=screening.pk).update(participant=participant)


def _check_enrolment(identity: Identity, *, age: int, scopes: Collection[str]) -> None:
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


def _create_participant(station: Station, *, age: int, now: datetime) -> Participant:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('participants_participant', 'id'))")
        (number,) = cursor.fetchone()
    return Participant.objects.create(
        pk=number,
        study_code=f"P{number:05d}",
        station=station,
        enrolled_station=station,
        status_changed_at=now,
        enrolled_on=timezone.localdate(now),
        age_at_enrolment=age,
    )
