"""The one way into the audit."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils import timezone

from audit.checkpoints import Statement, key_id, signature
from audit.models import Checkpoint, Event
from audit.queries import first_contradiction, verify_chain
from audit.ready_statements import ReadyStatement

# Every act of the study writes one: as SQL kept ready it takes a fifth of the processor that the framework takes.
_APPEND = ReadyStatement(
    """
    INSERT INTO audit_event (at, actor, actor_role, action, object_type, object_id, reason, details)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
    """
)


class Acting(Protocol):
    """Whoever acts: a person signed in, or a named part of the system."""

    @property
    def audit_name(self) -> str: ...

    @property
    def role(self) -> str: ...


def record(
    *,
    actor: Acting,
    action: str,
    object_type: str = "",
    object_id: object = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event in the caller's transaction.

    `action` is "app.verb". `details` holds codes, counts and dates only: never identity, never an arm.
    The clock is read here, and nowhere else in the services: an audit row says when it was written.
    """
    event = Event(
        at=timezone.now(),
        actor=actor.audit_name,
        actor_role=actor.role,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        reason=reason,
        details=dict(details or {}),
    )
    said = (event.actor, event.actor_role, event.action, event.object_type, event.object_id, event.reason)
    with connection.cursor() as cursor:
        _APPEND.plan(cursor)
        cursor.execute(_APPEND.execution, [event.at, *(str(word) for word in said), json.dumps(event.details)])
        (event.pk,) = cursor.fetchone()
    return event


def record_all(
    *, actor: Acting, action: str, object_type: str, entries: Iterable[tuple[object, Mapping[str, Any]]]
) -> None:
    """Append one event for each object of a batch, given with its details, as `record` does, in one query."""
    at = timezone.now()
    Event.objects.bulk_create(
        Event(
            at=at,
            actor=actor.audit_name,
            actor_role=actor.role,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            details=dict(details),
        )
        for object_id, details in entries
    )


@transaction.atomic
def make_checkpoint(*, key: Ed25519PrivateKey, now: datetime) -> Checkpoint:
    """Check the whole chain, also against every checkpoint before, and store what was found, signed.

    The caller records the act: the chain's next row then holds it, and checkpoints cannot be cut off unseen either.
    """
    report = verify_chain()
    problem = report.problem or first_contradiction()
    statement = Statement(
        now.astimezone(UTC).isoformat(timespec="seconds"), report.intact_to, report.head.hex(), problem
    )
    return Checkpoint.objects.create(
        at=now,
        rows=statement.rows,
        head=statement.head,
        problem=problem,
        text=statement.text(),
        signature=signature(statement.text(), key),
        key=key_id(key.public_key()),
    )
