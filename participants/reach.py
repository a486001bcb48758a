"""Who may act for a woman now, and whether she still takes part: what every service of her record asks first."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, PermissionMissing, require
from accounts.roles import POLICE_ROLES, Role
from participants import queries
from participants.consent_scopes import Feature
from participants.models import EmergencyOpening, Participant
from participants.status import ENDED


class ConsentMissing(StudyError):
    """What was asked for needs a consent that she has not given, or has ended."""

    code = "consent_missing"
    message = _("She has not given her consent to this.")
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


class NotFollowedNow(StudyError):
    """She rests, has moved or was lost: nobody goes to her or writes to her meanwhile."""

    code = "not_followed_now"
    message = _("She is not being followed at the moment. Do not contact her.")
    http_status = 409


class CardNotDue(StudyError):
    """No visit stands near enough for the police of her station to need her card."""

    code = "card_not_due"
    message = _("This card opens around the day of a visit, and none is near.")
    http_status = 409


class OnlyInEmergency(PermissionMissing):
    """Whoever does not care for her opens her card only as an emergency."""

    message = _("This card opens for you only as an emergency.")


class ConflictOfInterest(StudyError):
    """The officer has to do with her or with the man she reported. The words do not say so: they would tell of her."""

    code = "card_closed"
    message = _("This card does not open from your account. Ask your supervisor to send somebody else.")
    http_status = 409


class ActRefused(ConflictOfInterest):
    """The same for what is done in her name: whoever has to do with her case decides nothing for her."""

    code = "act_refused"
    message = _("This cannot be done from your account. Ask the study's administrator.")


def require_reach(by: Actor, participant: Participant, now: datetime) -> None:
    """Let those pass who care for her now, and the parts of the system. Raise ParticipantOutOfReach."""
    if isinstance(by, User) and not queries.is_within_reach(by, participant, now):
        raise ParticipantOutOfReach


def require_no_tie(by: Actor, participant: Participant) -> None:
    """Let pass who has nothing to do with her case. Raise ActRefused, or sealing.SealedDataUnreadable."""
    if isinstance(by, User) and queries.has_conflict(by, participant):
        raise ActRefused


def require_may_report(by: Actor, participant: Participant, now: datetime) -> None:
    """Let pass who may bring in what was met at her home, and the parts of the system. Raise ParticipantOutOfReach."""
    if isinstance(by, User) and not queries.may_report_on(by, participant, now):
        raise ParticipantOutOfReach


def require_consent(participant: Participant, feature: Feature, now: datetime) -> None:
    """Let pass what she agreed to and what counts today; every feature asks first. Raise ConsentMissing."""
    if not queries.has_consent(participant, feature, timezone.localdate(now)):
        raise ConsentMissing


def require_in_study(participant: Participant) -> None:
    """Let pass while she takes part. Raise ParticipantLeft."""
    if participant.status in ENDED:
        raise ParticipantLeft


def require_followed(participant: Participant) -> None:
    """Let pass while she is in follow-up. Raise ParticipantLeft or NotFollowedNow."""
    require_in_study(participant)
    if participant.status != Participant.Status.ENROLLED:
        raise NotFollowedNow


def require_may_know(by: User, participant: Participant, now: datetime) -> None:
    """Let those pass who care for her now, and the safety officer, if she takes part and nothing ties them to her case.

    Raise ParticipantOutOfReach, ParticipantLeft, ConflictOfInterest, or sealing.SealedDataUnreadable.
    """
    if by.role != Role.SAFETY_OFFICER:
        require_reach(by, participant, now)
    require_in_study(participant)
    if queries.has_conflict(by, participant):
        raise ConflictOfInterest


def require_card_open(by: User, participant: Participant, now: datetime) -> EmergencyOpening | None:
    """Let those pass to whom her card opens now; return the emergency opening by which they pass, if it is one.

    Otherwise police need her consent to visits and a visit near; her interviewer her consent to surveys. Raise
    PermissionMissing, OnlyInEmergency, ConsentMissing, CardNotDue, or as `require_may_know`.
    """
    may_hold_emergency = by.has(Permission.OPEN_IN_EMERGENCY)
    if not may_hold_emergency:
        require(by, Permission.OPEN_IDENTITY)
    require_may_know(by, participant, now)
    emergency = queries.emergency_in_force(by, participant, now) if may_hold_emergency else None
    if emergency is not None:
        return emergency
    if not by.has(Permission.OPEN_IDENTITY):
        raise OnlyInEmergency
    is_police = by.role in POLICE_ROLES
    require_consent(participant, Feature.OPEN_CARD_TO_VISIT if is_police else Feature.SURVEY, now)
    if is_police and not queries.is_due(participant, timezone.localdate(now)):
        raise CardNotDue
    return None
