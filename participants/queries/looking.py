"""Who looked at a woman's record, from the audit, with all that says who they were and whether it was in order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from participants.models import EmergencyOpening, IncidentReport, Participant, ParticipantQuerySet
from stations.models import Posting, Station
from stations.queries import study_codes

PERSON = "user:"


@dataclass(frozen=True, slots=True)
class Lookers:
    """The people behind some events by the name that the audit has for them, and where each served when."""

    people: Mapping[str, User]
    postings: Mapping[int, list[Posting]]
    codes: Mapping[int, str]

    def station_then(self, user: User, day: date) -> Station | None:
        """Return where somebody served on a day."""
        served = (p for p in self.postings.get(user.pk, []) if p.starts_on <= day and (p.ends_on or day) >= day)
        return next((posting.station for posting in served), None)

    def label(self, station: Station | None) -> str:
        """Return a station's study code, or else its code in the frame."""
        return self.codes.get(station.pk, station.code) if station else ""


def participants_watched(user: User) -> ParticipantQuerySet:
    """Return the women of whom a person may see who looked: all for the safety officer, a supervisor's own, or none."""
    if user.role == Role.SAFETY_OFFICER:
        return Participant.objects.all()
    return Participant.objects.visible_to(user) if user.role == Role.SUPERVISOR else Participant.objects.none()


def looks_at(participant: Participant) -> QuerySet[Event]:
    """Return what people did with her record and with the reports that led to it, the newest first."""
    codes = list(IncidentReport.objects.filter(participant=participant).values_list("code", flat=True))
    about = Q(object_type="participant", object_id=participant.study_code) | Q(
        object_type="report", object_id__in=codes
    )
    return Event.objects.filter(about, actor__startswith=PERSON).order_by("-id")


def lookers_behind(events: Iterable[Event]) -> Lookers:
    """Return who acted in these events, in three queries whatever their number."""
    ids = {int(event.actor.removeprefix(PERSON)) for event in events if event.actor.startswith(PERSON)}
    people = {user.audit_name: user for user in User.objects.filter(pk__in=ids)}
    postings: dict[int, list[Posting]] = defaultdict(list)
    for posting in Posting.objects.standing().filter(officer__user__in=ids).select_related("officer", "station"):
        if posting.officer.user_id is not None:
            postings[posting.officer.user_id].append(posting)
    return Lookers(people, postings, study_codes())


def emergencies_behind(events: Iterable[Event]) -> dict[int, EmergencyOpening]:
    """Return the emergency openings that these events name, by id, with their notices and what opens their reasons."""
    ids = {event.details["emergency"] for event in events if event.details.get("emergency")}
    openings = EmergencyOpening.objects.filter(pk__in=ids)
    return {opening.pk: opening for opening in openings.select_related("notice", "participant__vault_key")}
