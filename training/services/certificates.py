"""Handing out certificates for modules attended: once each, whoever prints it how often."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.queries import person_of
from protocol.queries import current_protocol
from stations.models import Officer
from training.certificate_code import certificate_code
from training.models import Attendance, Certificate, Session


class SessionNotHeld(StudyError):
    """Certificates are for what was attended."""

    code = "session_not_held"
    message = _("Certificates are handed out once the session was held, and not for one that was withdrawn.")
    http_status = 409


class NothingToCertify(StudyError):
    """Nobody of those asked for attended."""

    code = "nothing_to_certify"
    message = _("Nobody here has attended a module of this session in time: there is no certificate to hand out.")
    http_status = 409


@transaction.atomic
def issue_certificates(
    *, by: Actor, session: Session, now: datetime, officer: Officer | None = None
) -> list[Certificate]:
    """Return the certificates of all who attended a session, or of one officer, by code and module; make those missing.

    Raises SessionNotHeld, NothingToCertify.
    """
    require(by, Permission.MANAGE_TRAINING)
    held = Session.objects.select_for_update().get(pk=session.pk)
    if held.status != Session.Status.HELD:
        raise SessionNotHeld
    attended = held.attendances.filter(counts=True).select_related("officer", "session", "certificate")
    if officer is not None:
        attended = attended.filter(officer=officer)
    rows = list(attended.order_by("officer__code", "module"))
    if not rows:
        raise NothingToCertify
    new = _make([row for row in rows if not hasattr(row, "certificate")], now=now, by=person_of(by))
    audit.record(
        actor=by,
        action="training.issue_certificates",
        object_type="training_session",
        object_id=held.pk,
        details={"certificates": len(rows), "new": len(new)} | ({"officer": officer.code} if officer else {}),
    )
    return [row.certificate for row in rows]


def _make(rows: Iterable[Attendance], *, now: datetime, by: User | None) -> list[Certificate]:
    training = current_protocol().training
    hours = {module.number: module.hours for module in training.modules}
    return Certificate.objects.bulk_create(
        Certificate(
            attendance=row,
            code=_code(row, hours.get(row.module, 0)),
            hours=hours.get(row.module, 0),
            issued_at=now,
            issued_by=by,
        )
        for row in rows
    )


def _code(row: Attendance, hours: int) -> str:
    key = salted_hmac("training.certificate", "1", algorithm="sha256").digest()
    facts = {
        "attendance": row.pk,
        "officer": row.officer.code,
        "module": row.module,
        "held_on": row.session.held_on.isoformat(),
        "place": row.session.place,
        "hours": hours,
    }
    return certificate_code(facts, key=key)
