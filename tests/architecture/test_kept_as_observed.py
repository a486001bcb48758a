"""What was observed is never written over: the database itself keeps the former value, whoever asks.

Old and new, by field, with who, when and why: `LogConflict` for visits, `SubmissionVersion` for surveys. The rest is
written once.
"""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from tests.factories import NOW
from tests.visits.conftest import make_field
from tests.visits.test_sync import sent, sync, visit_at
from visits.models import LogConflict, VisitLog

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F29")]

# Each table of what was observed, by what may happen to a row of it.
WRITTEN_ONCE = [
    "risk.Assessment", "surveys.CallAttempt", "surveys.SubmissionVersion", "surveys.PaperEntry", "surveys.PhoneEntry",
    "surveys.EntryDecision", "participants.StatusChange",
]  # fmt: skip
KEPT_WHERE_REPLACED = ["visits.VisitLog", "surveys.Submission"]


def refuses(statement: str) -> bool:
    """Say whether the database refuses a statement of the role that the study works with."""
    with pytest.raises(ProgrammingError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return "refused" in str(raised.value) or "permission denied" in str(raised.value)


@pytest.mark.parametrize("name", WRITTEN_ONCE)
@pytest.mark.parametrize("act", ["UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_what_is_written_once_stays(name, act):
    assert refuses(act.format(apps.get_model(name)._meta.db_table))


@pytest.mark.parametrize("name", KEPT_WHERE_REPLACED)
def test_what_may_be_replaced_is_never_emptied(name):
    assert refuses(f"TRUNCATE {apps.get_model(name)._meta.db_table} CASCADE")


def test_a_log_changes_only_where_the_former_content_is_kept():
    field = make_field()
    visit = visit_at(field.by_risk)
    sync(field.officer, sent(visit))
    log = VisitLog.objects.get()
    assert refuses("UPDATE visits_visitlog SET outcome = 'refused'")
    assert refuses("DELETE FROM visits_visitlog")

    sync(field.supervisor, sent(visit, outcome="nobody_home"))
    VisitLog.objects.update(outcome="nobody_home", content_sha256="0" * 64)

    conflict = LogConflict.objects.get()
    assert (conflict.first["outcome"], conflict.first_sha256) == ("met", log.content_sha256)
    # The new content is kept nowhere yet: it cannot change again.
    assert refuses("UPDATE visits_visitlog SET outcome = 'met'")
    assert refuses("UPDATE visits_logconflict SET first = '{}'")
    assert refuses("DELETE FROM visits_logconflict")
    LogConflict.objects.update(decision="first", decided_at=NOW, decided_by=field.supervisor)
