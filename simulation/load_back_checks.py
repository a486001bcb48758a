"""Back-checks for the demonstration: the past ones drawn as the rule draws, the newest by the nightly run itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from numpy.random import Generator

from back_checks.comparing import TOOK_PLACE, YES, Kind, differs, said_first
from back_checks.models import BackCheck, BackCheckItem
from back_checks.questions import Question, asked_again
from back_checks.sampling import is_chosen
from back_checks.services import choose_back_checks
from protocol.queries import current_protocol
from simulation.groundwork import SIMULATION
from simulation.loading import Loading
from surveys.models import Instrument, Submission

_STATES, _SHARES = ("done", "refused", "missed"), (0.82, 0.06, 0.12)
# How often an answer differs by kind of question, and of whom it does more often.
_DIFFERS = {1: 0.03, 2: 0.08, 3: 0.2}
_CARELESS = 14.0
_ASKED_AFTER = timedelta(days=6)


def load_back_checks(rng: Generator, load: Loading) -> int:
    """Write the back-checks of the months gone by, and let the night draw the newest; return how many."""
    rules = current_protocol().watching.back_checks
    before = load.now - timedelta(days=rules.window_days + 1)
    # Without their answers, which are long: some thousands are looked at, and few are drawn.
    surveys = Submission.objects.filter(submitted_at__lt=before).order_by("submitted_at", "pk")
    first: dict[int, UUID] = {}
    for survey_id, woman in surveys.values_list("pk", "case__participant"):
        if is_chosen(rules.seed, survey_id, share_pct=rules.share_pct):
            first.setdefault(woman, survey_id)
    drawn = surveys.filter(pk__in=first.values()).select_related("case", "submitted_by")
    contents = {one.pk: one.content for one in Instrument.objects.listed()}
    checks = [_check(rng, load, survey, window_days=rules.window_days) for survey in drawn]
    BackCheck.objects.bulk_create(checks)
    done = [check for check in checks if check.status == "done"]
    items = [item for check in done for item in _items(rng, load, check, contents[check.submission.instrument_id])]
    BackCheckItem.objects.bulk_create(items)
    return len(checks) + choose_back_checks(by=SIMULATION, now=load.now).chosen


def _check(rng: Generator, load: Loading, survey: Submission, *, window_days: int) -> BackCheck:
    people = [person for person in load.team.interviewers if person != survey.submitted_by_id]
    status = str(rng.choice(_STATES, p=_SHARES))
    begins = timezone.localdate(survey.submitted_at) + timedelta(days=1)
    asked_at: datetime = survey.submitted_at + _ASKED_AFTER
    done = {"asked_at": asked_at, "channel": "visit"} if status == "done" else {}
    return BackCheck(
        participant_id=survey.case.participant_id,
        submission=survey,
        first=survey.submitted_by,
        interviewer_id=people[int(rng.integers(len(people)))],
        chosen_at=asked_at,
        window_from=begins,
        window_until=begins + timedelta(days=window_days - 1),
        status=status,
        status_changed_at=asked_at,
        missed_reason="not_reached" if status == "missed" else "",
        **done,
    )


def _items(rng: Generator, load: Loading, check: BackCheck, content: Mapping[str, Any]) -> list[BackCheckItem]:
    """Answer as before, but for some; one interviewer's surveys were taken with less care."""
    careless = _CARELESS if check.first_id == load.team.interviewers[0] else 1.0
    items = [_item(check, TOOK_PLACE, Kind.STABLE, 0, YES, YES)]
    for question in asked_again(content, current_protocol().watching.back_checks.questions):
        first = said_first(check.submission.answers.get(question.name))
        is_other = bool(first) and float(rng.random()) < min(0.5, _DIFFERS[question.kind] * careless)
        again = _other(question, first) if is_other else first
        items.append(_item(check, question.name, question.kind, question.within, first, again))
    return items


def _other(question: Question, first: str) -> str:
    if question.is_number:
        return str(int(first) + question.within + 1)
    codes = [code for code, _label in question.choices]
    return codes[(codes.index(first) + 1) % len(codes)] if first in codes else codes[0]


def _item(check: BackCheck, question: str, kind: int, within: int, first: str, again: str) -> BackCheckItem:
    return BackCheckItem(
        back_check=check, question=question, kind=kind, within=within, first_answer=first, answer=again,
        differs=differs(first, again, within=within),
    )  # fmt: skip
