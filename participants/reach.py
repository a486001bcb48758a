"""Who may act for a woman now, and whether she still takes part: what every service of her record asks first."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from participants import queries
from participants.consent_scopes import Feature
from participants.models import Participant
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


def require_reach(by: Actor, participant: Participant, now: datetime) -> None:
    """Let those pass who care for her now, and the parts of the system. Raise ParticipantOutOfReach."""
    if isinstance(by, User) and not queries.is_within_reach(by, participant, now):
        raise ParticipantOutOfReach


def require_consent(participant: Participant, feature: Feature, now: datetime) -> None:
    """Let pass what she agreed to and what counts today; every feature asks first. Raise ConsentMissing."""
    if not queries.has_consent(participant, feature, timezone.localdate(now)):
        raise ConsentMissing


def require_in_study(participant: Participant) -> None:
    """Let pass while she takes part. Raise ParticipantLeft."""
    if participant.status in ENDED:
        raise ParticipantLeft
