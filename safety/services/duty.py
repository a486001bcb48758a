"""The roster: which safety officer takes what comes, on which days."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from safety import queries
from safety.models import DutyTurn


class DutyTaken(StudyError):
    """One person at a time is on duty, so that everybody knows who."""

    code = "duty_taken"
    message = _("Somebody is on duty on some of these days already.")
    http_status = 409


class DutyOutOfOrder(StudyError):
    """The days run from the first to the last."""

    code = "duty_out_of_order"
    message = _("The last day cannot come before the first.")


class NotASafetyOfficer(StudyError):
    """Only an active safety officer can answer what comes."""

    code = "not_a_safety_officer"
    message = _("Choose an active safety officer.")


@transaction.atomic
def set_duty(*, by: User, officer: User, starts_on: date, ends_on: date, now: datetime) -> DutyTurn:
    """Put a safety officer on duty for some days. Raise NotASafetyOfficer, DutyOutOfOrder or DutyTaken."""
    require(by, Permission.SET_DUTY)
    # All officers' rows are locked, so that two who write the roster at once see each other's turns.
    if officer not in list(queries.safety_officers().select_for_update(no_key=True)):
        raise NotASafetyOfficer
    if ends_on < starts_on:
        raise DutyOutOfOrder
    if DutyTurn.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on, withdrawn_at=None).exists():
        raise DutyTaken
    turn = DutyTurn.objects.create(officer=officer, starts_on=starts_on, ends_on=ends_on, set_by=by, set_at=now)
    details = {"officer": officer.audit_name, "from": starts_on.isoformat(), "until": ends_on.isoformat()}
    record(actor=by, action="safety.set_duty", object_type="duty", object_id=turn.pk, details=details)
    return turn


@transaction.atomic
def withdraw_duty(*, by: User, turn: DutyTurn, now: datetime) -> None:
    """Take a turn off the roster; taken off already, it stays so."""
    require(by, Permission.SET_DUTY)
    withdrawn = DutyTurn.objects.filter(pk=turn.pk, withdrawn_at=None).update(withdrawn_at=now)
    record(
        actor=by,
        action="safety.withdraw_duty",
        object_type="duty",
        object_id=turn.pk,
        details={"withdrawn": bool(withdrawn)},
    )
