"""Two phones at the same door in the same second."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from tests.factories import NOW, ParticipantFactory, VisitFactory, WeekPlanFactory
from tests.visits.conftest import make_field
from tests.visits.test_logs import LOG_ID, log
from visits import services
from visits.log_content import VisitAnswers, content_of
from visits.models import LogConflict, VisitLog

OTHER_ID = UUID("0198aaaa-0000-7000-8000-000000000002")


@pytest.mark.requirement("F20", "F21")
@pytest.mark.parametrize(
    ("ids", "answers"),
    [
        ((LOG_ID, LOG_ID), {"kept"}),
        ((LOG_ID, OTHER_ID), {"kept", services.AlreadyLogged.code}),
    ],
    ids=["the same log", "two logs"],
)
def test_two_logs_at_once_leave_one(committed_study, ids, answers):
    field = make_field()
    visit = VisitFactory(plan=WeekPlanFactory(participant=ParticipantFactory(station=field.by_risk)))
    together = Barrier(2)

    def send(log_id: UUID) -> str:
        together.wait()
        try:
            log(field.officer, visit, log_id=log_id, outcome="unsafe")
        except services.AlreadyLogged as error:
            return error.code
        else:
            return "kept"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(send, ids)) == answers

    assert VisitLog.objects.get().visit_id == visit.pk


@pytest.mark.requirement("F21", "F30")
@pytest.mark.parametrize(
    ("ids", "answers"),
    [
        ((LOG_ID, LOG_ID), {"kept"}),
        ((LOG_ID, OTHER_ID), {"kept", services.CorrectionWaits.code}),
    ],
    ids=["the same correction", "two corrections"],
)
def test_two_corrections_at_once_leave_one(committed_study, ids, answers):
    field = make_field()
    visit = VisitFactory(plan=WeekPlanFactory(participant=ParticipantFactory(station=field.by_risk)))
    kept = log(field.officer, visit, log_id=UUID(int=1))
    content = content_of(outcome="nobody_home", occurred_at=kept.occurred_at, answers=VisitAnswers(), note="")
    together = Barrier(2)

    def send(correction_id: UUID) -> str:
        together.wait()
        try:
            services.correct_log(
                by=field.officer, log=kept, correction_id=correction_id, content=content,
                reason=LogConflict.Correction.SLIP, now=NOW,
            )  # fmt: skip
        except services.CorrectionWaits as error:
            return error.code
        else:
            return "kept"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(send, ids)) == answers

    assert LogConflict.objects.get().log == kept
