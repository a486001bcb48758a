"""How a log becomes a row, and what it sets off: the same by page, by program and from a phone."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from accounts.actors import Actor
from accounts.models import User
from care.models import Debrief
from care.services import CARER, offer_debriefs
from participants import sealing
from participants.models import Participant
from participants.services import ask_for_contact_review
from risk.services import ask_for_reassessment
from safety.models import SafetyCase
from safety.rules import CHILD_IN_DANGER, NEW_WEAPON_USE, OFFICER_CONCERN, UNSAFE_VISIT
from safety.services import Origin, raise_case
from stations.models import Officer
from visits.log_content import Content, VisitAnswers, answers_of, content_of, content_sha256, moment_of
from visits.log_fields import Answer, Outcome
from visits.models import LogConflict, Visit, VisitLog

LOG_NOTE = "visit note"


def content_digest(visit_id: UUID, content: Content) -> str:
    """Return a keyed hash of all that was sent: without the key, nobody can guess a short note from it."""
    return salted_hmac("visits.log", content_sha256(str(visit_id), content), algorithm="sha256").hexdigest()


def new_log(visit: Visit, *, log_id: UUID, content: Content, logged_by: User, received_at: datetime) -> VisitLog:
    """Return the row of a log, not saved, its note sealed with the woman's own key. Raise as `sealing.seal_text`."""
    return VisitLog(
        pk=log_id,
        visit=visit,
        received_at=received_at,
        logged_by=logged_by,
        content_sha256=content_digest(visit.pk, content),
        sealed_note=sealing.seal_text(visit.participant, str(content.get("note", "")), purpose=LOG_NOTE),
        **columns_of(content),
    )


def columns_of(content: Content) -> dict[str, object]:
    """Return what a log says by the columns that keep it; the note is kept apart."""
    said = answers_of(content)
    answers = {name: getattr(said, name) for name in VisitAnswers.__dataclass_fields__}
    return {"outcome": content["outcome"], "occurred_at": moment_of(content), **answers, "present": list(said.present)}


def written(log: VisitLog) -> Content:
    """Return what a kept log says, as a phone writes it, without its note."""
    answers = VisitAnswers(**{name: getattr(log, name) for name in VisitAnswers.__dataclass_fields__})
    answers = replace(answers, present=tuple(log.present))
    return content_of(outcome=log.outcome, occurred_at=log.occurred_at, answers=answers, note="")


def beside(first: VisitLog, second: VisitLog, content: Content, *, author: User) -> LogConflict:
    """Return the row, not saved, that keeps a second log of a visit whole beside the first."""
    return LogConflict(
        visit=second.visit,
        log=first,
        first=written(first),
        first_by_id=first.logged_by_id,
        first_sealed_note=first.sealed_note,
        first_sha256=first.content_sha256,
        first_received_at=first.received_at,
        second={name: value for name, value in content.items() if name != "note"},
        second_by=author,
        second_sealed_note=second.sealed_note,
        second_id=second.pk,
        second_sha256=second.content_sha256,
        breaches=second.breaches,
        clock_skew_s=second.clock_skew_s,
        received_at=second.received_at,
    )


def act_on(log: VisitLog, *, actor: Actor, participant: Participant, now: datetime) -> None:
    """Do at once what a log calls for: tell a named person of danger, and have her risk looked at again."""
    origin = Origin(SafetyCase.Origin.VISIT, str(log.pk))
    for rule in _rules_met(log):
        raise_case(by=actor, participant=participant, rule=rule, origin=origin, now=now)
    if (cause := _hard_because(log)) is not None:
        offer_debriefs(
            by=CARER,
            people=_who_was_there(log),
            occasion=Debrief.Occasion.VISIT,
            cause=cause,
            source_id=str(log.pk),
            now=now,
        )
    if log.new_incident == Answer.YES:
        ask_for_reassessment(by=actor, participant=participant, now=now)
        ask_for_contact_review(by=actor, participant=participant, now=now)


def _hard_because(log: VisitLog) -> Debrief.Cause | None:
    """Return what made a visit hard for those who went, the gravest first; None for any other."""
    met = {
        Debrief.Cause.CHILD: log.child_in_danger,
        Debrief.Cause.UNSAFE: log.outcome == Outcome.UNSAFE or log.safety_concern,
        Debrief.Cause.INCIDENT: log.new_incident == Answer.YES,
        Debrief.Cause.ABORTED: log.outcome == Outcome.ABORTED,
    }
    return next((cause for cause, is_met in met.items() if is_met), None)


def _who_was_there(log: VisitLog) -> set[int]:
    """Return the accounts of those who were to go, and of whoever wrote the log."""
    went = Officer.objects.filter(pk__in=log.visit.officer_ids, user__isnull=False).values_list("user", flat=True)
    return {*went, *([log.logged_by_id] if log.logged_by_id else [])}


def _rules_met(log: VisitLog) -> list[str]:
    met = {
        UNSAFE_VISIT: log.outcome == Outcome.UNSAFE,
        OFFICER_CONCERN: log.safety_concern,
        CHILD_IN_DANGER: log.child_in_danger,
        NEW_WEAPON_USE: log.new_incident == Answer.YES and log.incident_weapon == Answer.YES,
    }
    return [rule for rule, is_met in met.items() if is_met]
