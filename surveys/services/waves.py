"""Waves scheduled, and cases that time or her part in the study has overtaken."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants.consent_scopes import SCOPE_OF, Feature
from participants.followers import PartChange
from participants.models import Participant
from participants.reach import require_consent, require_in_study
from participants.status import ENDED
from protocol.queries import current_protocol
from surveys import queries
from surveys.models import SurveyCase, SurveyCaseQuerySet
from surveys.schedule import HELD, HER_CHOICE, NOT_RENEWED, OPEN, PAUSED, due_waves

Status = SurveyCase.Status
LEFT_FOR: dict[str, str] = {Participant.Status.WITHDRAWN: HER_CHOICE}


@transaction.atomic
def schedule_waves(*, by: Actor, participant: Participant, now: datetime) -> list[SurveyCase]:
    """Give a woman one case for each wave of the protocol, on hold while she rests; those that she has stay.

    Raise ParticipantLeft or ConsentMissing.
    """
    require(by, Permission.COLLECT_SURVEYS)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_part(locked, now)
    _create_cases([locked], now)
    _fitted(SurveyCase.objects.filter(participant=locked), now)
    cases = list(participant.survey_cases.order_by("wave_number"))
    record(
        actor=by,
        action="surveys.schedule_waves",
        object_type="participant",
        object_id=participant.study_code,
        details={"waves": len(cases)},
    )
    return cases


@transaction.atomic
def schedule_new_participants(*, by: Actor, now: datetime) -> int:
    """Schedule the waves of every woman in follow-up who has none; return how many women there were."""
    require(by, Permission.COLLECT_SURVEYS)
    participants = list(queries.participants_without_cases(timezone.localdate(now)).select_for_update(skip_locked=True))
    if participants:
        _create_cases(participants, now)
        record(actor=by, action="surveys.schedule_new_participants", details={"participants": len(participants)})
    return len(participants)


@transaction.atomic
def mark_overdue(*, by: Actor, now: datetime) -> dict[str, int]:
    """Move every case on that time, a pause or an end has overtaken; return how many by new status.

    Due becomes late after the window, late becomes missed so many days later, with the reason.
    """
    require(by, Permission.COLLECT_SURVEYS)
    today = timezone.localdate(now)
    given_up = today - timedelta(days=current_protocol().instruments.missed_after_days)
    # In this order: a woman who left is not late, and what is long over becomes late and missed in one sweep.
    counts = _fitted(SurveyCase.objects.all(), now)
    late = SurveyCase.objects.filter(status=Status.DUE, window_until__lt=today)
    counts["late"] += late.update(status=Status.LATE, status_changed_at=now)
    over = SurveyCase.objects.filter(window_until__lt=given_up)
    counts["missed"] = _missed(over, now)
    record(actor=by, action="surveys.mark_overdue", details=counts)
    return counts


@transaction.atomic
def follow_participant(*, by: Actor, change: PartChange) -> None:
    """Cancel a woman's open surveys, put them on hold or take them up again, as her status and her consent want."""
    if SCOPE_OF[Feature.SURVEY] not in change.scopes:
        return
    counts = _fitted(SurveyCase.objects.filter(participant=change.participant), change.now)
    record(
        actor=by,
        action="surveys.follow",
        object_type="participant",
        object_id=change.participant.study_code,
        reason=change.reason,
        details=counts,
    )


def _fitted(cases: SurveyCaseQuerySet, now: datetime) -> dict[str, int]:
    """Cancel, hold and resume these cases; return how many by new status."""
    today = timezone.localdate(now)
    alive = cases.filter(status__in=OPEN | HELD)
    cancelled = sum(
        _moved(alive.filter(participant__status=status), Status.CANCELLED, LEFT_FOR.get(status, status), now)
        for status in sorted(ENDED)
    )
    cancelled += _moved(queries.cases_ended_by_choice(cases), Status.CANCELLED, HER_CHOICE, now)
    on_hold = _moved(queries.cases_of_paused(cases), Status.ON_HOLD, PAUSED, now)
    on_hold += _moved(queries.cases_lapsed(cases, today), Status.ON_HOLD, NOT_RENEWED, now)
    resumed = queries.cases_to_resume(cases, today)
    late = _moved(resumed.filter(window_until__lt=today), Status.LATE, "", now)
    due = _moved(resumed, Status.DUE, "", now)
    return {"cancelled": cancelled, "on_hold": on_hold, "late": late, "due": due}


def _moved(cases: SurveyCaseQuerySet, status: Status, reason: str, now: datetime) -> int:
    return cases.update(status=status, status_changed_at=now, missed_reason=reason)


def _missed(cases: SurveyCaseQuerySet, now: datetime) -> int:
    """Give up what nobody was reached for; what was on hold keeps its reason."""
    held = cases.filter(status__in=HELD).update(status=Status.MISSED, status_changed_at=now)
    return held + _update_with_reason(cases.filter(status__in=(Status.LATE, Status.NOT_PRIVATE)), Status.MISSED, now)


def require_part(participant: Participant, now: datetime) -> None:
    """Raise ParticipantLeft or ConsentMissing unless she takes part and agreed to surveys."""
    require_in_study(participant)
    require_consent(participant, Feature.SURVEY, now)


def _create_cases(participants: Iterable[Participant], now: datetime) -> None:
    rules = queries.wave_rules()
    SurveyCase.objects.bulk_create(
        (
            SurveyCase(
                participant=participant,
                wave=wave.code,
                wave_number=wave.number,
                due_on=wave.due_on,
                window_from=wave.window_from,
                window_until=wave.window_until,
                status_changed_at=now,
            )
            for participant in participants
            for wave in due_waves(participant.enrolled_on, rules)
        ),
        ignore_conflicts=True,
    )


def _update_with_reason(cases: SurveyCaseQuerySet, status: Status, now: datetime) -> int:
    """Close the cases with the reason that her status gives, or else whether privacy or only contact was wanting."""
    her_status = Participant.objects.filter(pk=OuterRef("participant")).exclude(status=Participant.Status.ENROLLED)
    wanting = Case(
        When(status=Status.NOT_PRIVATE, then=Value("no_privacy")),
        default=Value("not_reached"),
        output_field=CharField(),
    )
    reason = Coalesce(Subquery(her_status.values("status")), wanting)
    return cases.update(status=status, status_changed_at=now, missed_reason=reason)
