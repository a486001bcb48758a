"""What came after a lock is in no data set as long as the lock stands, and in all of them once it is lifted."""

import pytest

from accounts.roles import Role
from data_lock.states import LockKind
from panel.queries import datasets
from panel.queries.tables import rows_page
from panel.services import give_logs
from panel.tables import find
from tests.data_lock.locking import lifted, locked
from tests.data_lock.test_locks import THEN, logged
from tests.factories import NOW, TODAY, AssessmentFactory, UserFactory
from visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F33")]
NAMES = ("visits", "risk", "panel_wave", "panel_month", "panel_week", "participants")


def given(name):
    """Return the rows of a data set as a reader who knows the arms gets them today."""
    found = find(datasets(reads_arm=True), name)
    names, rows = rows_page(found, filters=(), after=None, limit=500, today=TODAY, reads_arm=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def given_to_programs():
    """Return the outcomes of the logs that programs read by key."""
    page = give_logs(by=UserFactory(role=Role.STATISTICIAN), after=None, limit=50, token_id=None, now=NOW)
    return [row["outcome"] for row in page.rows]


def test_programs_read_no_log_that_came_late_until_the_lock_is_lifted(field):
    logged(field)
    lock = locked()
    logged(field, outcome="nobody_home")
    assert given_to_programs() == ["met"]
    lifted(lock)
    assert sorted(given_to_programs()) == ["met", "nobody_home"]


def test_what_came_late_is_left_out_until_the_lock_is_lifted(field):
    lock = locked(kind=LockKind.EVERYTHING)
    visit, _result = logged(field)
    woman = visit.participant
    AssessmentFactory(participant=woman, assessed_at=THEN, level="severo_2", level_rank=3)
    assert Visit.objects.get(pk=visit.pk).status == "done"

    before = {name: given(name) for name in NAMES}
    assert [(row["status"], row["outcome"]) for row in before["visits"]] == [("missed", None)]
    assert before["risk"] == []
    assert sum(row["visits_done"] or 0 for row in before["panel_week"]) == 0
    assert sum(row["visits_missed"] or 0 for row in before["panel_week"]) == 1
    assert {row["visits_done"] for row in before["panel_wave"]} <= {0, None}

    lifted(lock)
    after = {name: given(name) for name in NAMES}
    assert [(row["status"], row["outcome"]) for row in after["visits"]] == [("done", "met")]
    assert [row["number"] for row in after["risk"]] == [1]
    for name in ("panel_week", "panel_month"):
        assert sum(row["visits_done"] or 0 for row in after[name]) == 1
        assert sum(row["visits_missed"] or 0 for row in after[name]) == 0
