"""Two supervisors who bring in files in the same second."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from accounts.roles import Role
from participants.receipts import NEW, REFUSED
from tests.factories import NOW, OfficerFactory, UserFactory
from tests.visits.conftest import make_field
from tests.visits.test_devices import register
from tests.visits.test_sync import sent, visit_at
from visits import services
from visits.models import VisitLog
from visits.sync_batch import SentLog

LOGS_A_PHONE = 5


@pytest.mark.requirement("F20")
@pytest.mark.parametrize("_round", range(3))
def test_two_files_with_the_same_logs_the_other_way_round_do_not_wait_for_each_other_for_ever(committed_study, _round):
    # Written on two phones, and the same identifiers once more for other women, listed from the end: an altered file.
    field = make_field()
    colleague = OfficerFactory(user=UserFactory(role=Role.OFFICER), posted_at=field.by_risk).user
    phones = [register(field.officer).pk, register(colleague).pk]
    written: list[tuple[UUID, SentLog]] = [
        (phone, sent(visit_at(field.by_risk), log_id=uuid4())) for phone in phones for _n in range(LOGS_A_PHONE)
    ]
    altered = [(phone, replace(log, visit_id=visit_at(field.by_risk).pk)) for phone, log in reversed(written)]
    together = Barrier(2)

    def bring_in(file: list[tuple[UUID, SentLog]]) -> set[int]:
        together.wait()
        try:
            results = services.import_rescue(by=field.supervisor, sent=file, now=NOW)
            return {result.status for result in results}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(bring_in, (written, altered)))

    # Whoever came first is kept whole; the other is told that these identifiers are taken.
    assert sorted(statuses, key=max) == [{NEW}, {REFUSED}]
    assert VisitLog.objects.count() == len(written)
