"""Each rule: an example that it finds, one beside it that it does not, and the query that closes itself when mended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from participants.models import Participant
from participants.sealing import seal_text
from quality.presenters import TO_DO
from quality.queries.findings import STATEMENTS
from quality.rules import RULES, Desk, RuleCode
from quality.services import mark_notes
from quality.states import State
from quality.tasks import CHECKER
from stations.models import Officer
from surveys.models import DataQuery, Submission, SurveySitting
from surveys.services import explain_query
from tests.factories import NOW, TODAY, OfficerFactory
from tests.quality.conftest import Team, answered, checked, logged
from tests.quality.test_asked_again import TOLD as TOLD_FIRST
from tests.quality.test_asked_again import again
from tests.replacing import replace
from visits.models import VisitLog
from visits.services.log_writing import LOG_NOTE


def sealed(woman: Participant, note: str) -> bytes | None:
    return seal_text(woman, note, purpose=LOG_NOTE)


Mend = Callable[[], object]
OCTOBER = datetime(2026, 10, 1, 15, 3, tzinfo=UTC)
SCALE = {f"response_{number}": "4" for number in range(1, 13)}
TOLD = {f"physical_{number}_ever": "yes" for number in range(1, 5)}


def changed(row: VisitLog | Submission, **fields: object) -> Mend:
    return lambda: replace(row, **fields)


def late_log(team: Team, amiss: bool) -> Mend:
    days = 8 if amiss else 6
    log = logged(team.woman(), team.officer, NOW - timedelta(days=20), sent_after=timedelta(days=days))
    return changed(log, received_at=log.occurred_at)


def far_from_plan(team: Team, amiss: bool) -> Mend:
    log = logged(team.woman(), team.officer, NOW)
    log.visit.planned_on = TODAY - timedelta(days=4 if amiss else 3)
    log.visit.save()
    return changed(log, occurred_at=NOW - timedelta(days=4))


def impossible_time(team: Team, amiss: bool) -> Mend:
    # In Lima 22:00 and 21:59.
    at = datetime(2026, 11, 18, 3, 0, tzinfo=UTC) - timedelta(minutes=0 if amiss else 1)
    return changed(logged(team.woman(), team.officer, at), occurred_at=NOW, received_at=NOW)


def hour_ahead(team: Team, amiss: bool) -> Mend:
    log = logged(team.woman(), team.officer, NOW, sent_after=timedelta(minutes=-11 if amiss else -10))
    return changed(log, received_at=NOW)


def before_enrolment(team: Team, amiss: bool) -> Mend:
    log = logged(team.woman(), team.officer, NOW - timedelta(days=61 if amiss else 60))
    return changed(log, occurred_at=NOW)


def after_withdrawal(team: Team, amiss: bool) -> Mend:
    woman = team.woman()
    log = logged(woman, team.officer, NOW)
    left = NOW - timedelta(hours=1) if amiss else NOW + timedelta(hours=1)
    Participant.objects.filter(pk=woman.pk).update(status="withdrawn", status_changed_at=left)
    return changed(log, occurred_at=NOW - timedelta(hours=2))


def too_close(team: Team, amiss: bool) -> Mend:
    logged(team.woman(), team.officer, NOW)
    log = logged(team.woman(), team.officer, NOW + timedelta(minutes=4 if amiss else 5))
    return changed(log, occurred_at=NOW + timedelta(hours=1))


def sent(log: VisitLog, *officers: Officer) -> VisitLog:
    """Let a visit be one of two who were sent together."""
    log.visit.first_officer, log.visit.second_officer = sorted(officers, key=lambda officer: officer.pk)
    log.visit.save()
    return log


def two_doors(team: Team, amiss: bool) -> Mend:
    """A third officer goes with one, and four minutes later elsewhere with another: nobody logged both."""
    both, other = OfficerFactory(posted_at=team.station), OfficerFactory(posted_at=team.station)
    sent(logged(team.woman(), team.officer, NOW), team.officer.officer, both)
    log = logged(team.woman(), other.user, NOW + timedelta(minutes=4 if amiss else 5))
    return changed(sent(log, other, both), occurred_at=NOW + timedelta(hours=1))


def twice(team: Team, amiss: bool) -> Mend:
    woman = team.woman()
    logged(woman, team.officer, NOW)
    log = logged(woman, team.supervisor, NOW + timedelta(minutes=59 if amiss else 60))
    return changed(log, outcome="nobody_home")


def event_day(team: Team, amiss: bool) -> Mend:
    log = logged(team.woman(), team.officer, NOW, incident_on=TODAY + timedelta(days=1 if amiss else 0))
    return changed(log, incident_on=TODAY)


def form_rules(team: Team, amiss: bool) -> Mend:
    survey = answered(team.woman(), team.interviewer, team.instrument, {"age": "400"})
    broken = {"place": "/data/age", "breach": "constraint"}
    DataQuery.objects.create(submission=survey, **broken, opened_at=NOW)
    changed(survey, findings=[broken] if amiss else [])()
    return changed(survey, answers={"age": "40"}, findings=[])


def age_differs(team: Team, amiss: bool) -> Mend:
    survey = answered(team.woman(), team.interviewer, team.instrument, {"age": "37" if amiss else "36"})
    return changed(survey, answers={"age": "34"})


def contradicts(team: Team, amiss: bool) -> Mend:
    woman = team.woman()
    answered(woman, team.interviewer, team.instrument, TOLD)
    now = dict.fromkeys(list(TOLD)[: 3 if amiss else 2], "no")
    return changed(answered(woman, team.interviewer, team.instrument, TOLD | now, wave=3), answers=TOLD)


def straight_line(team: Team, amiss: bool) -> Mend:
    scale = SCALE if amiss else SCALE | {"response_7": "3"}
    survey = answered(team.woman(), team.interviewer, team.instrument, scale)
    return changed(survey, answers=SCALE | {"response_1": "2"})


def same_answers(team: Team, amiss: bool) -> Mend:
    many = SCALE | {f"question_{number}": "no" for number in range(10)}
    answered(team.woman(), team.interviewer, team.instrument, many)
    other = many if amiss else many | {"question_1": "yes"}
    survey = answered(team.woman(), team.interviewer, team.instrument, other, at=NOW + timedelta(hours=1))
    return changed(survey, answers=many | {"question_2": "yes"})


def duration(team: Team, amiss: bool) -> Mend:
    for _ in range(9):
        answered(team.woman(), team.interviewer, team.instrument, SCALE, minutes=40)
    survey = answered(team.woman(), team.interviewer, team.instrument, SCALE, minutes=11 if amiss else 12)
    sitting = SurveySitting.objects.filter(case=survey.case)
    return lambda: sitting.update(opened_at=NOW - timedelta(minutes=30))


def _month_of(team: Team, *, logs: int, minutes: int, outcome: str = "met") -> list[VisitLog]:
    woman = team.woman()
    times = [OCTOBER.replace(minute=minutes) + timedelta(hours=15 * number) for number in range(logs)]
    return [logged(woman, team.officer, at, outcome=outcome) for at in times]


def round_minutes(team: Team, amiss: bool) -> Mend:
    logs = _month_of(team, logs=40 if amiss else 39, minutes=5)
    return lambda: [changed(log, occurred_at=log.occurred_at + timedelta(minutes=1))() for log in logs]


def all_met(team: Team, amiss: bool) -> Mend:
    mine = _month_of(team, logs=40, minutes=3)
    woman = team.woman()
    for number in range(20):
        at = OCTOBER + timedelta(hours=20 * number)
        logged(woman, team.supervisor, at, outcome="nobody_home" if amiss or number < 3 else "met")
    return changed(mine[0], outcome="nobody_home")


def copied_notes(team: Team, amiss: bool) -> Mend:
    note = "Conversamos en la puerta, dijo que todo está tranquilo."
    women = [team.woman() for _ in range(3)]
    notes = [note, note.upper(), note if amiss else "Salió un momento y volvió con la compra del día."]
    logs = [
        logged(woman, team.officer, NOW + timedelta(hours=number), sealed_note=sealed(woman, notes[number]))
        for number, woman in enumerate(women)
    ]
    mark_notes(by=CHECKER)
    return lambda: (
        changed(logs[0], sealed_note=sealed(women[0], "Estaba su hermana; quedamos para otro día de la semana."))(),
        mark_notes(by=CHECKER),
    )


def asked_again(team: Team, amiss: bool) -> Mend:
    survey = again(team, ("education", 1, 0, "primary" if amiss else "secondary")).submission
    return changed(survey, answers={**TOLD_FIRST, "education": "primary"})


EXAMPLES = {
    late_log: RuleCode.LATE_LOG,
    far_from_plan: RuleCode.FAR_FROM_PLAN,
    impossible_time: RuleCode.IMPOSSIBLE_TIME,
    hour_ahead: RuleCode.IMPOSSIBLE_TIME,
    before_enrolment: RuleCode.OUTSIDE_PART,
    after_withdrawal: RuleCode.OUTSIDE_PART,
    too_close: RuleCode.TOO_CLOSE,
    two_doors: RuleCode.TWO_DOORS,
    twice: RuleCode.TWICE,
    event_day: RuleCode.EVENT_DAY,
    form_rules: RuleCode.FORM_RULES,
    age_differs: RuleCode.AGE_DIFFERS,
    contradicts: RuleCode.CONTRADICTS,
    straight_line: RuleCode.STRAIGHT_LINE,
    same_answers: RuleCode.SAME_ANSWERS,
    duration: RuleCode.DURATION,
    round_minutes: RuleCode.ROUND_MINUTES,
    all_met: RuleCode.ALL_MET,
    copied_notes: RuleCode.COPIED_NOTES,
    asked_again: RuleCode.ASKED_AGAIN,
}


def test_every_rule_has_its_examples_its_statement_and_its_words():
    """Each example is run thrice below: it is found, it closes when mended, and beside its limit it is not found."""
    assert set(EXAMPLES.values()) == set(RULES) == set(RuleCode) == set(STATEMENTS) == set(TO_DO)


@pytest.mark.requirement("N13", "F25", "F51")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
def test_rule_finds_what_is_amiss_and_closes_its_query_when_that_is_mended(team, example):
    rule = RULES[EXAMPLES[example]]
    mend = example(team, amiss=True)
    (query,) = checked(rule.code)
    assert (query.state, query.desk) == (State.OPEN, rule.desk)
    assert query.due_on == TODAY + timedelta(days=rule.days_to_answer)
    owner = {
        Desk.STATION: (query.station, team.station),
        Desk.INTERVIEWER: (query.person, team.interviewer),
        Desk.COORDINATION: (query.person, team.interviewer if rule.code == RuleCode.ASKED_AGAIN else team.officer),
    }[rule.desk]
    assert owner[0] == owner[1]

    mend()

    (query,) = checked(rule.code, now=NOW + timedelta(days=1))
    assert query.state == State.CLOSED
    assert [step.kind for step in query.steps.all()] == ["opened", "closed"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
def test_rule_leaves_what_is_on_the_right_side_of_its_limit(team, example):
    example(team, amiss=False)
    assert checked(EXAMPLES[example]) == []


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.desk == Desk.INTERVIEWER])
def test_facts_about_a_survey_are_counts_and_never_answers(team, code):
    example = next(example for example, found in EXAMPLES.items() if found == code)
    example(team, amiss=True)
    (query,) = checked(code)
    assert set(query.facts) <= {"wave", "items", "minutes"}


def test_survey_that_nobody_took_is_not_asked_about(team):
    answered(team.woman(), None, team.instrument, SCALE)
    assert checked(RuleCode.STRAIGHT_LINE) == []


def test_whoever_was_sent_with_the_one_who_wrote_both_is_at_two_doors_too(team):
    both = OfficerFactory(posted_at=team.station)
    for minutes in (0, 4):
        log = logged(team.woman(), team.officer, NOW + timedelta(minutes=minutes))
        sent(log, team.officer.officer, both)
    assert [query.person for query in checked(RuleCode.TOO_CLOSE)] == [team.officer]
    assert [(query.person, query.facts) for query in checked(RuleCode.TWO_DOORS)] == [(both.user, {"minutes": 4})]


def test_who_was_sent_to_a_visit_that_others_made_was_not_there(team):
    """The log of somebody who was not sent says that the pair of the plan did not go."""
    both, other, stranger = (OfficerFactory(posted_at=team.station) for _ in range(3))
    sent(logged(team.woman(), team.officer, NOW), team.officer.officer, both)
    sent(logged(team.woman(), stranger.user, NOW), other, both)
    sent(logged(team.woman(), other.user, NOW, outcome="nobody_home"), other, both)
    assert checked(RuleCode.TWO_DOORS) == []


def test_question_about_broken_rules_is_one_for_a_survey_until_each_answer_is_explained(team):
    survey = answered(team.woman(), team.interviewer, team.instrument, {"age": "400"})
    broken = [{"place": f"/data/{name}", "breach": "constraint"} for name in ("age", "children")]
    changed(survey, findings=broken)()
    asked = [DataQuery.objects.create(submission=survey, **one, opened_at=NOW) for one in broken]
    assert [query.facts for query in checked(RuleCode.FORM_RULES)] == [{"wave": "month_0", "items": 2}]
    states = []
    for query in asked:
        explain_query(by=team.interviewer, query=query, explanation="stands", now=NOW)
        states += [(query.state, query.facts["items"]) for query in checked(RuleCode.FORM_RULES)]
    assert states == [(State.OPEN, 1), (State.CLOSED, 1)]


def test_month_that_is_not_over_is_not_judged(team):
    _month_of(team, logs=40, minutes=5)
    assert checked(RuleCode.ROUND_MINUTES, now=datetime(2026, 10, 31, 15, 0, tzinfo=UTC)) == []
    assert len(checked(RuleCode.ROUND_MINUTES, now=datetime(2026, 11, 1, 15, 0, tzinfo=UTC))) == 1
