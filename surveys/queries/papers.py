"""Papers to enter a second time or to compare, and what a survey said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from participants.consent_scopes import Feature
from participants.queries import consent_to
from participants.status import ENDED
from surveys.differences import Difference, differences
from surveys.models import Instrument, PaperEntry, Submission, SubmissionVersion, SurveyCase, SurveyCaseQuerySet
from surveys.schedule import OPEN
from surveys.xforms.wording import in_language


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One question in its own words, with what each of two readings has."""

    name: str
    label: str
    first: str
    second: str


def papers_open(today: date) -> SurveyCaseQuerySet:
    """Return the open cases of women who may be asked, those that close first before the others."""
    found = SurveyCase.objects.exclude(participant__status__in=ENDED).filter(status__in=OPEN, window_from__lte=today)
    found = found.filter(consent_to(Feature.SURVEY, today, woman="participant")).select_related("participant")
    return found.order_by("window_until", "id")


def papers_to_enter(user: User, today: date) -> SurveyCaseQuerySet:
    """Return what a person may enter: her own women's papers first, anybody's that somebody else entered once."""
    mine = PaperEntry.objects.filter(case=OuterRef("pk"), entered_by=user)
    counted = papers_open(today).exclude(Exists(mine)).annotate(entries=Count("paper_entries"))
    return counted.filter(Q(entries=0, participant__interviewer=user) | Q(entries=1))


def papers_to_enter_again(user: User, today: date) -> SurveyCaseQuerySet:
    """Return the papers that somebody else entered once: of the others nobody knows whether there is a paper."""
    mine = PaperEntry.objects.filter(case=OuterRef("pk"), entered_by=user)
    return papers_open(today).exclude(Exists(mine)).annotate(entries=Count("paper_entries")).filter(entries=1)


def papers_to_compare(user: User, today: date) -> SurveyCaseQuerySet:
    """Return the papers whose two entries differ, for those who entered them and the woman's interviewer."""
    mine = PaperEntry.objects.filter(case=OuterRef("pk"), entered_by=user)
    counted = papers_open(today).annotate(entries=Count("paper_entries"))
    return counted.filter(Q(participant__interviewer=user) | Q(Exists(mine)), entries=2)


def entries_of(case: SurveyCase) -> list[PaperEntry]:
    """Return the entries of a paper in order."""
    return list(PaperEntry.objects.filter(case=case).select_related("entered_by", "instrument"))


def rows_of(found: Sequence[Difference], instrument: Instrument, language: str) -> list[DifferenceRow]:
    """Return differences in the words of the questionnaire."""
    asked = {question["name"]: question for question in instrument.content["questions"]}
    return [
        DifferenceRow(
            one.name,
            in_language(asked[one.name]["label"], language) if one.name in asked else one.name,
            _said(one.first, asked.get(one.name), language),
            _said(one.second, asked.get(one.name), language),
        )
        for one in found
    ]


def history_of(stored: Submission, language: str) -> list[tuple[Any, list[DifferenceRow]]]:
    """Return each version that was replaced, the newest first, with what the next one changed."""
    versions = list(SubmissionVersion.objects.filter(submission=stored).select_related("replaced_by", "instrument"))
    following = [*(version.answers for version in versions), stored.answers][1:]
    found = [
        (version, rows_of(differences(version.answers, after), version.instrument, language))
        for version, after in zip(versions, following, strict=True)
    ]
    return found[::-1]


def _said(answer: Any, question: dict[str, Any] | None, language: str) -> str:
    if answer is None:
        return "–"
    codes = {choice["code"]: choice["label"] for choice in (question or {}).get("choices", ())}
    return in_language(codes[answer], language) if isinstance(answer, str) and answer in codes else str(answer)
