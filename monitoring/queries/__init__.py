"""The study in numbers: counts only, by study code, the same whatever the arm."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.queries import chain_head
from monitoring.jobs import LONGEST_SILENCE, JobState, job_state
from monitoring.models import JobHeartbeat
from participants.models import IncidentReport, Participant
from participants.queries import enrolment_progress
from participants.recruitment import Progress
from risk.queries import held_rank_at, held_rank_before
from stations.queries import study_codes
from visits.models import Visit, VisitLog

QUEUE_TIMEOUT_S = 2


@dataclass(frozen=True, slots=True)
class StationLine:
    """One drawn station: how enrolment goes, and this week's visits.

    Pages for those who may not know an arm show the shares: visits a woman would tell it.
    """

    study_code: str
    enrolled: int
    in_follow_up: int
    progress: Progress
    planned: int
    done: int
    attempted: int
    missed: int

    @property
    def done_pct(self) -> int | None:
        return self._pct(self.done)

    @property
    def attempted_pct(self) -> int | None:
        return self._pct(self.attempted)

    @property
    def missed_pct(self) -> int | None:
        return self._pct(self.missed)

    def _pct(self, visits: int) -> int | None:
        return round(100 * visits / self.planned) if self.planned else None


def station_lines(*, monday: date, today: date) -> list[StationLine]:
    """Return a line for each drawn station, by study number: visits of the week from that Monday, enrolment today."""
    codes = study_codes()
    progress = enrolment_progress(codes, today=today) if codes else {}
    women = {
        row["enrolled_station"]: row
        for row in Participant.objects.values("enrolled_station")
        .annotate(enrolled=Count("pk"), followed=Count("pk", filter=Q(status=Participant.Status.ENROLLED)))
        .order_by("enrolled_station")
    }
    visits: dict[int, dict[str, int]] = {}
    counted = (
        Visit.objects.filter(station__in=codes, planned_on__range=(monday, monday + timedelta(days=6)))
        .exclude(status=Visit.Status.SUPERSEDED)
        .values_list("station", "status")
        .annotate(n=Count("pk"))
        .order_by("station", "status")
    )
    for station, status, number in counted:
        visits.setdefault(station, {})[status] = number
    none: dict[str, int] = {}
    return [
        StationLine(
            study_code=code,
            enrolled=women.get(station, none).get("enrolled", 0),
            in_follow_up=women.get(station, none).get("followed", 0),
            progress=progress[station],
            planned=sum(visits.get(station, none).values()),
            done=visits.get(station, none).get(Visit.Status.DONE, 0),
            attempted=visits.get(station, none).get(Visit.Status.ATTEMPTED, 0),
            missed=visits.get(station, none).get(Visit.Status.MISSED, 0),
        )
        for station, code in codes.items()
    ]


def job_states(*, now: datetime) -> list[JobState]:
    """Return each watched job as it stands."""
    beats = {beat.job: beat for beat in JobHeartbeat.objects.filter(job__in=LONGEST_SILENCE)}
    return [
        job_state(
            job,
            succeeded_at=beats[job].succeeded_at if job in beats else None,
            error=beats[job].error if job in beats else "",
            failed_steps=beats[job].failed_steps if job in beats else 0,
            now=now,
        )
        for job in LONGEST_SILENCE
    ]


def database_answers() -> bool:
    """Say whether the database can be read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def queue_answers() -> bool:
    """Say whether the queue can be reached."""
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_timeout=QUEUE_TIMEOUT_S, socket_connect_timeout=QUEUE_TIMEOUT_S
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def audit_head() -> tuple[int, str]:
    """Return the audit chain's length and the start of its newest hash."""
    position, head = chain_head()
    return position, head[:16]


# --- Hurt again at a low level ---------------------------------------------------------------------------------------

LOW_RANKS = 2
LOOKED_BACK = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Surprise:
    """A new incident of a woman whose level was one of the two lowest; `by_visit` when it was told at a visit."""

    study_code: str
    on: date
    rank: int
    by_visit: bool


def incidents_at_low_level(user: User, *, today: date) -> list[Surprise]:
    """Return new incidents of the last half year before which the level held was one of the two lowest, latest first.

    They are told at visits or reported at the station; both are kept apart. A supervisor gets those of her station, the
    safety officer all.
    """
    women = Participant.objects.all() if user.role == Role.SAFETY_OFFICER else Participant.objects.visible_to(user)
    since = today - LOOKED_BACK
    told = (
        VisitLog.objects.filter(visit__participant__in=women, new_incident=VisitLog.Answer.YES)
        .filter(occurred_at__date__gte=since)
        .annotate(rank=held_rank_at(participant="visit__participant", moment="occurred_at"))
        .filter(rank__lt=LOW_RANKS)
        .values_list("visit__participant__study_code", "occurred_at", "rank")
    )
    reported = (
        IncidentReport.objects.filter(participant__in=women, reported_on__gt=F("participant__enrolled_on"))
        .filter(reported_on__gte=since)
        .annotate(rank=held_rank_before(participant="participant", day="reported_on"))
        .filter(rank__lt=LOW_RANKS)
        .values_list("participant__study_code", "reported_on", "rank")
    )
    found = [Surprise(code, timezone.localdate(at), rank, by_visit=True) for code, at, rank in told]
    found += [Surprise(code, on, rank, by_visit=False) for code, on, rank in reported]
    return sorted(found, key=lambda one: (-one.on.toordinal(), one.study_code, one.by_visit))
