"""What was held decided: it counts, or it is set aside. Both what stood before and what was held stay kept."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import ContactOverride, Participant
from participants.reach import require_no_tie
from participants.safe_contact import Contact
from participants.services.refusals import conflicts_reported
from protocol.locked_data import locked_data_told
from surveys.differences import differences
from surveys.interviewing import Wish
from surveys.models import CallAttempt, EntryDecision, PhoneEntry, Submission, SubmissionVersion, SurveyCase
from surveys.schedule import ANSWERED
from surveys.services.answers import answers_kept, read_sent, write_submission
from surveys.services.attempts import Attempt, write_attempt
from surveys.services.holding import ENTRY
from surveys.services.sittings import write_debrief
from surveys.services.versions import keep_version
from surveys.services.waves import require_part

Decision, Kind = EntryDecision.Decision, PhoneEntry.Kind


class EntryDecided(StudyError):
    """The first decision stands."""

    code = "entry_decided"
    message = _("Somebody has already decided this: nothing was changed.")
    http_status = 409


class NothingToCount(StudyError):
    """She was not alone, or declined: that takes nothing away from what she answered another time."""

    code = "nothing_to_count"
    message = _("It holds no answers, and this survey has some: they stand. Set it aside.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a survey that was held is compared with what stands, in numbers: never an answer."""

    outcome: SurveyCase.Status
    answered: int
    differing: int | None
    findings: int


@conflicts_reported
@transaction.atomic
def weigh_entry(*, by: User, entry: PhoneEntry, now: datetime) -> Weighed | None:
    """Return how many questions a held survey answers, and how many otherwise than what stands; None of other kinds.

    Whoever coordinates reads no answer. Raise ActRefused, InstrumentNotLoaded, NotASurvey, or as `unseal_text`.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    require_no_tie(by, entry.participant)
    if entry.kind != Kind.SURVEY:
        return None
    sent = read_sent(entry.case, _whole(entry)["xml"].encode(), _finished_at(entry))
    answers = answers_kept(sent)
    stands = _stands(entry.case)
    differing = None if stands is None else len(differences(stands.answers, answers))
    record(actor=by, action="surveys.weigh_entry", object_type="survey", object_id=entry.case_id)
    return Weighed(sent.outcome, len(answers), differing, len(sent.findings))


@conflicts_reported
@locked_data_told()
@transaction.atomic
def decide_entry(
    *, by: User, entry: PhoneEntry, decision: EntryDecision.Decision, reason: EntryDecision.Reason, now: datetime
) -> EntryDecision:
    """Let what was held count as whoever sent it wrote it, or set it aside; it stays kept, sealed, either way.

    A survey that counts closes its case; where one stands already, that becomes an earlier version. Raise
    EntryDecided, ActRefused; and for what is to count ParticipantLeft, ConsentMissing, NothingToCount, DataIsLocked, or
    as the service that would have taken it.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    # The woman's row comes first, as for whoever changes her part; whoever decides the same waits here.
    women = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("vault_key")
    participant = women.get(pk=entry.case.participant_id)
    require_no_tie(by, participant)
    if EntryDecision.objects.filter(entry=entry).exists():
        raise EntryDecided
    if decision == Decision.COUNTS:
        require_part(participant, now)
        _let_count(entry, participant, by=by, now=now)
    decided = EntryDecision.objects.create(entry=entry, decision=decision, reason=reason, decided_at=now, decided_by=by)
    record(
        actor=by,
        action="surveys.decide_entry",
        object_type="survey",
        object_id=entry.case_id,
        reason=reason,
        details={"entry": str(entry.pk), "kind": entry.kind, "held_for": entry.held_for, "decision": decision},
    )
    return decided


def _let_count(entry: PhoneEntry, participant: Participant, *, by: User, now: datetime) -> None:
    case = SurveyCase.objects.select_for_update(of=("self",)).get(pk=entry.case_id)
    case.participant = participant
    whole = _whole(entry)
    if entry.kind == Kind.SURVEY:
        _let_survey_count(entry, case, whole["xml"].encode(), by=by, now=now)
    elif entry.kind == Kind.ATTEMPT:
        write_attempt(case, _attempt(whole), author=entry.sent_by, now=entry.received_at)
    else:
        write_debrief(
            case,
            codes=whole.get("codes", []),
            wish=Wish(whole["wish"]),
            note=whole.get("note", ""),
            author=entry.sent_by,
            now=_finished_at(entry),
        )


def _let_survey_count(entry: PhoneEntry, case: SurveyCase, content: bytes, *, by: User, now: datetime) -> None:
    sent, stands = read_sent(case, content, _finished_at(entry)), _stands(case)
    if sent.outcome in ANSWERED:
        if stands is not None:
            keep_version(stands, SubmissionVersion.Reason.KEPT_ASIDE, author=by, now=now)
        stored = stands or Submission(case=case)
        at = _finished_at(entry)
        write_submission(stored, sent, answers_kept(sent), content, author=entry.sent_by, now=now, answered_at=at)
    elif stands is not None:
        raise NothingToCount
    case.status, case.status_changed_at, case.missed_reason = sent.outcome, now, ""
    case.save(update_fields=["status", "status_changed_at", "missed_reason"])


def _stands(case: SurveyCase) -> Submission | None:
    return Submission.objects.select_related("case__participant__vault_key").filter(case=case).first()


def _finished_at(entry: PhoneEntry) -> datetime:
    """Return when it was finished by the server's clock, at the latest when it came."""
    return min(entry.received_at, entry.made_at - timedelta(seconds=entry.clock_skew_s or 0))


def _whole(entry: PhoneEntry) -> dict[str, Any]:
    sealed = None if entry.sealed_content is None else bytes(entry.sealed_content)
    content: dict[str, Any] = json.loads(sealing.unseal_text(entry.participant, sealed, purpose=ENTRY))
    return content


def _attempt(whole: dict[str, Any]) -> Attempt:
    next_at, outside = whole.get("next_at"), whole.get("outside_reason")
    return Attempt(
        attempted_at=datetime.fromisoformat(whole["attempted_at"]),
        channel=Contact(whole["channel"]),
        outcome=CallAttempt.Outcome(whole["outcome"]),
        next_at=datetime.fromisoformat(next_at) if next_at else None,
        outside_reason=ContactOverride.Reason(outside) if outside else None,
        sentence=whole.get("sentence") or "",
    )
