"""Queries that open once, are answered, accepted, asked again, closed by the night and opened again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from quality.models import QualityQuery, QueryStep
from quality.rules import RULES, RuleCode
from quality.services import Checked, QueryElsewhere, accept_as_is, answer_query, ask_again, check_rule
from quality.states import TRANSITIONS, State
from quality.tasks import CHECKER, check_data
from tests.factories import NOW, TODAY, UserFactory
from tests.quality.conftest import checked, logged
from tests.replacing import replace

LATER = NOW + timedelta(days=2)
RULE = RULES[RuleCode.EVENT_DAY]


@pytest.fixture
def log(team):
    return logged(team.woman(), team.officer, NOW, incident_on=TODAY + timedelta(days=1))


@pytest.fixture
def query(log):
    return checked(RULE.code)[0]


@pytest.fixture
def coordinator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


def kinds(query):
    return [step.kind for step in query.steps.all()]


def test_every_state_has_its_way(db):
    assert set(TRANSITIONS) == set(State)


@pytest.mark.requirement("F27")
def test_run_twice_is_one_query_and_one_audit_row(log):
    assert check_rule(by=CHECKER, rule=RULE, now=NOW) == Checked(opened=1)
    assert check_rule(by=CHECKER, rule=RULE, now=NOW) == Checked()
    assert QualityQuery.objects.count() == QueryStep.objects.count() == 1
    (event,) = Event.objects.filter(action="quality.check_rule")
    assert event.details == {"rule": "event_day", "opened": 1, "reopened": 0, "closed": 0}


@pytest.mark.requirement("F27")
def test_query_opens_again_with_a_new_date_when_the_data_are_wrong_again(log, query):
    replace(log, incident_on=None)
    assert checked(RULE.code)[0].state == State.CLOSED
    replace(log, incident_on=TODAY + timedelta(days=3))

    (again,) = checked(RULE.code, now=LATER)
    assert (again.pk, again.state, again.due_on) == (query.pk, State.OPEN, TODAY + timedelta(days=5))
    assert again.opened_at == NOW
    assert kinds(again) == ["opened", "closed", "reopened"]


@pytest.mark.requirement("F26")
def test_query_is_answered_asked_again_and_accepted(team, query, coordinator):
    answer_query(by=team.supervisor, query=query, explanation="wrong_hour", now=NOW)
    ask_again(by=coordinator, query=query, now=LATER)
    answer_query(by=team.supervisor, query=query, explanation="stands", now=LATER)
    accepted = accept_as_is(by=coordinator, query=query, reason="checked", now=LATER)

    assert (accepted.state, accepted.due_on) == (State.ACCEPTED, TODAY + timedelta(days=5))
    steps = [(step.kind, step.reason, step.by) for step in accepted.steps.all()]
    assert steps == [
        ("opened", "", None),
        ("answered", "wrong_hour", team.supervisor),
        ("returned", "", coordinator),
        ("answered", "stands", team.supervisor),
        ("accepted", "checked", coordinator),
    ]
    events = Event.objects.filter(object_type="quality_query").order_by("pk")
    assert [event.action for event in events] == [
        "quality.answered", "quality.returned", "quality.answered", "quality.accepted",
    ]  # fmt: skip


def test_what_was_accepted_stays_so_until_its_numbers_change(team, coordinator):
    log = logged(team.woman(), team.officer, NOW - timedelta(days=30), sent_after=timedelta(days=8))
    (query,) = checked(RuleCode.LATE_LOG)
    accept_as_is(by=coordinator, query=query, reason="explained", now=NOW)
    assert checked(RuleCode.LATE_LOG)[0].state == State.ACCEPTED

    replace(log, received_at=NOW)
    (query,) = checked(RuleCode.LATE_LOG)
    assert (query.state, query.facts) == (State.OPEN, {"days": 30})


def test_what_was_put_right_is_neither_answered_nor_accepted(team, log, query, coordinator):
    replace(log, incident_on=None)
    checked(RULE.code)
    with pytest.raises(QueryElsewhere):
        answer_query(by=team.supervisor, query=query, explanation="stands", now=NOW)
    with pytest.raises(QueryElsewhere):
        accept_as_is(by=coordinator, query=query, reason="checked", now=NOW)
    with pytest.raises(QueryElsewhere):
        ask_again(by=coordinator, query=query, now=NOW)


def test_supervisor_accepts_nothing_and_the_coordination_answers_for_nobody(team, query, coordinator):
    with pytest.raises(PermissionMissing):
        accept_as_is(by=team.supervisor, query=query, reason="checked", now=NOW)
    with pytest.raises(PermissionMissing):
        answer_query(by=coordinator, query=query, explanation="stands", now=NOW)
    with pytest.raises(PermissionMissing):
        check_rule(by=coordinator, rule=RULE, now=NOW)


@pytest.mark.requirement("F34")
def test_each_sees_her_own(team, query, coordinator):
    seen = {
        role: QualityQuery.objects.visible_to(UserFactory(role=role)).count()
        for role in Role
        if role != Role.ADMINISTRATOR
    }
    assert seen == dict.fromkeys(seen, 0)
    assert list(QualityQuery.objects.visible_to(team.supervisor)) == [query]
    assert list(QualityQuery.objects.visible_to(coordinator)) == [query]
    assert not QualityQuery.objects.visible_to(team.officer).exists()
    assert not QualityQuery.objects.visible_to(team.interviewer).exists()


def test_thread_is_kept_as_it_was_written(query):
    with pytest.raises(DatabaseError), transaction.atomic():
        QueryStep.objects.filter(query=query).update(reason="x")


def test_night_runs_every_rule(log):
    check_data()
    check_data()
    assert list(QualityQuery.objects.values_list("rule", flat=True)) == ["event_day"]
