"""What an interviewer's phone kept too long, for the demonstration: it came when its survey was over, and is held."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.utils import timezone

from accounts.models import User
from participants.safe_contact import Contact
from simulation.loading import Loading
from surveys.entry_content import SentEntry
from surveys.models import CallAttempt, PhoneEntry, SurveyCase
from surveys.queries import cases_in_reach
from surveys.queries.sittings import as_submission
from surveys.services import sync_entries

_INTERVIEWER = "encuestadora"
_KEPT_HOURS = 20
# What the phone's copy says otherwise than the survey that stands.
_ANSWERED_OTHERWISE = {"response_1": "2", "response_2": "3", "child_danger": "no"}


def load_notebooks(load: Loading) -> int:
    """Let one phone send a survey and a try after their surveys were closed; return how many things are held."""
    user, today = User.objects.get(username=_INTERVIEWER), timezone.localdate(load.now)
    closed = cases_in_reach(user, today).filter(status=SurveyCase.Status.DONE, submission__isnull=False)
    cases = list(closed.select_related("submission__instrument").order_by("-status_changed_at", "pk")[:2])
    made_at = load.now - timedelta(hours=_KEPT_HOURS)
    sent = [make(case, made_at) for make, case in zip((_survey, _attempt), cases, strict=False)]
    sync_entries(by=user, sent=sent, clock_skew_s=2, now=load.now)
    return len(sent)


def _survey(case: SurveyCase, at: datetime) -> SentEntry:
    answers = {**case.submission.answers, **_ANSWERED_OTHERWISE}
    xml = as_submission(case.submission.instrument, answers, instance_id=f"uuid:{_id_of(case)}")
    return _entry(case, PhoneEntry.Kind.SURVEY, at, {"xml": xml})


def _attempt(case: SurveyCase, at: datetime) -> SentEntry:
    said = {
        "attempted_at": at.isoformat(),
        "channel": Contact.VISIT.value,
        "outcome": CallAttempt.Outcome.NO_ANSWER.value,
    }
    return _entry(case, PhoneEntry.Kind.ATTEMPT, at, said)


def _entry(case: SurveyCase, kind: PhoneEntry.Kind, at: datetime, said: dict[str, str]) -> SentEntry:
    whole = {"case": str(case.pk), "kind": kind.value, "at": at.isoformat(), **said}
    known = {**said, "attempted_at": at} if "attempted_at" in said else said
    return SentEntry(_id_of(case), case.pk, kind, at, known, whole)


def _id_of(case: SurveyCase) -> UUID:
    return uuid5(NAMESPACE_OID, f"held {case.pk}")
