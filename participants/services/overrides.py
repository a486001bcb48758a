"""One contact outside a woman's safe times, allowed with a reason that the safety officer reads."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import POLICE_ROLES
from audit.services import record
from participants import sealing
from participants.consent_scopes import Feature
from participants.models import AccessNotice, ContactOverride, Participant
from participants.reach import require_consent, require_followed, require_may_know
from participants.safe_contact import LIMA, Contact, Hours, allows_channel, is_safe_window
from participants.services.notices import raise_notice
from participants.services.refusals import conflicts_reported

OVERRIDE_REASON = "override reason"
SHORTEST_SENTENCE = 15


class ChannelNotHers(StudyError):
    """She did not choose to be reached in this way: no reason makes it safe."""

    code = "channel_not_hers"
    message = _("She does not want to be reached in this way. Change nothing: ask her at the next visit.")
    http_status = 409


class WithinSafeTimes(StudyError):
    """What is safe needs no exception."""

    code = "within_safe_times"
    message = _("This lies within her safe times: no exception is needed.")
    http_status = 409


class OverrideInPast(StudyError):
    """An exception is written before the contact, never after."""

    code = "override_in_past"
    message = _("This time is over: an exception is written before the contact.")
    http_status = 422


class OverrideWindowEmpty(StudyError):
    """The contact must have a time."""

    code = "override_window_empty"
    message = _("The hours must end after they begin.")


class OverrideReasonTooShort(StudyError):
    """The safety officer reads the reason: it must be understood."""

    code = "override_reason_too_short"
    message = _("Write in a sentence why she must be reached at this time.")


class OverriddenAlready(StudyError):
    """One exception allows one contact of a kind a day."""

    code = "overridden_already"
    message = _("An exception for that day is written already.")
    http_status = 409


@conflicts_reported
@transaction.atomic
def override_contact(
    *,
    by: User,
    participant: Participant,
    kind: Contact,
    on: date,
    window: Hours,
    reason: ContactOverride.Reason,
    sentence: str,
    now: datetime,
) -> ContactOverride:
    """Allow one contact outside her safe times: one kind, on one day, within a window of Lima's hours.

    A visit takes a supervisor; a call or a message also her interviewer. The sentence is sealed with her own key, and
    the safety officer is told. Neither consent nor the channel that she chose can be overridden, nor that she has
    left. Raise ParticipantOutOfReach, ParticipantLeft, ConflictOfInterest, NotFollowedNow, ConsentMissing,
    ChannelNotHers, OverrideReasonTooShort, OverrideWindowEmpty, OverrideInPast, WithinSafeTimes or OverriddenAlready.
    """
    require(by, Permission.OVERRIDE_VISITS if kind == Contact.VISIT else Permission.WRITE_MESSAGES)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_may_know(by, locked, now)
    require_followed(locked)
    require_consent(locked, _feature(by, kind), now)
    _check_needed(locked, kind, on, window, now)
    if len(sentence.strip()) < SHORTEST_SENTENCE:
        raise OverrideReasonTooShort
    override = _written(by, locked, kind, on, window, reason, sentence, now)
    raise_notice(AccessNotice.Kind.OUTSIDE_SAFE_TIMES, now=now, participant=locked, user=by, contact_override=override)
    record(
        actor=by,
        action="participants.override_contact",
        object_type="participant",
        object_id=locked.study_code,
        reason=reason,
        details={"override": override.pk, "kind": kind, "on": on.isoformat()},
    )
    return override


def _feature(by: User, kind: Contact) -> Feature:
    if kind == Contact.VISIT:
        return Feature.PLAN_VISITS
    return Feature.MESSAGE_ABOUT_VISITS if by.role in POLICE_ROLES else Feature.MESSAGE_ABOUT_SURVEYS


def _check_needed(participant: Participant, kind: Contact, on: date, window: Hours, now: datetime) -> None:
    plan = participant.safe_contact.times
    if not allows_channel(plan, kind):
        raise ChannelNotHers
    if window[0] >= window[1]:
        raise OverrideWindowEmpty
    if datetime.combine(on, window[1], LIMA) <= now:
        raise OverrideInPast
    if is_safe_window(plan, on, window, kind):
        raise WithinSafeTimes


def _written(
    by: User,
    participant: Participant,
    kind: Contact,
    on: date,
    window: Hours,
    reason: ContactOverride.Reason,
    sentence: str,
    now: datetime,
) -> ContactOverride:
    try:
        with transaction.atomic():
            return ContactOverride.objects.create(
                participant=participant,
                kind=kind,
                on=on,
                window_from=window[0],
                window_until=window[1],
                reason=reason,
                sealed_reason=sealing.seal_text(participant, sentence, purpose=OVERRIDE_REASON),
                overridden_by=by,
                overridden_at=now,
            )
    except IntegrityError as error:
        raise OverriddenAlready from error
