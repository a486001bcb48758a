"""The migration that made safety cases of alerts: its SQL, run over a table as it was."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from participants import sealing
from safety.models import SafetyAction, SafetyCase
from safety.services import open_notes
from tests.factories import NOW, AssessmentFactory

AS_IT_WAS = """
CREATE TEMPORARY TABLE risk_alert (
    id bigint, participant_id bigint, assessment_id bigint, rule varchar(32), raised_at timestamptz, due_at timestamptz,
    responsible_id bigint, answered_at timestamptz, answered_by_id bigint, response varchar(32), sealed_note bytea
) ON COMMIT DROP
"""
(FILE,) = Path("risk/migrations").glob("*_alerts_become_cases.py")
TO_CASES = import_module(f"risk.migrations.{FILE.stem}").TO_CASES


@pytest.fixture
def insert(db):
    with connection.cursor() as cursor:
        cursor.execute(AS_IT_WAS)

        def run(*values):
            cursor.execute(f"INSERT INTO risk_alert VALUES ({', '.join(['%s'] * 11)})", values)

        yield run


def test_alerts_keep_their_clock_their_answer_and_their_sealed_note(care, woman, safety_officer, insert):
    sheet = AssessmentFactory(participant=woman, assessed_by=care.officer)
    note, due = sealing.seal_text(woman, "Fue a casa de su tía", purpose="alert note"), NOW + timedelta(hours=24)
    answered = (NOW, safety_officer.pk, "spoke_to_her", note)
    insert(7, woman.pk, sheet.pk, "strangulation", NOW, due, safety_officer.pk, *answered)
    insert(8, woman.pk, sheet.pk, "strangulation", NOW, due, safety_officer.pk, None, None, "", None)
    insert(9, woman.pk, None, "officer_concern", NOW, due, None, None, None, "", None)
    insert(10, woman.pk, None, "officer_concern", NOW, due + timedelta(hours=1), None, None, None, "", None)

    with connection.cursor() as cursor:
        cursor.execute(TO_CASES)

    rows = SafetyCase.objects.order_by("pk").values_list(
        "pk", "rule", "severity", "origin", "origin_id", "raised_by", "state", "outcome", "times", "first_response_at"
    )
    assert list(rows) == [
        (7, "strangulation", "serious", "assessment", str(sheet.pk), care.officer.pk, "closed", "safe_for_now", 1, NOW),
        (8, "strangulation", "serious", "assessment", str(sheet.pk), care.officer.pk, "open", "", 1, None),
        (9, "officer_concern", "ordinary", "visit", "", None, "open", "", 2, None),
    ]
    assert {case.first_response_due_at for case in SafetyCase.objects.all()} == {due}
    actions = SafetyAction.objects.order_by("case")
    assert [(action.case_id, action.kind, action.by) for action in actions] == [
        (7, "spoke_to_her", safety_officer), (9, "happened_again", None),
    ]  # fmt: skip
    case = SafetyCase.objects.get(pk=7)
    assert list(open_notes(by=safety_officer, case=case, now=NOW).values()) == ["Fue a casa de su tía"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('safety_safetycase', 'id'))")
        assert cursor.fetchone() > (10,)


def test_nothing_to_move_is_no_trouble(insert):
    with connection.cursor() as cursor:
        cursor.execute(TO_CASES)
    assert not SafetyCase.objects.exists()
