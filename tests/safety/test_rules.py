"""The table of rules, and visits missed in a row."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from safety.models import SafetyCase
from safety.rules import BY_HAND, RULES, Severity, is_missed_in_a_row, rule_of

SUPPLEMENT = json.loads(Path("risk/data/fvr_pareja.supplement.json").read_text())
MONDAY = date(2026, 11, 16)


def test_every_alert_of_the_shipped_scale_stands_in_the_table_with_its_words():
    assert {alert["code"]: alert["label_en"] for alert in SUPPLEMENT["alerts"]} == {
        code: str(RULES[code].label)
        for code in ("extreme_level", "own_life", "children", "strangulation", "new_weapon_use")
    }


def test_every_severity_is_one_that_a_case_can_have():
    assert {rule.severity.value for rule in RULES.values()} == set(SafetyCase.Severity.values)


def test_an_alert_that_the_table_does_not_know_is_serious_and_nobody_chooses_it():
    rule = rule_of("choking")
    assert (rule.code, str(rule.label), rule.severity) == (
        "choking", "A warning of the risk sheet", Severity.SERIOUS,
    )  # fmt: skip
    assert [rule.code for rule in BY_HAND] == [
        "child_in_danger", "harmed", "grave_news", "privacy", "distress", "other",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], False),
        ([(0, True)], False),
        ([(0, True), (2, True)], True),
        ([(0, True), (7, True)], True),  # within seven days
        ([(0, True), (8, True)], False),
        ([(0, False), (1, True), (2, True)], False),  # she was met since
        ([(0, True), (1, False), (2, True)], False),
        ([(0, True), (1, True), (2, False)], True),
    ],
)
def test_two_visits_missed_in_a_row(states, expected):
    visits = [(MONDAY - timedelta(days=ago), missed) for ago, missed in states]
    assert is_missed_in_a_row(visits, visits=2, within_days=7) is expected


def test_three_visits_may_be_asked_for():
    visits = [(MONDAY - timedelta(days=ago), True) for ago in range(2)]
    assert is_missed_in_a_row(visits, visits=3, within_days=7) is False
