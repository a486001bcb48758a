"""What no rule asks about: a log corrected later, a survey gone on with, a month that others changed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.roles import Role
from quality.measures import Measure
from quality.models import PersonMonth
from quality.rules import RuleCode
from quality.services import accept_as_is, count_people
from quality.states import State
from quality.tasks import CHECKER
from surveys.models import Submission, SurveySitting
from tests.factories import NOW, UserFactory
from tests.quality.conftest import Team, answered, checked, logged
from tests.quality.test_rules import OCTOBER, SCALE, all_met
from visits.models import VisitLog
from visits.services.log_writing import beside, written


def broken_off(team: Team) -> Submission:
    """Return a survey that was opened, broken off after 35 minutes and finished a day later in five."""
    survey = answered(team.woman(), team.interviewer, team.instrument, SCALE, minutes=5)
    SurveySitting.objects.create(
        case=survey.case,
        opened_by=team.interviewer,
        opened_at=NOW - timedelta(days=1),
        pin="x",
        ended_at=NOW - timedelta(days=1) + timedelta(minutes=35),
    )
    return survey


def test_a_survey_that_was_broken_off_and_gone_on_with_is_not_short(team):
    for _ in range(9):
        answered(team.woman(), team.interviewer, team.instrument, SCALE, minutes=40)
    broken_off(team)
    assert checked(RuleCode.DURATION) == []
    count_people(by=CHECKER, now=NOW)
    short = PersonMonth.objects.get(measure=Measure.SHORT)
    assert (short.cases, short.hits) == (10, 0)


def corrected(log: VisitLog, team: Team, *, days_later: int) -> None:
    """Let a log be corrected so many days after the first came."""
    conflict = beside(log, log, written(log), author=team.officer)
    at = log.received_at + timedelta(days=days_later)
    conflict.second_id, conflict.received_at, conflict.correction = uuid4(), at, "slip"
    conflict.decision, conflict.decided_at, conflict.decided_by = "second", at, team.supervisor
    conflict.save()
    VisitLog.objects.filter(pk=log.pk).update(received_at=at)


@pytest.mark.parametrize(("sent_after_days", "late"), [(0, 0), (8, 1)])
def test_a_log_that_was_corrected_later_came_late_only_if_it_did_at_first(team, sent_after_days, late):
    sent_after = timedelta(days=sent_after_days, minutes=20)
    corrected(logged(team.woman(), team.officer, NOW - timedelta(days=30), sent_after=sent_after), team, days_later=10)
    assert [query.facts for query in checked(RuleCode.LATE_LOG)] == [{"days": sent_after_days}] * late
    count_people(by=CHECKER, now=NOW)
    assert PersonMonth.objects.get(measure=Measure.SENT_LATE).hits == late


def test_what_was_accepted_of_a_month_stays_so_when_somebody_else_s_log_comes_late(team):
    all_met(team, amiss=True)
    (query,) = checked(RuleCode.ALL_MET)
    accept_as_is(by=UserFactory(role=Role.ADMINISTRATOR), query=query, reason="checked", now=NOW)
    woman = team.woman()
    for number in range(4):
        logged(woman, team.supervisor, OCTOBER + timedelta(hours=20 * number), outcome="nobody_home")

    (found,) = checked(RuleCode.ALL_MET, now=NOW + timedelta(days=1))

    assert found.facts["share"] < query.facts["share"]
    assert found.state == State.ACCEPTED
