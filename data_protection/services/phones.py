"""A lost phone, in one act: its sessions end, the women whose cards it may hold are listed, the clock starts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.services import revoke_sessions
from audit.services import record
from data_protection import queries
from data_protection.models import Category, DataIncident, IncidentMeasure
from data_protection.services.incidents import IncidentFacts, list_women, write_incident

# What the pages of those who go out hold, whatever their role.
_ON_A_PHONE = (Category.IDENTITY, Category.CONTACT, Category.SAFE_CONTACT, Category.VISITS)


class AccountOutOfReach(StudyError):
    """The account is not of whoever reports, nor of her station. Worded as if it did not exist."""

    code = "not_found"
    message = _("Not found.")
    http_status = 404


@transaction.atomic
def report_lost_phone(*, by: User, user: User, lost_at: datetime | None = None, now: datetime) -> DataIncident:
    """End all that a lost phone could open, list the women it may tell of, and start the clock.

    Reported again, or by two at once, it is the same incident while that is not closed; women who came on the list
    since are added. Raise AccountOutOfReach or MomentsOutOfOrder.
    """
    require(by, Permission.REPORT_LOST_PHONE)
    held = queries.accounts_to_report(by, now).filter(pk=user.pk).first()
    if held is None:
        raise AccountOutOfReach
    # Her row is held from here on: whoever reports the same at the same time waits, and finds the incident.
    revoke_sessions(by=by, user=held, now=now)
    women = queries.women_on_phone(held, lost_at, now)
    incident = _open_incident_of(held) or write_incident(by, _facts(held, lost_at, now), now)
    added = list_women(incident, dict(women), now)
    IncidentMeasure.objects.create(
        incident=incident, measure=IncidentMeasure.Measure.SESSIONS_ENDED, taken_at=now, recorded_by=by
    )
    record(
        actor=by,
        action="data_protection.report_lost_phone",
        object_type="data_incident",
        object_id=incident.pk,
        details={"user": held.pk, "women": added, "own": held.pk == by.pk},
    )
    return incident


def _open_incident_of(user: User) -> DataIncident | None:
    """Return it under a lock: whoever is closing it is waited for, as nobody is told of a closed one any more."""
    lost = DataIncident.objects.select_for_update(no_key=True).filter(kind=DataIncident.Kind.LOST_DEVICE, account=user)
    return lost.exclude(status=DataIncident.Status.CLOSED).first()


def _facts(user: User, lost_at: datetime | None, now: datetime) -> IncidentFacts:
    return IncidentFacts(
        kind=DataIncident.Kind.LOST_DEVICE,
        severity=DataIncident.Severity.HIGH,
        categories=_ON_A_PHONE,
        discovered_at=now,
        occurred_at=lost_at,
        account=user,
    )
