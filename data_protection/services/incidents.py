"""The register of incidents: opened, its women listed, what was done, told to the authority, closed. Never deleted."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from data_protection.clock import due_at
from data_protection.incident_states import may_become
from data_protection.models import Category, DataIncident, IncidentMeasure, IncidentWoman
from data_protection.services.notices import tell_of_incident
from participants.models import Participant
from protocol.queries import current_protocol

# A file number, never a document's or a telephone's: those are digits alone.
REFERENCE = re.compile(r"^(?=.*[A-Z./-])[A-Z0-9][A-Z0-9./-]{2,39}$")
_FOUND_UNTOUCHED = (DataIncident.Outcome.FOUND_UNTOUCHED, DataIncident.Outcome.FALSE_ALARM)


class IncidentMovedOn(StudyError):
    """Somebody told the authority or closed it meanwhile."""

    code = "incident_moved_on"
    message = _("This incident has moved on meanwhile. Look at how it stands now.")
    http_status = 409


class MomentsOutOfOrder(StudyError):
    """What happened is known afterwards, and told later still."""

    code = "moments_out_of_order"
    message = _("These moments are not in order: it happens, it is known, it is told; none of it lies ahead.")


class ReferenceInvalid(StudyError):
    """The reference is the number of the file, so that no name or document can stand there."""

    code = "reference_invalid"
    message = _("Write the number of the file as the authority gave it, such as 2026-00123: no names, no documents.")


class CodeUnknown(StudyError):
    """A code that is nobody's."""

    code = "code_unknown"
    message = _("There is no such code.")


class WomenNotSettled(StudyError):
    """Each woman is told, or it stands why not."""

    code = "women_not_settled"
    message = _("Some of the people concerned were not told: tell them, or write why not.")
    http_status = 409


