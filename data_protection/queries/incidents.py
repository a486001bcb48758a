"""The register of incidents: what is open, whom it concerns, who is still to be told."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from data_protection.clock import Clock, clock_of
from data_protection.models import DataIncident, DeskNotice, IncidentMeasure, IncidentWoman
from participants.models import SafeContactPlan
from participants.queries import has_conflict
from participants.status import ENDED
from protocol.queries import current_protocol
from stations.queries import station_ids_of


def incidents_listed(user: User) -> QuerySet[DataIncident]:
    """Return the register for those who read it: what is open first, the soonest due first; nothing for others."""
    if not user.has(Permission.READ_DATA_INCIDENTS):
        return DataIncident.objects.none()
    return (
        DataIncident.objects.select_related("account", "reported_by", "notified_by", "closed_by")
        .annotate(
            women_count=Count("women"),
            women_to_tell=Count("women", filter=Q(women__told_at=None, women__not_told_reason="")),
        )
        .order_by(F("closed_at").desc(nulls_first=True), F("notified_at").desc(nulls_first=True), "due_at", "pk")
    )


def clocks(incidents: Iterable[DataIncident], now: datetime) -> Iterator[tuple[DataIncident, Clock | None]]:
    """Yield each incident with how its clock stands: None once the authority was told or it is closed."""
    hours = current_protocol().data_rights.remind_hours
    for incident in incidents:
        runs = incident.status == DataIncident.Status.OPEN
        clock = clock_of(incident.discovered_at, incident.due_at, remind_hours=hours, now=now) if runs else None
        yield incident, clock


def open_incidents() -> QuerySet[DataIncident]:
    """Return the incidents that the authority was not told of yet, the soonest due first."""
    return DataIncident.objects.filter(status=DataIncident.Status.OPEN).order_by("due_at", "pk")


def women_of(incident: DataIncident) -> QuerySet[IncidentWoman]:
    """Return the women whom an incident concerns, by study code, with all that the list shows."""
    return (
        IncidentWoman.objects.filter(incident=incident)
        .select_related("participant__safe_contact", "settled_by", "incident")
        .order_by("participant__study_code", "pk")
    )


def measures_of(incident: DataIncident) -> QuerySet[IncidentMeasure]:
    """Return what was done about an incident, in time."""
    return IncidentMeasure.objects.filter(incident=incident).select_related("recorded_by")


def women_to_tell(user: User, now: datetime) -> QuerySet[IncidentWoman]:
    """Return whom a person may tell: a supervisor the women of her station, an administrator all; open ones first."""
    entries = IncidentWoman.objects.select_related(
        "participant__safe_contact", "participant__sealed_card", "participant__vault_key", "incident", "settled_by"
    )
    if not user.has(Permission.TELL_OF_INCIDENTS):
        return entries.none()
    if user.role != Role.ADMINISTRATOR:
        entries = entries.filter(participant__station__in=station_ids_of(user, on=timezone.localdate(now)))
    return entries.order_by("incident__due_at", "participant__study_code", "pk")


def channel_of(entry: IncidentWoman) -> str | None:
    """Return the channel of her safe-contact plan, None if she has none."""
    plan = SafeContactPlan.objects.filter(participant=entry.participant_id).values_list("channel", flat=True)
    return plan.first()


def takes_part(entry: IncidentWoman) -> bool:
    """Say whether she has not left the study."""
    return entry.participant.status not in ENDED


def is_barred(user: User, entry: IncidentWoman) -> bool:
    """Say whether a person has to do with her case and may not be the one who tells her."""
    return user.role != Role.ADMINISTRATOR and has_conflict(user, entry.participant)


def incident_counts() -> Mapping[str, int]:
    """Return how many incidents there were of each kind."""
    rows = DataIncident.objects.order_by("kind").values_list("kind").annotate(incidents=Count("pk"))
    return dict(rows)


def notices_unsent() -> list[int]:
    """Return the ids of the notices of which nobody was told yet."""
    return list(DeskNotice.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True))
