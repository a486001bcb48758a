"""Cases raised by rules and by people, what is done about them, and their end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from audit.services import record
from participants import sealing
from participants.models import Participant
from participants.reach import require_may_report
from protocol.queries import current_protocol
from safety import queries
from safety.models import SafetyAction, SafetyCase
from safety.rules import OTHER, RULES, rule_of
from safety.services.duty import NotASafetyOfficer
from safety.services.telling import tell_of
from safety.states import RAISED, may_become

CASE_NOTE, CASE_SUMMARY = "case note", "case summary"
# Notes that were sealed under this purpose, when alerts were the risk room's own, must go on opening.
ACTION_NOTE = "alert note"
EVENT_NOTE = "event note"
SEES_EVERYBODY = frozenset({Role.SAFETY_OFFICER, Role.ADMINISTRATOR})
State, Kind = SafetyCase.State, SafetyAction.Kind


class RuleUnknown(StudyError):
    """People choose among the reasons that are for people."""

    code = "rule_unknown"
    message = _("Choose what happened.")


class NoteNeeded(StudyError):
    """Choosing "something else" says nothing by itself."""

    code = "note_needed"
    message = _("Write in the note what happened or was done.")


class CaseMovedOn(StudyError):
    """Somebody wrote meanwhile, or the case is closed."""

    code = "case_moved_on"
    message = _("This notice has moved on meanwhile: look at it again.")
    http_status = 409


class InTheseHands(StudyError):
    """Whoever is chosen has the case already."""

    code = "in_these_hands"
    message = _("She is in charge of this notice already.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Origin:
    """What a case comes from: a kind, and the id of the row in the room that raised it."""

    kind: SafetyCase.Origin
    id: str = ""


@transaction.atomic
def raise_case(
    *, by: Actor, participant: Participant, rule: str, origin: Origin, now: datetime, note: str = ""
) -> SafetyCase:
    """Put something about a woman before the safety officer, in every arm alike, whether she still takes part or not.

    While the same rule waits for an answer, it counts on the case that waits (`times`); once that was answered, it is
    a new case that points to it. The case names who is on duty, or nobody. Raise ParticipantOutOfReach, or, with a
    note, as `sealing.seal_text`.
    """
    require(by, Permission.RAISE_CASES)
    if not (isinstance(by, User) and by.role in SEES_EVERYBODY):
        require_may_report(by, participant, now)
    # Her row is locked, so that the same told twice at once is one case.
    women = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("vault_key", "station")
    locked = women.get(pk=participant.pk)
    # So is the case that waits: whoever is answering it is waited for, and what she has not read is a case of its own.
    waiting = SafetyCase.objects.waiting().filter(participant=locked, rule=rule).select_for_update(no_key=True).first()
    if waiting is not None:
        case = _count_again(by, waiting, note, now)
    else:
        case = _new_case(by, locked, rule, origin, note=note, now=now)
        tell_of(case, RAISED, now)
    _record(by, "safety.raise_case", locked, case, {"rule": rule, "origin": origin.kind, "again": waiting is not None})
    return case


@transaction.atomic
def raise_by_hand(*, by: User, participant: Participant, rule: str, note: str, now: datetime) -> SafetyCase:
    """Put before the safety officer what a person chose and wrote.

    Raise RuleUnknown, NoteNeeded, or as `raise_case`.
    """
    require(by, Permission.RAISE_CASES)
    if rule not in RULES or not RULES[rule].by_hand:
        raise RuleUnknown
    if rule == OTHER and not note.strip():
        raise NoteNeeded
    case = raise_case(
        by=by, participant=participant, rule=rule, origin=Origin(SafetyCase.Origin.HAND), note=note, now=now
    )
    _record(by, "safety.raise_by_hand", participant, case, {"rule": rule})
    return case


@transaction.atomic
def record_action(
    *, by: User, case: SafetyCase, kind: SafetyAction.Kind, note: str, now: datetime, seen: int | None = None
) -> SafetyAction:
    """Keep what a safety officer did; the first action answers the case and stops its clock.

    `seen` is how many steps the page showed: with more, somebody wrote meanwhile. Raise CaseMovedOn or NoteNeeded.
    """
    require(by, Permission.HANDLE_CASES)
    locked = _followed(case, seen)
    if kind == Kind.OTHER and not note.strip():
        raise NoteNeeded
    if locked.is_waiting:
        _move(locked, State.IN_PROGRESS, now)
        locked.save(update_fields=["state", "first_response_at"])
    action = _act(by, locked, kind, note, now)
    _record(by, "safety.record_action", locked.participant, locked, {"kind": kind, "in_time": locked.answered_in_time})
    return action


@transaction.atomic
def hand_over_case(
    *, by: User, case: SafetyCase, to: User, note: str, now: datetime, seen: int | None = None
) -> SafetyCase:
    """Give a case into another safety officer's hands; its clock goes on, for handing over is no answer.

    Raise CaseMovedOn, NotASafetyOfficer or InTheseHands.
    """
    require(by, Permission.HANDLE_CASES)
    locked = _followed(case, seen)
    if to not in queries.safety_officers():
        raise NotASafetyOfficer
    if locked.duty_person_id == to.pk:
        raise InTheseHands
    locked.duty_person = to
    locked.save(update_fields=["duty_person"])
    action = _act(by, locked, Kind.HANDED_OVER, note, now)
    action.handed_to = to
    action.save(update_fields=["handed_to"])
    _record(by, "safety.hand_over_by_hand", locked.participant, locked, {"to": to.audit_name})
    return locked


@transaction.atomic
def close_case(
    *, by: User, case: SafetyCase, outcome: SafetyCase.Outcome, note: str, now: datetime, seen: int | None = None
) -> SafetyCase:
    """Keep how a case ended; closing one that waited answers it. Raise CaseMovedOn or NoteNeeded."""
    require(by, Permission.HANDLE_CASES)
    locked = _followed(case, seen)
    if outcome == SafetyCase.Outcome.OTHER and not note.strip():
        raise NoteNeeded
    _move(locked, State.CLOSED, now)
    locked.closed_at, locked.closed_by, locked.outcome = now, by, outcome
    locked.sealed_summary = sealing.seal_text(locked.participant, note, purpose=CASE_SUMMARY)
    locked.save(update_fields=["state", "first_response_at", "closed_at", "closed_by", "outcome", "sealed_summary"])
    _act(by, locked, Kind.CLOSED, "", now)
    _record(
        by, "safety.close_case", locked.participant, locked, {"outcome": outcome, "in_time": locked.answered_in_time}
    )
    return locked


@transaction.atomic
def open_notes(*, by: User, case: SafetyCase, now: datetime) -> dict[str, str]:
    """Open what was written about a case, on record.

    By key: "note", "summary", of each action its id, of each event "event" and its id. Raise as
    `sealing.unseal_text`: whoever had her data erased had these words erased too.
    """
    require(by, Permission.HANDLE_CASES)
    sealed = {
        "note": (case.sealed_note, CASE_NOTE),
        "summary": (case.sealed_summary, CASE_SUMMARY),
        **{str(action.pk): (action.sealed_note, ACTION_NOTE) for action in queries.actions_of(case)},
        **{f"event {event.pk}": (event.sealed_note, EVENT_NOTE) for event in queries.events_of(case)},
    }
    notes = {
        key: sealing.unseal_text(case.participant, what, purpose=purpose)
        for key, (what, purpose) in sealed.items()
        if what is not None
    }
    if notes:
        _record(by, "safety.open_notes", case.participant, case, {"notes": len(notes)})
    return notes


def _count_again(by: Actor, waiting: SafetyCase, note: str, now: datetime) -> SafetyCase:
    SafetyCase.objects.filter(pk=waiting.pk).update(times=F("times") + 1)
    waiting.refresh_from_db(fields=["times"])
    _act(by, waiting, Kind.HAPPENED_AGAIN, note, now)
    return waiting


def _new_case(
    by: Actor, participant: Participant, rule: str, origin: Origin, *, note: str, now: datetime
) -> SafetyCase:
    return SafetyCase.objects.create(
        participant=participant,
        station=participant.station,
        rule=rule,
        severity=rule_of(rule).severity,
        origin=origin.kind,
        origin_id=origin.id,
        raised_at=now,
        raised_by=by if isinstance(by, User) else None,
        follows=queries.last_case(participant, rule),
        duty_person=queries.duty_person(participant, now),
        first_response_due_at=now + timedelta(hours=current_protocol().safety.alert_hours),
        sealed_note=sealing.seal_text(participant, note, purpose=CASE_NOTE),
    )


def _followed(case: SafetyCase, seen: int | None) -> SafetyCase:
    """Return the case under a lock. Raise CaseMovedOn if it is closed, or has more steps than were seen."""
    cases = SafetyCase.objects.select_for_update(of=("self",)).select_related("participant__vault_key")
    locked = cases.get(pk=case.pk)
    if not may_become(locked.state, State.CLOSED):
        raise CaseMovedOn
    if seen is not None and seen != locked.actions.count():
        raise CaseMovedOn
    return locked


def _move(case: SafetyCase, state: SafetyCase.State, now: datetime) -> None:
    if not may_become(case.state, state):
        raise CaseMovedOn
    if case.is_waiting:
        case.first_response_at = now
    case.state = state


def _act(by: Actor, case: SafetyCase, kind: SafetyAction.Kind, note: str, now: datetime) -> SafetyAction:
    sealed = sealing.seal_text(case.participant, note, purpose=ACTION_NOTE)
    person = by if isinstance(by, User) else None
    return SafetyAction.objects.create(case=case, kind=kind, at=now, by=person, sealed_note=sealed)


def _record(by: Actor, action: str, woman: Participant, case: SafetyCase, details: dict[str, object]) -> None:
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=woman.study_code,
        details={"case": case.pk, **details},
    )
