"""The only writer of surveys: questionnaires loaded, waves scheduled, answers taken, cases that ran out closed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.consent_scopes import SCOPE_OF, Feature
from participants.followers import PartChange
from participants.models import Participant
from participants.queries import is_within_reach
from participants.reach import require_consent, require_in_study
from participants.services import ParticipantOutOfReach
from participants.status import ENDED
from protocol.queries import current_protocol
from safety.models import SafetyCase
from safety.rules import CHILD_IN_DANGER
from safety.services import Origin, raise_case
from surveys import instrument_file, queries
from surveys.instrument_file import CheckedAnswers, check_answers
from surveys.ipv_scores import score_answers
from surveys.models import Instrument, Submission, SurveyCase, SurveyCaseQuerySet
from surveys.schedule import HELD, HER_CHOICE, NOT_RENEWED, OPEN, PAUSED, due_waves, may_become

Status = SurveyCase.Status
LEFT_FOR: dict[str, str] = {Participant.Status.WITHDRAWN: HER_CHOICE}


class InstrumentVersionTaken(StudyError):
    """The version is loaded already, with another content: answers point to it."""

    code = "instrument_version_taken"
    message = _("This version of the questionnaire is already loaded with another content: give it a new version.")
    http_status = 409


class InstrumentNotLoaded(StudyError):
    """Nothing can be asked before the study's questionnaire is loaded."""

    code = "instrument_not_loaded"
    message = _("The questionnaire is not loaded yet.")
    http_status = 409


class SurveyNotOpen(StudyError):
    """The wave's window has not begun."""

    code = "survey_not_open"
    message = _("This survey is not open yet.")
    http_status = 409


class SurveyOnHold(StudyError):
    """She rests, or has not signed the newer text yet."""

    code = "survey_on_hold"
    message = _("This survey is on hold: do not contact her now. Nothing was saved.")
    http_status = 409


class SurveyClosed(StudyError):
    """The case has its end already, and it was not these answers."""

    code = "survey_closed"
    message = _("This survey is already closed: what was saved before stands.")
    http_status = 409


class AnswersIncomplete(StudyError):
    """The questionnaire asks for answers that are missing, or does not know those given."""

    code = "answers_incomplete"
    message = _("Some questions have no answer yet.")


@transaction.atomic
def load_instrument(*, by: Actor, instrument: instrument_file.Instrument, now: datetime) -> Instrument:
    """Store one version of a questionnaire; the same content again changes nothing. Raise InstrumentVersionTaken."""
    require(by, Permission.MANAGE_PROTOCOL)
    content = instrument.model_dump(mode="json")
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    loaded = Instrument.objects.filter(code=instrument.code, version=instrument.version).first()
    if loaded is not None and loaded.sha256 != sha256:
        raise InstrumentVersionTaken
    stored = loaded or Instrument.objects.create(
        code=instrument.code, version=instrument.version, sha256=sha256, content=content, loaded_at=now
    )
    record(
        actor=by,
        action="surveys.load_instrument",
        object_type="instrument",
        object_id=str(stored),
        details={"sha256": sha256, "was_loaded": loaded is not None},
    )
    return stored


@transaction.atomic
def schedule_waves(*, by: Actor, participant: Participant, now: datetime) -> list[SurveyCase]:
    """Give a woman one case for each wave of the protocol, on hold while she rests; those that she has stay as they are.

    Raise ParticipantLeft or ConsentMissing.
    """
    require(by, Permission.COLLECT_SURVEYS)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    _require_part(locked, now)
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
def submit_survey(
    *, by: User, case: SurveyCase, answers: Mapping[str, str], now: datetime, child_in_danger: bool = False
) -> SurveyCase:
    """Take the answers of one case, score them and close it; the same answers again change nothing.

    `child_in_danger`: she told of it, and the safety officer hears whatever else was answered.
    Without privacy nothing but the attempt is kept and the case stays open; if she declines, it is closed as refused.
    Raise ParticipantOutOfReach, ParticipantLeft, ConsentMissing, SurveyOnHold, InstrumentNotLoaded, SurveyNotOpen,
    SurveyClosed or AnswersIncomplete.
    """
    require(by, Permission.COLLECT_SURVEYS)
    if child_in_danger:
        # The woman's row comes first, as for whoever changes her part: nobody waits for each other for ever.
        Participant.objects.select_for_update(no_key=True).get(pk=case.participant_id)
    locked = SurveyCase.objects.select_for_update(of=("self",)).select_related("participant").get(pk=case.pk)
    if not is_within_reach(by, locked.participant, now):
        raise ParticipantOutOfReach
    _require_part(locked.participant, now)
    if locked.status in HELD:
        raise SurveyOnHold
    instrument = queries.instrument_in_force()
    if instrument is None:
        raise InstrumentNotLoaded
    if timezone.localdate(now) < locked.window_from:
        raise SurveyNotOpen
    checked = check_answers(queries.instrument_rules(instrument), answers)
    if checked.problems:
        raise AnswersIncomplete
    status = checked.stopped or Status.DONE
    if not may_become(locked.status, status):
        return _same_or_closed(locked, checked)
    _close(locked, checked, instrument, by=by, now=now)
    if child_in_danger:
        origin = Origin(SafetyCase.Origin.SURVEY, str(locked.pk))
        raise_case(by=by, participant=locked.participant, rule=CHILD_IN_DANGER, origin=origin, now=now)
    record(
        actor=by,
        action="surveys.submit",
        object_type="survey",
        object_id=locked.pk,
        details={"wave": locked.wave, "status": str(status), "instrument": str(instrument)},
    )
    return locked


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


def _require_part(participant: Participant, now: datetime) -> None:
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


def _same_or_closed(case: SurveyCase, checked: CheckedAnswers) -> SurveyCase:
    """Accept again what is already stored. Raise SurveyClosed for anything else."""
    if case.status == checked.stopped:
        return case
    if case.status == Status.DONE and not checked.stopped and case.submission.answers == checked.answers:
        return case
    raise SurveyClosed


def _close(case: SurveyCase, checked: CheckedAnswers, instrument: Instrument, *, by: User, now: datetime) -> None:
    if not checked.stopped:
        Submission.objects.create(
            case=case,
            instrument=instrument,
            submitted_at=now,
            submitted_by=by,
            answers=checked.answers,
            scores=score_answers(checked.answers),
        )
    case.status, case.status_changed_at = checked.stopped or Status.DONE, now
    case.save(update_fields=["status", "status_changed_at"])


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
