"""What interviewers do for a survey, tried with and without her consent."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from participants.consent_scopes import Feature, Scope
from participants.models import Consent, Participant
from participants.safe_contact import Contact
from participants.sealing import seal_bytes, seal_text
from surveys import queries
from surveys.interviewing import Wish
from surveys.models import (
    CallAttempt,
    EntryDecision,
    PaperEntry,
    PhoneEntry,
    Submission,
    SubmissionVersion,
    SurveyCase,
    SurveySitting,
)
from surveys.services import (
    Attempt,
    correct_survey,
    debrief_survey,
    decide_entry,
    decide_paper,
    enter_paper,
    explain_missed_survey,
    keep_draft,
    log_attempt,
    open_own_words,
    open_sitting,
    schedule_waves,
)
from surveys.services.answers import INSTANCE
from surveys.services.holding import ENTRY
from surveys.services.papers import PAPER
from surveys.xforms.writing import written_answers
from tests.factories import NOW, TODAY, UserFactory
from tests.surveys.conftest import STUDY, sent


def survey_gates(gate: Callable[..., Any]) -> tuple[Any, ...]:
    """Return the gates of what is done around a survey."""
    return (
        gate(Feature.SURVEY, try_to_reach, "surveys.log_attempt"),
        gate(Feature.SURVEY, say_why_missed, "surveys.explain_missed_survey"),
        gate(Feature.SURVEY, open_it, "surveys.open_sitting"),
        gate(Feature.SURVEY, keep_its_draft, "surveys.keep_draft"),
        gate(Feature.SURVEY, say_how_it_went, "surveys.debrief_survey"),
        gate(Feature.SURVEY, correct_it, "surveys.correct_survey"),
        gate(Feature.SURVEY, read_her_words, "surveys.open_own_words"),
        gate(Feature.SURVEY, enter_its_paper, "surveys.enter_paper"),
        gate(Feature.SURVEY, decide_on_its_paper, "surveys.decide_paper"),
        gate(Feature.SURVEY, let_what_was_held_count, "surveys.decide_entry"),
    )


def try_to_reach(world: Any) -> bool:
    attempt = Attempt(NOW - timedelta(hours=1), Contact.VISIT, CallAttempt.Outcome.NO_ANSWER)
    log_attempt(by=world.care.interviewer, case=scheduled(world.woman), attempt=attempt, now=NOW)
    return CallAttempt.objects.exists()


def open_it(world: Any) -> bool:
    return bool(open_sitting(by=world.care.interviewer, case=scheduled(world.woman), pin="4071", now=NOW))


def keep_its_draft(world: Any) -> bool:
    by, case = world.care.interviewer, scheduled(world.woman)
    SurveySitting.objects.create(case=case, opened_by=by, opened_at=NOW, pin="x")
    return keep_draft(by=by, case=case, draft=b"<data><a>1</a></data>", now=NOW).draft_at == NOW


def say_how_it_went(world: Any) -> bool:
    case = scheduled(world.woman)
    return bool(debrief_survey(by=world.care.interviewer, case=case, codes=[], wish=Wish.ANY, note="", now=NOW))


def correct_it(world: Any) -> bool:
    case = scheduled(world.woman)
    instrument = queries.instrument_of(case)
    words = {"case": case, "instrument": instrument, "submitted_at": NOW, "answers": {"privacy": "yes"}}
    Submission.objects.create(instance_id="uuid:before", content_sha256="0" * 64, **words)
    SurveyCase.objects.filter(pk=case.pk).update(status="done")
    reason = SubmissionVersion.Reason.SLIP
    correct_survey(by=world.care.interviewer, case=case, content=sent(case), reason=reason, now=NOW)
    return SubmissionVersion.objects.exists()


def read_her_words(world: Any) -> bool:
    case = scheduled(world.woman)
    words = {"case": case, "instrument": queries.instrument_of(case), "submitted_at": NOW}
    sealed = seal_bytes(world.woman, sent(case), purpose=INSTANCE)
    Submission.objects.create(
        instance_id="uuid:words", content_sha256="0" * 64, answers={"privacy": "yes"}, sealed_instance=sealed, **words
    )
    case.status = "done"
    return open_own_words(by=world.care.interviewer, case=case, now=NOW) == ()


def enter_its_paper(world: Any) -> bool:
    case = scheduled(world.woman)
    return bool(enter_paper(by=world.care.interviewer, case=case, content=sent(case), now=NOW))


def decide_on_its_paper(world: Any) -> bool:
    case = scheduled(world.woman)
    content = sent(case)
    sealed = seal_bytes(world.woman, content, purpose=PAPER)
    for position, by in enumerate((world.care.interviewer, world.care.other_interviewer), start=1):
        PaperEntry.objects.create(
            case=case, position=position, entered_by=by, entered_at=NOW, instrument=queries.instrument_of(case),
            answers=written_answers(content) | {"response_1": str(position)}, sealed_instance=sealed,
        )  # fmt: skip
    return bool(decide_paper(by=world.care.interviewer, case=case, choices={"response_1": 1}, now=NOW))


def let_what_was_held_count(world: Any) -> bool:
    case = scheduled(world.woman)
    whole = json.dumps({"xml": sent(case).decode()})
    kept = PhoneEntry.objects.create(
        case=case, kind="survey", made_at=NOW, received_at=NOW, sent_by=world.care.interviewer, content_hmac="0" * 64,
        held_for="survey_closed", sealed_content=seal_text(world.woman, whole, purpose=ENTRY),
    )  # fmt: skip
    reason = EntryDecision.Reason.ASKED_THEN
    by = UserFactory(role="administrator")
    decide_entry(by=by, entry=kept, decision=EntryDecision.Decision.COUNTS, reason=reason, now=NOW)
    return Submission.objects.exists()


def say_why_missed(world: Any) -> bool:
    case, day = scheduled(world.woman), TODAY - timedelta(days=20)
    SurveyCase.objects.filter(pk=case.pk).update(
        window_from=day, due_on=day, window_until=day, status="missed", missed_reason="not_reached"
    )
    explain_missed_survey(by=world.care.interviewer, case=case, reason=SurveyCase.MissedReason.UNSAFE, now=NOW)
    return SurveyCase.objects.filter(missed_reason="unsafe").exists()


def scheduled(woman: Participant) -> SurveyCase:
    """Return her first case, scheduled while every consent counted."""
    found = woman.survey_cases.filter(wave="baseline").first()
    if found is not None:
        return found
    held = list(woman.consents.all())
    Consent.objects.filter(participant=woman).delete()
    Consent.objects.create(participant=woman, scope=Scope.SURVEYS, text_version="1", given_at=NOW)
    case = schedule_waves(by=STUDY, participant=woman, now=NOW)[0]
    Consent.objects.filter(participant=woman).delete()
    Consent.objects.bulk_create(held)
    return case
