"""Forms assessed, the level that follows from them, and what they warn of put before the safety officer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import is_within_reach
from participants.reach import require_consent, require_in_study, require_may_report
from participants.services import ParticipantOutOfReach
from protocol.queries import current_protocol
from risk import queries, scale_file
from risk.models import Assessment, CurrentRisk, Scale
from risk.scale_file import Answer
from risk.scoring import alerts_due, level_like, raised_level, score
from risk.services.lowering import propose_lowering, set_aside_lowering
from safety.models import SafetyCase
from safety.services import Origin, raise_case

ASSESSMENT_NOTE = "assessment note"
NOT_ESCALATED: dict[str, Any] = {"escalated_to": "", "escalated_at": None}


class ScaleNotLoaded(StudyError):
    """Nothing can be assessed before the study's scale is loaded."""

    code = "scale_not_loaded"
    message = _("The study's risk scale is not loaded yet.")
    http_status = 409


class ScaleNotInProtocol(StudyError):
    """The protocol must say of every level when it is assessed again, and how often she is visited."""

    code = "scale_not_in_protocol"
    message = _("The scale has levels that the study's protocol does not name: tell the study's administrator.")
    http_status = 409


class FormConflict(StudyError):
    """The form of that id was received before, and said something else. Both cannot be the same sheet."""

    code = "form_conflict"
    message = _("This sheet was saved before with other answers. Open a new sheet and write what changed.")
    http_status = 409


class PrintoutMissing(StudyError):
    """A level chosen by hand stands on a printout: without its level and its reference nobody can look it up."""

    code = "printout_missing"
    message = _("Choose the level that the printout gives and copy its reference.")


class FormIsBlank(StudyError):
    """A form that says nothing is a slip of the finger, not an assessment."""

    code = "form_is_blank"
    message = _("Nothing is answered on the sheet: answer at least one question, or leave the page without saving.")


class OfficerMayOnlyRaise(StudyError):
    """The computed level is the least that holds."""

    code = "officer_may_only_raise"
    message = _("You may raise the computed level, not lower it.")


class RaiseNeedsReason(StudyError):
    """A level above the computed one stands on somebody's word."""

    code = "raise_needs_reason"
    message = _("Choose why you raise the level; for another reason, write it in the note.")


@dataclass(frozen=True, slots=True)
class PrintedLevel:
    """A level chosen by a trained person with another tool, and the reference of that tool's printout."""

    level: str
    reference: str


@transaction.atomic
def assess_risk(  # noqa: PLR0913 (the fields of one form)
    *,
    by: User,
    participant: Participant,
    answers: Mapping[str, Answer | None],
    overrides: Mapping[str, Answer | None],
    now: datetime,
    officer_level: str = "",
    reason: str = "",
    note: str = "",
    woman_rating: int | None = None,
    printed: PrintedLevel | None = None,
    form_id: UUID | None = None,
) -> Assessment:
    """Score a form with the scale in force, keep both for ever, and let the level follow upwards.

    The officer may raise the computed level, with a reason. A complete form that comes to less than the level held
    proposes to lower it, and a supervisor decides. A changed level is marked for the planner; what it warns of is put
    before the safety officer, in every arm alike. `woman_rating` is her own, 0 to 10. `form_id` is made with the form:
    sent again with the same content, it is the same assessment. Raise ParticipantOutOfReach, ParticipantLeft,
    ConsentMissing, FormConflict, FormIsBlank, PrintoutMissing, ScaleNotLoaded, ScaleNotInProtocol,
    OfficerMayOnlyRaise, RaiseNeedsReason, or scoring.AnswerUnknown.
    """
    require(by, Permission.ASSESS_RISK)
    locked = _within_reach(by, participant, now)
    said = (answers, overrides, officer_level, reason, note, woman_rating, printed)
    content = _fingerprint(locked, said)
    if (known := _sent_before(form_id, content)) is not None:
        return _record_assessment(by, known, {"repeated": True})
    _require_assessable(locked, now)
    # Whatever is somebody's word is never turned away for want of answers.
    if not any(_is_word(words) for words in said):
        raise FormIsBlank
    scale, rules = _scale_in_force(now)
    held = CurrentRisk.objects.select_for_update().filter(participant=locked).first()
    previous = queries.last_answers(locked)
    assessment = Assessment(participant=locked, scale=scale, assessed_at=now, assessed_by=by, own_rating=woman_rating)
    assessment.form_id, assessment.content_hmac = form_id, content
    score_form(assessment, rules, answers, overrides, printed)
    _judge_level(assessment, rules, officer_level=officer_level, reason=reason, note=note)
    # What this form says raises alerts; a level that only stands on from before was told when it was reached.
    due = alerts_due(rules, level=assessment.level, answers=answers, previous=previous)
    proposed = keep_level_held(assessment, rules, held)
    assessment.save()
    hold_level(assessment, held)
    set_aside_lowering(locked, now=now)
    if proposed:
        propose_lowering(assessment, to_level=proposed, to_rank=rules.ranks[proposed])
    cases = [raise_risk_case(assessment, rule.code, actor=by, now=now) for rule in due]
    return _record_assessment(by, assessment, audited_details(assessment, cases, proposed))


