"""The rule about what was told otherwise to somebody else: it fires, and closes itself when the survey is put right."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from back_checks.models import BackCheck, BackCheckItem
from quality.measures import Measure
from quality.models import QualityQuery
from quality.queries.rates import everybodys
from quality.services import count_people
from quality.states import State
from quality.tasks import CHECKER
from surveys.models import Submission, SubmissionVersion
from tests.factories import NOW, TODAY, UserFactory
from tests.quality.conftest import answered, checked

TOLD = {"age": "34", "education": "secondary", "years_together": "9", "place_to_stay": "yes"}


def again(team, *items: tuple[str, int, int, str], first: dict[str, str] = TOLD) -> BackCheck:
    """Return a survey asked again: of each question its kind, how far it may lie apart, and the second answer."""
    survey = answered(team.woman(), team.interviewer, team.instrument, first)
    check = BackCheck.objects.create(
        participant=survey.case.participant, submission=survey, first=team.interviewer,
        interviewer=UserFactory(role=Role.INTERVIEWER), chosen_at=NOW, window_from=TODAY, window_until=TODAY,
        status="done", status_changed_at=NOW, asked_at=NOW, channel="visit",
    )  # fmt: skip
    BackCheckItem.objects.bulk_create(
        BackCheckItem(
            back_check=check, question=name, kind=kind, within=within, first_answer=first.get(name, "yes"), answer=said,
            differs=None if not said else first.get(name, "yes") != said,
        )
        for name, kind, within, said in items
    )  # fmt: skip
    return check


@pytest.mark.requirement("N13")
def test_facts_told_otherwise_are_asked_about_at_the_coordinations_desk(team):
    again(team, ("education", 1, 0, "primary"), ("years_together", 2, 1, "12"), ("took_place", 1, 0, "no"))
    (query,) = checked("asked_again")
    assert (query.desk, query.person, query.facts, query.about) == ("coordination", team.interviewer, {"items": 3}, "")


# what the second answer was, and whether anything is asked about it
@pytest.mark.parametrize(
    "item",
    [
        ("education", 1, 0, "secondary"),
        ("years_together", 2, 1, "10"),
        ("age", 1, 1, "33"),
        ("place_to_stay", 3, 0, "no"),
        ("education", 1, 0, ""),
        ("took_place", 1, 0, "yes"),
    ],
)
def test_what_is_the_same_may_change_or_was_not_said_is_no_question(team, item):
    again(team, item)
    assert checked("asked_again") == []


def test_who_preferred_not_to_say_at_first_contradicts_nothing(team):
    again(team, ("education", 1, 0, "primary"), first={**TOLD, "education": "refused"})
    assert checked("asked_again") == []


@pytest.mark.requirement("F27")
def test_it_closes_itself_when_the_survey_is_put_right(team):
    survey = again(team, ("education", 1, 0, "primary")).submission
    assert [query.state for query in checked("asked_again")] == [State.OPEN]
    SubmissionVersion.objects.create(
        submission=survey, number=1, instrument=survey.instrument, answers=survey.answers, is_complete=True,
        replaced_at=NOW, replaced_by=team.interviewer, reason="query",
    )  # fmt: skip
    Submission.objects.update(answers={**TOLD, "education": "primary"})
    assert [query.state for query in checked("asked_again", now=NOW + timedelta(days=1))] == [State.CLOSED]


@pytest.mark.requirement("F34")
def test_whoever_asked_first_is_not_told(team):
    again(team, ("education", 1, 0, "primary"))
    checked("asked_again")
    assert not QualityQuery.objects.visible_to(team.interviewer).exists()
    assert not QualityQuery.objects.visible_to(team.supervisor).exists()


def test_facts_alone_are_a_measure_of_whoever_asked_first(team):
    again(team, ("education", 1, 0, "primary"), ("age", 1, 1, ""), ("place_to_stay", 3, 0, "no"))
    count_people(by=CHECKER, now=NOW)
    assert everybodys(Measure.DIFFERS, since=None) == (1, 1)
