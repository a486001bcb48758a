"""The audit: appended by everyone, changed by nobody, and any change is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import SystemActor
from audit.chain import GENESIS, LinkedEvent, check_chain, link_hash
from audit.models import Event, Link
from audit.queries import chain_head, verify_chain
from audit.services import record

ACTOR = SystemActor("test", frozenset())


def record_some(count: int) -> list[Event]:
    events = [record(actor=ACTOR, action="test.act", object_id=n, details={"n": n, "é": "ñ"}) for n in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return events


def chain_of(field_rows: list[tuple[str, ...]]) -> list[LinkedEvent]:
    head, links = GENESIS, []
    for position, fields in enumerate(field_rows, start=1):
        head = link_hash(head, fields)
        links.append(LinkedEvent(position, position, fields, head))
    return links


@pytest.mark.requirement("F32")
@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=8), st.data())
def test_check_chain_names_the_first_changed_link(rows, data):
    links = chain_of(rows)
    assert check_chain(links).is_intact
    index = data.draw(st.integers(0, len(links) - 1))
    bad = links[index]
    links[index] = LinkedEvent(bad.position, bad.event_id, (*bad.fields, "more"), bad.stored_hash)
    report = check_chain(links)
    assert (report.intact_to, report.broken_at) == (index, index + 1)


def test_check_chain_names_a_link_that_was_cut_out():
    links = chain_of([("a",), ("b",), ("c",)])
    report = check_chain([links[0], links[2]])
    assert (report.intact_to, report.problem) == (1, "link 2 is missing")


@pytest.mark.django_db
@pytest.mark.requirement("F32")
def test_database_links_as_python_recomputes():
    events = record_some(3)
    report = verify_chain()
    assert report.is_intact
    assert report.intact_to == Link.objects.count()
    assert Link.objects.filter(event__in=events).count() == 3
    assert chain_head() == (report.intact_to, report.head.hex())


@pytest.mark.django_db
@pytest.mark.requirement("F32")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'somebody else'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
        "UPDATE audit_link SET hash = '\\x00'",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link VALUES (999, 1, '\\x00')",
    ],
)
def test_database_refuses_to_change_the_audit(statement):
    record_some(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_verify_audit_prints_how_far_it_holds():
    record_some(2)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    position, head = chain_head()
    assert out.getvalue() == f"The audit is intact: {position} rows, head {head}.\n"


@pytest.mark.django_db
def test_verify_audit_refuses_another_head():
    record_some(1)
    with pytest.raises(CommandError, match="not 00: rows were added or cut since") as error:
        call_command("verify_audit", "--head", "00")
    assert error.value.returncode == 1