@transaction.atomic
def ask_for_reassessment(*, by: Actor, participant: Participant, now: datetime) -> bool:
    """Make the next assessment due today, because something happened to her; say whether that brought it forward.

    Raise ParticipantOutOfReach.
    """
    require(by, Permission.ASSESS_RISK)
    require_may_report(by, participant, now)
    today = timezone.localdate(now)
    held = CurrentRisk.objects.filter(participant=participant, reassess_due_on__gt=today)
    is_earlier = bool(held.update(reassess_due_on=today, **NOT_ESCALATED))
    if is_earlier:
        record(
            actor=by,
            action="risk.ask_for_reassessment",
            object_type="participant",
            object_id=participant.study_code,
            details={"due_on": today.isoformat()},
        )
    return is_earlier


def _within_reach(by: User, participant: Participant, now: datetime) -> Participant:
    if not is_within_reach(by, participant, now):
        raise ParticipantOutOfReach
    # One assessment of a woman at a time: the second compares itself with the first.
    return Participant.objects.select_for_update(of=("self",)).select_related("vault_key").get(pk=participant.pk)


def _require_assessable(locked: Participant, now: datetime) -> None:
    require_in_study(locked)
    require_consent(locked, Feature.ASSESS_RISK, now)


def _fingerprint(participant: Participant, said: tuple[object, ...]) -> str:
    """Return a keyed hash of what a form says: alike for the same words, and no way back to them."""
    text = json.dumps([participant.pk, *said], sort_keys=True, default=str)
    return salted_hmac("risk.form", text, algorithm="sha256").hexdigest()


def _is_word(said: object) -> bool:
    if isinstance(said, Mapping):
        return any(said.values())
    return bool(said.strip()) if isinstance(said, str) else said is not None


def _sent_before(form_id: UUID | None, content: str) -> Assessment | None:
    known = Assessment.objects.select_related("participant").filter(form_id=form_id).first() if form_id else None
    if known is not None and known.content_hmac != content:
        raise FormConflict
    return known


def _scale_in_force(now: datetime) -> tuple[Scale, scale_file.Scale]:
    """Return the scale in force and its rules, every level of which the protocol knows."""
    scale = queries.scale_in_force(timezone.localdate(now))
    if scale is None:
        raise ScaleNotLoaded
    rules = queries.scale_rules(scale)
    if not rules.ranks.keys() <= current_protocol().risk.reassessment_days.keys():
        raise ScaleNotInProtocol
    return scale, rules


