"""The demonstration's locks: one that two people signed, one that waits; none where there are no old logs."""

from datetime import timedelta

import pytest

from data_lock.models import DataLock
from simulation.groundwork import SIMULATION
from simulation.load_locks import load_locks
from simulation.team import create_office_accounts
from tests.factories import NOW, PASSWORD, ProtocolVersionFactory, VisitFactory
from visits.models import VisitLog

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F33")]


def test_old_logs_are_locked_and_newer_ones_wait_for_a_signature():
    ProtocolVersionFactory()
    create_office_accounts(by=SIMULATION, password=PASSWORD)
    assert load_locks(now=NOW, password=PASSWORD) == 0

    long_ago = NOW - timedelta(days=200)
    VisitLog.objects.create(visit=VisitFactory(), outcome="met", occurred_at=long_ago, received_at=long_ago)
    assert load_locks(now=NOW, password=PASSWORD) == 2
    locks = DataLock.objects.order_by("pk")
    assert [(lock.state, lock.rows, lock.signatures.count()) for lock in locks] == [
        ("locked", 1, 2),
        ("proposed", 1, 1),
    ]
