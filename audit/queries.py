"""Reading the audit and its chain."""

from collections.abc import Iterator

from django.db import connection, transaction

from audit.chain import ChainReport, LinkedEvent, check_chain
from audit.checkpoints import Statement
from audit.models import Checkpoint, Event

_LINKS = """
    SELECT l.position, e.id, audit_event_fields(e), l.hash
    FROM audit_link l JOIN audit_event e ON e.id = l.event_id
    ORDER BY l.position
"""
_UNLINKED = "SELECT count(*) FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id WHERE l.position IS NULL"
_HEAD = "SELECT position, hash FROM audit_link ORDER BY position DESC LIMIT 1"

_CONTRADICTED = """
    SELECT c.at, c.rows, c.head FROM audit_checkpoint c LEFT JOIN audit_link l ON l.position = c.rows
    WHERE c.rows > 0 AND encode(l.hash, 'hex') IS DISTINCT FROM c.head
    ORDER BY c.id LIMIT 1
"""


def linked_events() -> Iterator[LinkedEvent]:
    """Yield every linked event in chain order, streamed by a server-side cursor: memory does not grow with rows."""
    with transaction.atomic(), connection.connection.cursor(name="audit_chain") as cursor:
        cursor.itersize = 5000
        cursor.execute(_LINKS)
        for position, event_id, fields, stored in cursor:
            yield LinkedEvent(position, event_id, tuple(fields), bytes(stored))


def verify_chain() -> ChainReport:
    """Recompute the whole chain outside the database's own code and report how far it holds."""
    connection.ensure_connection()
    report = check_chain(linked_events())
    if not report.is_intact:
        return report
    with connection.cursor() as cursor:
        cursor.execute(_UNLINKED)
        unlinked = cursor.fetchone()[0]
    if unlinked:
        problem = f"{unlinked} events stand outside the chain"
        return ChainReport(report.intact_to, report.head, report.intact_to + 1, problem)
    return report


def hash_at(position: int) -> str:
    """Return the hash of a link in hexadecimal; "" if there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_link WHERE position = %s", [position])
        row = cursor.fetchone()
    return bytes(row[0]).hex() if row else ""


def first_contradiction() -> str:
    """Return what the chain holds otherwise than the first checkpoint that it contradicts; "" if it agrees with all."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTRADICTED)
        row = cursor.fetchone()
    return contradiction(Statement(row[0].isoformat(), row[1], row[2])) if row else ""


def contradiction(statement: Statement) -> str:
    """Say what the chain of now holds otherwise than a checkpoint said; "" if it agrees.

    A chain that was written anew is whole in itself: only what was said of it before gives it away.
    """
    if statement.rows == 0 or hash_at(statement.rows) == statement.head:
        return ""
    return f"row {statement.rows} is not what the checkpoint of {statement.at[:10]} says"


def latest_checkpoint() -> Checkpoint | None:
    """Return the last full check."""
    return Checkpoint.objects.first()


def chain_head() -> tuple[int, str]:
    """Return the last link's position and hash in hexadecimal; (0, "") for an empty chain."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    return (row[0], bytes(row[1]).hex()) if row else (0, "")


def latest_event(action: str, *, object_type: str) -> Event | None:
    """Return the newest event of an action on one type of object, found through the type's index."""
    return Event.objects.filter(object_type=object_type, action=action).order_by("-id").first()
