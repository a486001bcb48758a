"""Which survey is open with whom, and whom women want to talk to."""

from datetime import datetime, timedelta

from accounts.models import User
from participants.sealing import unseal_bytes
from surveys.interviewing import Wish
from surveys.models import SurveyCase, SurveyDebrief, SurveySitting
from surveys.xforms.writing import written_answers

LONGEST_SITTING = timedelta(hours=12)
DRAFT = "survey draft"
_ASKED_EACH_TIME = ("privacy", "agreement", "still_private", "started_at", "ended_at")


def sitting_now(user: User, case: SurveyCase, now: datetime) -> SurveySitting | None:
    """Return the sitting in which a person has a survey open, None where she has not."""
    found = SurveySitting.objects.filter(case=case, opened_by=user, ended_at=None)
    return found.filter(opened_at__gt=now - LONGEST_SITTING).first()


def answers_before(user: User, case: SurveyCase, now: datetime) -> dict[str, str]:
    """Return what a questionnaire begins with, by the question's name: this sitting's draft, or what she told before.

    That she was alone and agreed is asked each time anew.
    """
    sitting = sitting_now(user, case, now)
    if sitting is not None and sitting.sealed_draft is not None:
        draft = unseal_bytes(case.participant, sitting.sealed_draft, purpose=DRAFT)
        return _said_anew(written_answers(draft))
    if case.status == SurveyCase.Status.PARTIAL:
        return _said_anew({name: told for name, told in case.submission.answers.items() if isinstance(told, str)})
    return {}


def _said_anew(answers: dict[str, str]) -> dict[str, str]:
    return {name: told for name, told in answers.items() if not name.startswith(_ASKED_EACH_TIME)}


def draft_of(case: SurveyCase) -> bytes | None:
    """Return what was answered before a survey was covered, sealed, None where nothing was kept."""
    last = SurveySitting.objects.filter(case=case).exclude(sealed_draft=None).first()
    return bytes(last.sealed_draft) if last is not None and last.sealed_draft is not None else None


def wishes(participant_ids: list[int]) -> dict[int, tuple[Wish, int]]:
    """Return whom each woman wants to talk to, as she said last, and with whom she spoke then."""
    rows = SurveyDebrief.objects.filter(case__participant__in=participant_ids).order_by("made_at", "pk")
    return {woman: (Wish(wish), user) for woman, wish, user in rows.values_list("case__participant", "wish", "made_by")}