def score_form(
    assessment: Assessment,
    rules: scale_file.Scale,
    answers: Mapping[str, Answer | None],
    overrides: Mapping[str, Answer | None],
    printed: PrintedLevel | None,
) -> None:
    """Write into an assessment what its answers come to. Raise PrintoutMissing or scoring.AnswerUnknown."""
    if rules.kind == scale_file.BY_HAND:
        if printed is None or printed.level not in rules.ranks or not printed.reference.strip():
            raise PrintoutMissing
        assessment.answers, assessment.overrides, assessment.score = {}, {}, 0
        assessment.is_complete, assessment.computed_level = True, printed.level
        assessment.reference = printed.reference.strip()
        return
    result = score(rules, answers, overrides)
    assessment.answers = {item.id: answers.get(item.id) for item in rules.items}
    assessment.overrides = {override.code: overrides.get(override.code) for override in rules.override}
    assessment.score, assessment.is_complete, assessment.computed_level = result.score, result.complete, result.level
    assessment.missing = len(result.missing)


def _judge_level(
    assessment: Assessment, rules: scale_file.Scale, *, officer_level: str, reason: str, note: str
) -> None:
    """Take the officer's level where it is higher than the computed one, with her reason."""
    computed = assessment.computed_level
    assessment.level = raised_level(rules, computed, officer_level)
    if officer_level and assessment.level != officer_level:
        raise OfficerMayOnlyRaise
    assessment.officer_level = officer_level
    if assessment.level != computed:
        if not reason or (reason == Assessment.RaisedReason.OTHER and not note.strip()):
            raise RaiseNeedsReason
        assessment.raised_reason = reason
    assessment.sealed_note = sealing.seal_text(assessment.participant, note, purpose=ASSESSMENT_NOTE)


def keep_level_held(assessment: Assessment, rules: scale_file.Scale, held: CurrentRisk | None) -> str:
    """Never let a form lower the level held; return the lower level that a complete one comes to, "" if none."""
    own = assessment.level
    if held is not None:
        assessment.level = raised_level(rules, own, level_like(rules, held.level, held.level_rank))
    assessment.level_rank = rules.ranks.get(assessment.level, 0)
    return own if assessment.is_complete and own != assessment.level else ""


def raise_risk_case(assessment: Assessment, rule: str, *, actor: Actor, now: datetime) -> SafetyCase:
    """Put what an assessment warns of before the safety officer."""
    origin = Origin(SafetyCase.Origin.ASSESSMENT, str(assessment.pk))
    return raise_case(by=actor, participant=assessment.participant, rule=rule, origin=origin, now=now)


def _record_assessment(by: User, assessment: Assessment, details: dict[str, object]) -> Assessment:
    record(
        actor=by,
        action="risk.assess",
        object_type="participant",
        object_id=assessment.participant.study_code,
        details=details,
    )
    return assessment


def audited_details(assessment: Assessment, cases: list[SafetyCase], proposed: str) -> dict[str, object]:
    """Return what the audit keeps of an assessment: no answer, no note."""
    return {
        "scale": str(assessment.scale),
        "complete": assessment.is_complete,
        "level": assessment.level,
        "raised": bool(assessment.raised_reason),
        "proposes": proposed,
        "alerts": [case.rule for case in cases if case.times == 1],
    }


def hold_level(assessment: Assessment, held: CurrentRisk | None) -> None:
    """Let the level held follow the assessment; blanks alone neither set it nor put off the next assessment."""
    changed = held is None or held.level != assessment.level
    if not assessment.level or (not assessment.is_complete and not changed):
        return
    days = current_protocol().risk.reassessment_days[assessment.level]
    CurrentRisk.objects.update_or_create(
        participant=assessment.participant,
        defaults={
            "assessment": assessment,
            "level": assessment.level,
            "level_rank": assessment.level_rank,
            "since": assessment.assessed_at if held is None or changed else held.since,
            "reassess_due_on": timezone.localdate(assessment.assessed_at) + timedelta(days=days),
            "replan_pending": changed or (held is not None and held.replan_pending),
            **NOT_ESCALATED,
        },
    )
