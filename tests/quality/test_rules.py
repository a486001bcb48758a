"""Each rule: an example that it finds, one beside it that it does not, and the query that closes itself when mended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from participants.models import Participant
from participants.sealing import seal_text
from quality.rules import RULES, Desk, RuleCode
from quality.services import mark_notes
from quality.states import State
from quality.tasks import CHECKER
from surveys.models import Submission, SurveySitting
from tests.factories import NOW, TODAY
from tests.quality.conftest import Team, answered, checked, logged
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


def twice(team: Team, amiss: bool) -> Mend:
    woman = team.woman()
    logged(woman, team.officer, NOW)
    log = logged(woman, team.supervisor, NOW + timedelta(minutes=59 if amiss else 60))
    return changed(log, outcome="nobody_home")


def event_day(team: Team, amiss: bool) -> Mend:
    log = logged(team.woman(), team.officer, NOW, incident_on=TODAY + timedelta(days=1 if amiss else 0))
    return changed(log, incident_on=TODAY)


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


EXAMPLES = {
    late_log: RuleCode.LATE_LOG,
    far_from_plan: RuleCode.FAR_FROM_PLAN,
    impossible_time: RuleCode.IMPOSSIBLE_TIME,
    hour_ahead: RuleCode.IMPOSSIBLE_TIME,
    before_enrolment: RuleCode.OUTSIDE_PART,
    after_withdrawal: RuleCode.OUTSIDE_PART,
    too_close: RuleCode.TOO_CLOSE,
    twice: RuleCode.TWICE,
    event_day: RuleCode.EVENT_DAY,
    age_differs: RuleCode.AGE_DIFFERS,
    contradicts: RuleCode.CONTRADICTS,
    straight_line: RuleCode.STRAIGHT_LINE,
    same_answers: RuleCode.SAME_ANSWERS,
    duration: RuleCode.DURATION,
    round_minutes: RuleCode.ROUND_MINUTES,
    all_met: RuleCode.ALL_MET,
    copied_notes: RuleCode.COPIED_NOTES,
}


# Of surveys asked again: tests/quality/test_asked_again.py.
ELSEWHERE = {RuleCode.ASKED_AGAIN}


def test_every_rule_has_an_example():
    assert ELSEWHERE | set(EXAMPLES.values()) == set(RULES) == set(RuleCode)


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
        Desk.COORDINATION: (query.person, team.officer),
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


def test_month_that_is_not_over_is_not_judged(team):
    _month_of(team, logs=40, minutes=5)
    assert checked(RuleCode.ROUND_MINUTES, now=datetime(2026, 10, 31, 15, 0, tzinfo=UTC)) == []
    assert len(checked(RuleCode.ROUND_MINUTES, now=datetime(2026, 11, 1, 15, 0, tzinfo=UTC))) == 1
