"""What a second interviewer does, tried with and without her consent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from back_checks.models import BackCheck, BackCheckTry
from back_checks.sampling import is_chosen
from back_checks.services import answer_back_check, choose_back_checks, log_back_check_try, open_back_check_card
from back_checks.tasks import DRAWER
from participants.consent_scopes import Feature
from participants.safe_contact import Contact
from protocol.queries import current_protocol
from surveys.models import CallAttempt, Instrument, Submission, SurveyCase
from surveys.queries import instruments_by_wave
from tests.factories import NOW, TODAY

ASKED = {"at": NOW - timedelta(minutes=20), "channel": Contact.VISIT, "now": NOW}


def back_check_gates(gate: Callable[..., Any]) -> tuple[Any, ...]:
    """Return the gates of what is done around a back-check."""
    return (
        gate(Feature.BACK_CHECK, draw_it, "back_checks.choose_back_checks"),
        gate(Feature.BACK_CHECK, open_her_card, "back_checks.open_back_check_card"),
        gate(Feature.BACK_CHECK, try_to_reach, "back_checks.log_back_check_try"),
        gate(Feature.BACK_CHECK, ask_her, "back_checks.answer_back_check"),
    )


def taken(woman: Any) -> Submission:
    """Return a survey of yesterday that the protocol's seed draws."""
    rules, drawn = current_protocol().watching.back_checks, uuid4()
    while not is_chosen(rules.seed, drawn, share_pct=rules.share_pct):
        drawn = uuid4()
    case = SurveyCase.objects.create(
        participant=woman, wave="month_9", wave_number=9, due_on=TODAY, window_from=TODAY, window_until=TODAY,
        status="done", status_changed_at=NOW,
    )  # fmt: skip
    instrument: Instrument = next(iter(instruments_by_wave().values()))
    return Submission.objects.create(
        id=drawn, case=case, instrument=instrument, submitted_at=NOW - timedelta(days=1),
        submitted_by=woman.interviewer, answers={"age": "34"}, instance_id=f"uuid:{drawn}", content_sha256="0" * 64,
    )  # fmt: skip


def held(world: Any) -> BackCheck:
    return BackCheck.objects.create(
        participant=world.woman, submission=taken(world.woman), first=world.care.interviewer,
        interviewer=world.care.other_interviewer, chosen_at=NOW, window_from=TODAY, window_until=TODAY,
        status_changed_at=NOW,
    )  # fmt: skip


def draw_it(world: Any) -> bool:
    taken(world.woman)
    return choose_back_checks(by=DRAWER, now=NOW).chosen == 1


def open_her_card(world: Any) -> bool:
    return bool(open_back_check_card(by=world.care.other_interviewer, back_check=held(world), now=NOW))


def try_to_reach(world: Any) -> bool:
    no_answer = CallAttempt.Outcome.NO_ANSWER
    log_back_check_try(by=world.care.other_interviewer, back_check=held(world), outcome=no_answer, **ASKED)
    return BackCheckTry.objects.exists()


def ask_her(world: Any) -> bool:
    done = answer_back_check(by=world.care.other_interviewer, back_check=held(world), answers={}, **ASKED)
    return done.status == "done"