class WhyNotNotifiedMissing(StudyError):
    """The authority is told even of what was solved."""

    code = "why_not_notified_missing"
    message = _("Tell the authority first, or say why it need not be told.")


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What is known when an incident is written down."""

    kind: DataIncident.Kind
    severity: DataIncident.Severity
    categories: Collection[Category]
    discovered_at: datetime
    occurred_at: datetime | None = None
    account: User | None = None


@transaction.atomic
def open_incident(*, by: User, facts: IncidentFacts, now: datetime) -> DataIncident:
    """Write an incident down; its clock runs from when it was known. Raise MomentsOutOfOrder."""
    require(by, Permission.KEEP_DATA_DESK)
    return write_incident(by, facts, now)


@transaction.atomic
def add_women(
    *, by: User, incident: DataIncident, study_codes: Collection[str], how: IncidentWoman.How, now: datetime
) -> int:
    """Put women on the list of an incident by their codes; return how many are new. Raise CodeUnknown, IncidentMovedOn.

    Either all of the codes are known or nothing is written.
    """
    require(by, Permission.KEEP_DATA_DESK)
    locked = _under_way(incident)
    wanted = {code.strip().upper() for code in study_codes if code.strip()}
    found = dict(Participant.objects.filter(study_code__in=wanted).values_list("study_code", "pk"))
    if unknown := sorted(wanted - found.keys()):
        raise CodeUnknown(_("There is no code %(codes)s.") % {"codes": ", ".join(unknown)})
    new = list_women(locked, dict.fromkeys(found.values(), how), now)
    _record(by, "data_protection.add_women", locked, women=new, how=str(how))
    return new


@transaction.atomic
def record_measure(
    *, by: User, incident: DataIncident, measure: IncidentMeasure.Measure, now: datetime
) -> IncidentMeasure:
    """Write what was done about an incident. Raise IncidentMovedOn once it is closed."""
    require(by, Permission.KEEP_DATA_DESK)
    locked = _under_way(incident)
    taken = IncidentMeasure.objects.create(incident=locked, measure=measure, taken_at=now, recorded_by=by)
    _record(by, "data_protection.record_measure", locked, measure=str(measure))
    return taken


@transaction.atomic
def record_notification(
    *, by: User, incident: DataIncident, reference: str, notified_at: datetime, now: datetime
) -> DataIncident:
    """Write that the authority was told, when, and under which number it keeps this.

    Raise ReferenceInvalid, MomentsOutOfOrder or IncidentMovedOn.
    """
    require(by, Permission.KEEP_DATA_DESK)
    locked = _under_way(incident)
    number = reference.strip().upper()
    if not REFERENCE.fullmatch(number):
        raise ReferenceInvalid
    # A page writes whole minutes.
    if not locked.discovered_at.replace(second=0, microsecond=0) <= notified_at <= now:
        raise MomentsOutOfOrder
    _move(locked, DataIncident.Status.NOTIFIED)
    locked.notified_at, locked.notified_by, locked.authority_reference = notified_at, by, number
    locked.save()
    _record(by, "data_protection.notify_authority", locked, late=notified_at > locked.due_at)
    return locked


@transaction.atomic
def close_incident(
    *,
    by: User,
    incident: DataIncident,
    outcome: DataIncident.Outcome,
    not_notified_reason: str = "",
    now: datetime,
) -> DataIncident:
    """Close an incident once everybody is told, or it stands why not.

    Where nobody saw anything (found untouched, false alarm) those not told yet need not be. Raise IncidentMovedOn,
    WhyNotNotifiedMissing or WomenNotSettled.
    """
    require(by, Permission.KEEP_DATA_DESK)
    locked = _under_way(incident)
    if locked.notified_at is None:
        if not not_notified_reason:
            raise WhyNotNotifiedMissing
        locked.not_notified_reason = DataIncident.NotNotified(not_notified_reason)
    unsettled = IncidentWoman.objects.filter(incident=locked, told_at=None, not_told_reason="")
    spared = 0
    if outcome in _FOUND_UNTOUCHED:
        spared = unsettled.update(not_told_reason=IncidentWoman.NotTold.NO_HARM, settled_by=by)
    elif unsettled.exists():
        raise WomenNotSettled
    _move(locked, DataIncident.Status.CLOSED)
    locked.outcome, locked.closed_at, locked.closed_by = outcome, now, by
    locked.save()
    _record(by, "data_protection.close_incident", locked, outcome=str(outcome), not_told=spared)
    return locked


@transaction.atomic
def record_draft(*, by: User, incident: DataIncident) -> None:
    """Keep on record that the draft of the notice was taken out."""
    require(by, Permission.KEEP_DATA_DESK)
    _record(by, "data_protection.take_draft", incident)


def write_incident(reporter: User, facts: IncidentFacts, now: datetime) -> DataIncident:
    """Write an incident within the caller's transaction and let those hear who must. Raise MomentsOutOfOrder."""
    occurred = facts.occurred_at or facts.discovered_at
    if not occurred <= facts.discovered_at <= now:
        raise MomentsOutOfOrder
    incident = DataIncident.objects.create(
        kind=facts.kind,
        severity=facts.severity,
        categories=sorted({str(category) for category in facts.categories}),
        account=facts.account,
        occurred_at=facts.occurred_at,
        discovered_at=facts.discovered_at,
        reported_at=now,
        reported_by=reporter,
        due_at=due_at(facts.discovered_at, current_protocol().data_rights.notify_hours),
    )
    tell_of_incident(incident, now)
    _record(reporter, "data_protection.open_incident", incident, kind=str(facts.kind), severity=str(facts.severity))
    return incident


def list_women(incident: DataIncident, women: dict[int, IncidentWoman.How], now: datetime) -> int:
    """Put women on the list of an incident within the caller's transaction; return how many are new."""
    listed = set(IncidentWoman.objects.filter(incident=incident).values_list("participant", flat=True))
    new = {woman: how for woman, how in women.items() if woman not in listed}
    IncidentWoman.objects.bulk_create(
        IncidentWoman(incident=incident, participant_id=woman, how=how, added_at=now) for woman, how in new.items()
    )
    return len(new)


def _under_way(incident: DataIncident) -> DataIncident:
    locked = DataIncident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if locked.status == DataIncident.Status.CLOSED:
        raise IncidentMovedOn
    return locked


def _move(incident: DataIncident, status: DataIncident.Status) -> None:
    if not may_become(incident.status, status):
        raise IncidentMovedOn
    incident.status = status


def _record(by: User, action: str, incident: DataIncident, **details: object) -> None:
    record(actor=by, action=action, object_type="data_incident", object_id=incident.pk, details=details)
