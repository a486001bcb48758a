"""What of the study is late: the planner, its other jobs, its backup; and who hears that it is, and is no longer."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Min, Q
from django.utils import timezone

from monitoring.jobs import is_silent, job_state
from monitoring.models import JobHeartbeat, Lateness, StaffMessage
from monitoring.planner import PLANNER_JOBS, TELL_WITHIN, PlannerState, is_worth_telling, planner_state
from monitoring.queries import job_states
from monitoring.queries.health import backup_now
from monitoring.queries.readers import Due, Reader, due, people_told, reader_of, with_listed
from monitoring.telling import Kind
from protocol.models import ProtocolVersion
from protocol.queries import NoProtocol, current_protocol
from visits.queries import participants_without_plan
from visits.weeks import monday_of

ONE_DAY = timedelta(days=1)
What = Lateness.What
_KINDS: Mapping[str, tuple[Kind, Kind]] = {
    What.PLANNER: (Kind.PLANNER_LATE, Kind.PLANNER_BACK),
    What.JOBS: (Kind.JOBS_LATE, Kind.JOBS_BACK),
    What.BACKUP: (Kind.BACKUP_LATE, Kind.BACKUP_BACK),
}


def planner_now(now: datetime) -> PlannerState:
    """Return how the planner stands, for showing, in one query: by its jobs and by what the last watch found."""
    going_on = Exists(Lateness.objects.filter(what=What.PLANNER, over_at=None))
    beats = list(JobHeartbeat.objects.filter(job__in=PLANNER_JOBS).values_list("job", "succeeded_at", going_on))
    succeeded = {job: at for job, at, _is_late in beats}
    jobs = [job_state(job, succeeded_at=succeeded.get(job), error="", now=now) for job in PLANNER_JOBS]
    return planner_state(jobs, has_unplanned=any(is_late for _job, _at, is_late in beats))


def is_planner_late(now: datetime) -> bool:
    """Say whether a planning job is late, or a woman who joined before yesterday has no plan of this week."""
    return planner_state(job_states(now=now), has_unplanned=_has_unplanned(now)).is_late


def is_a_job_silent(now: datetime) -> bool:
    """Say whether a scheduled job that does not plan is silent too long."""
    began_at = _began_at(now)
    watched = (job for job in job_states(now=now) if job.job not in PLANNER_JOBS)
    return any(is_silent(job, began_at=began_at, now=now) for job in watched)


def is_backup_late(now: datetime) -> bool:
    """Say whether the last backup is too old; where none was ever told of, whether the study is."""
    try:
        limit = timedelta(days=current_protocol().backups.alarm_after_days)
    except NoProtocol:
        return False
    return backup_now(now).is_old and now - _began_at(now) > limit


IS_LATE: Mapping[str, Callable[[datetime], bool]] = {
    What.PLANNER: is_planner_late,
    What.JOBS: is_a_job_silent,
    What.BACKUP: is_backup_late,
}


def lateness_due(now: datetime) -> list[Due]:
    """Return what is to be told of each lateness: once that it is, and once that it is over to whoever heard that."""
    recent = Lateness.objects.filter(Q(over_at=None) | Q(over_at__gte=now - TELL_WITHIN))
    latenesses = [one for one in recent if is_worth_telling(began_at=one.began_at, over_at=one.over_at, now=now)]
    if not latenesses:
        return []
    heard = StaffMessage.objects.filter(kind__in=[begun for begun, _over in _KINDS.values()], claimed_at__isnull=False)
    told = set(heard.values_list("about", "to"))
    found = []
    for what, (begun, over) in _KINDS.items():
        own = [one for one in latenesses if one.what == what]
        for reader in _readers(begun, what) if own else ():
            for lateness in own:
                about = str(lateness.pk)
                if lateness.over_at is None:
                    found.append(due(begun, about, reader))
                elif (about, reader.to) in told:
                    found.append(due(over, about, reader))
    return found


def _readers(kind: Kind, what: str) -> list[Reader]:
    """Return the accounts that hear of it, then the settings' other addresses."""
    listed: list[tuple[str, Collection[str]]] = [("administrators", settings.ADMIN_NOTICES_TO)]
    if what != What.BACKUP:
        listed.append(("safety", settings.SAFETY_NOTICES_TO))
    return with_listed(map(reader_of, people_told(kind)), *listed)


def _has_unplanned(now: datetime) -> bool:
    today = timezone.localdate(now)
    try:
        women = participants_without_plan(monday_of(today))
    except NoProtocol:
        return False
    return women.filter(enrolled_on__lt=today - ONE_DAY).exists()


def _began_at(now: datetime) -> datetime:
    """Return when the study began to run: with its first protocol."""
    found: datetime | None = ProtocolVersion.objects.aggregate(first=Min("loaded_at"))["first"]
    return found or now
