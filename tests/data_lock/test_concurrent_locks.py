"""A lock and what is brought in the same second; two who sign at once; and somebody who owns the whole server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from accounts.roles import Role
from data_lock import services
from data_lock.models import LateArrival
from data_lock.states import LockKind
from participants.receipts import NEW
from protocol.locked_data import locked_data_told
from tests.data_lock.locking import LATER, locked, person, proposed, signed, whoever_owns_the_tables
from tests.data_lock.test_locks import logged
from tests.factories import PASSWORD
from tests.locks import at_once
from tests.visits.conftest import make_field
from visits.models import VisitLog

pytestmark = pytest.mark.requirement("F33")


def test_two_who_sign_at_once_lock_once(committed_study):
    make_field()
    lock, people = proposed(), [person(), person(Role.RESEARCHER), person(Role.STATISTICIAN)]
    found = at_once(*(lambda who=who: signed(lock, who).state for who in people))
    assert sorted(found) == ["lock_moved_on", "locked", "proposed"]


def test_the_same_person_twice_at_once_signs_once(committed_study):
    make_field()
    lock, who = proposed(), person()
    found = at_once(*(lambda: signed(lock, who).state for _hand in range(2)))
    assert sorted(found) == ["proposed", "signed_already"]


def test_two_who_propose_the_same_at_once_propose_it_once(committed_study):
    make_field()
    people = [person(), person()]
    found = at_once(*(lambda who=who: proposed(who).state for who in people))
    assert sorted(found) == ["locked_already", "proposed"]


def test_each_log_is_signed_or_on_the_list(committed_study):
    """Twelve logs come while a lock is proposed and signed: each is in its rows or on its list, and none in both."""
    field = make_field()
    people = [person(), person(), person(Role.RESEARCHER)]

    def lock():
        made = proposed(people[0])
        signed(made, people[1])
        return signed(made, people[2])

    found = at_once(*(lambda: [logged(field)[1].status for _each in range(4)] for _phone in range(3)), lock)
    made = found[-1]
    assert made.rows + LateArrival.objects.filter(lock=made, is_out=True).count() == VisitLog.objects.count() == 12
    assert services.check_lock(by=people[0], lock=made, now=made.locked_at).problem == ""


def test_a_log_that_was_begun_before_the_proposal_is_waited_for(committed_study):
    """It is not committed yet when somebody proposes: the proposal waits, and the log is among what is signed."""
    field, who = make_field(), person()
    lock = _while_a_log_comes(field, lambda: proposed(who))
    signed(lock)
    lock.refresh_from_db()
    assert (lock.rows, LateArrival.objects.count()) == (1, 0)


def test_a_late_log_that_was_begun_before_a_lock_is_called_off_joins_the_data(committed_study):
    """It is on the list and not committed yet when the lock ends: else it would stay out of the data for ever."""
    field, lock, who = make_field(), proposed(), person()
    _while_a_log_comes(field, lambda: services.call_off_lock(by=who, lock=lock, now=LATER))
    assert [(late.lock_id, late.is_out) for late in LateArrival.objects.all()] == [(lock.pk, False)]


def test_a_late_log_that_was_begun_before_a_lock_is_lifted_joins_the_data(committed_study):
    field, lock, people = make_field(), locked(), [person(), person(Role.STATISTICIAN)]
    services.ask_lifting(by=people[0], lock=lock, password=PASSWORD, reason="A file came late", now=LATER)
    _while_a_log_comes(field, lambda: services.sign_lifting(by=people[1], lock=lock, password=PASSWORD, now=LATER))
    assert [(late.lock_id, late.is_out) for late in LateArrival.objects.all()] == [(lock.pk, False)]


def test_a_late_log_does_not_wait_for_whoever_signs(committed_study):
    """A year of rows takes seconds to count: telephones go on sending meanwhile."""
    field, lock, who = make_field(), proposed(), person()

    def bring():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
        return logged(field)[1].status

    with transaction.atomic():
        signed(lock, who)
        assert at_once(bring) == [NEW]
    assert [late.is_out for late in LateArrival.objects.all()] == [True]


def _while_a_log_comes(field, act):
    """Do something about a lock while a log is written and not committed; it must wait for the log."""
    begun, may_end = Event(), Event()

    def bring():
        try:
            with transaction.atomic():
                logged(field)
                begun.set()
                assert may_end.wait(60)
        finally:
            connection.close()

    def acting():
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        bringing = pool.submit(bring)
        assert begun.wait(60)
        doing = pool.submit(acting)
        try:
            while not _somebody_waits():
                assert not doing.done(), "it did not wait for the log"
                may_end.wait(0.02)
        finally:
            may_end.set()
        bringing.result(60)
        return doing.result(60)


def _somebody_waits():
    with connection.cursor() as cursor:
        here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
        cursor.execute(
            f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = {here}"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("table", "statement", "problem"),
    [
        ("visits_visitlog", "UPDATE visits_visitlog SET outcome = 'refused'", "rows"),
        ("visits_visitlog", "DELETE FROM visits_visitlog", "rows"),
        ("data_lock_latearrival", "DELETE FROM data_lock_latearrival", "rows"),
        ("data_lock_locksignature", "UPDATE data_lock_locksignature SET meaning = 'responsible'", "signatures"),
        (
            "data_lock_locksignature",
            "UPDATE data_lock_locksignature SET signed_by_id = (SELECT min(id) FROM accounts_user)",
            "signatures",
        ),
        ("data_lock_datalock", "UPDATE data_lock_datalock SET until = until - 1", "rows"),
        ("data_lock_datalock", "UPDATE data_lock_datalock SET sha256 = repeat('0', 64)", "rows"),
    ],
)
def test_what_somebody_changes_in_the_database_is_found(committed_study, table, statement, problem):
    field = make_field()
    logged(field)
    lock = locked()
    logged(field)
    with whoever_owns_the_tables(committed_study) as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute("SET CONSTRAINTS ALL DEFERRED")
        if statement == "DELETE FROM visits_visitlog":
            owner.execute("ALTER TABLE data_lock_latearrival DISABLE TRIGGER USER; DELETE FROM data_lock_latearrival")
        if "signed_by_id" in statement:
            owner.execute(
                "DELETE FROM data_lock_locksignature WHERE id = (SELECT max(id) FROM data_lock_locksignature)"
            )
        owner.execute(statement)
    lock.refresh_from_db()
    assert [check.problem for check in services.check_locks(by=person(), now=lock.locked_at)] == [problem]


def test_who_owns_the_tables_is_refused_like_others_while_the_triggers_stand(committed_study):
    field = make_field()
    logged(field)
    locked(kind=LockKind.EVERYTHING)
    with pytest.raises(Exception, match="refused"), whoever_owns_the_tables(committed_study) as owner:
        owner.execute("UPDATE visits_visitlog SET outcome = 'refused'")
    with locked_data_told():
        assert VisitLog.objects.get().outcome == "met"
