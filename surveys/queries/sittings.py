"""Which survey is open with whom, what was answered of it before, and whom women want to talk to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from accounts.models import User
from participants.sealing import SealedDataUnreadable, unseal_bytes
from surveys.interviewing import Wish
from surveys.models import Instrument, SurveyCase, SurveyDebrief, SurveySitting
from surveys.queries import form_rules_of
from surveys.xforms.form import XFormInvalid, read_xml
from surveys.xforms.writing import written_submission

LONGEST_SITTING = timedelta(hours=12)
DRAFT = "survey draft"
# As static/js/notebook/answers.js has it.
_ASKED_EACH_TIME = ("privacy", "agreement", "still_private", "started_at", "ended_at")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was answered of a survey before, as a device would send it, and when."""

    at: datetime
    xml: str = field(repr=False)


def sitting_now(user: User, case: SurveyCase, now: datetime) -> SurveySitting | None:
    """Return the sitting in which a person has a survey open, None where she has not."""
    found = SurveySitting.objects.filter(case=case, opened_by=user, ended_at=None)
    return found.filter(opened_at__gt=now - LONGEST_SITTING).first()


def answers_before(user: User, case: SurveyCase, now: datetime) -> list[Earlier]:
    """Return what a questionnaire goes on from, the oldest first: this sitting's draft, and what she told in part.

    That she was alone and agreed is asked each time anew.
    """
    sitting = sitting_now(user, case, now)
    return _in_order(case, sitting if sitting is not None and sitting.sealed_draft is not None else None)


def answers_to_take_along(cases: Collection[SurveyCase], now: datetime) -> dict[object, list[Earlier]]:
    """Return by case what it goes on from where there is no signal, as `answers_before`; nothing while it is covered.

    Takes cases as `cases_of_week` gives them, in two queries at most and the forms that are not ready yet.
    """
    sittings = SurveySitting.objects.filter(case__in=[case.pk for case in cases]).order_by("opened_at", "pk")
    covered = {
        one.case_id
        for one in sittings
        if one.covered_at is not None and one.ended_at is None and one.opened_at > now - LONGEST_SITTING
    }
    drafts = {one.case_id: one for one in sittings if one.sealed_draft is not None}
    return {case.pk: [] if case.pk in covered else _in_order(case, drafts.get(case.pk)) for case in cases}


def as_submission(instrument: Instrument, answers: Mapping[str, Any], *, instance_id: str = "") -> str:
    """Return answers as a device would send them, a repeat as a list of such."""
    return written_submission(form_rules_of(instrument).form, answers, instance_id=instance_id).decode()


def reads_as_draft(content: bytes) -> bool:
    """Say whether what a page keeps is a questionnaire's answers at all."""
    try:
        read_xml(content)
    except XFormInvalid:
        return False
    return True


def draft_of(case: SurveyCase) -> SurveySitting | None:
    """Return the sitting that holds what was answered last of a survey that was not sent, None where none does."""
    return SurveySitting.objects.filter(case=case).exclude(sealed_draft=None).first()


def wishes(participant_ids: list[int]) -> dict[int, tuple[Wish, int]]:
    """Return whom each woman wants to talk to, as she said last, and with whom she spoke then."""
    rows = SurveyDebrief.objects.filter(case__participant__in=participant_ids).order_by("made_at", "pk")
    return {woman: (Wish(wish), user) for woman, wish, user in rows.values_list("case__participant", "wish", "made_by")}


def _in_order(case: SurveyCase, sitting: SurveySitting | None) -> list[Earlier]:
    found = []
    if case.status == SurveyCase.Status.PARTIAL:
        told = as_submission(case.submission.instrument, case.submission.answers)
        found.append(Earlier(case.submission.submitted_at, _said_anew(told.encode())))
    draft = _opened_draft(case, sitting)
    if draft is not None and sitting is not None and sitting.draft_at is not None:
        found.append(Earlier(sitting.draft_at, _said_anew(draft)))
    return sorted(found, key=lambda one: one.at)


def _opened_draft(case: SurveyCase, sitting: SurveySitting | None) -> bytes | None:
    """Return a sitting's draft; None where there is none, or where it was damaged: then it is asked anew.

    One damaged draft must not close a whole notebook. The check of the vault names it (`verify_vault`).
    """
    if sitting is None or sitting.sealed_draft is None:
        return None
    try:
        return unseal_bytes(case.participant, bytes(sitting.sealed_draft), purpose=DRAFT)
    except SealedDataUnreadable:
        return None


def _said_anew(content: bytes) -> str:
    """Return a submission without what is asked each time anew."""
    root = read_xml(content)
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if parent is not None and etree.QName(element).localname.startswith(_ASKED_EACH_TIME) and not len(element):
            parent.remove(element)
    return etree.tostring(root, encoding="unicode")
