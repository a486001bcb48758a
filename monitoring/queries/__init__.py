"""The study in numbers: counts only, by study code, the same whatever the arm."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Exists, F, Q
from django.utils import timezone

from accounts.models import User
from accounts.queries import IN_CHARGE
from accounts.roles import Role
from audit.queries import chain_head
from monitoring.jobs import LONGEST_SILENCE, JobState, job_state
from monitoring.models import JobHeartbeat, PlannerLateness, StaffMessage
from monitoring.planner import (
    MORNING_BEGINS,
    MORNING_ENDS,
    PLANNER_JOBS,
    TELL_WITHIN,
    PlannerState,
    is_worth_telling,
    planner_state,
)
from monitoring.queries.releases import release_news, releases_to_decide
from participants.models import IncidentReport, Participant
from participants.queries import enrolment_progress
from participants.recruitment import Progress
from protocol.queries import NoProtocol, current_protocol
from risk.queries import held_rank_at
from stations.models import Posting
from stations.queries import study_codes
from surveys.models import SurveyCase
from surveys.queries import cases_waiting
from surveys.queries.attempts import reminders
from visits.models import StationDigest, Visit, VisitLog
from visits.queries import participants_without_plan
from visits.weeks import monday_of

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


@dataclass(frozen=True, slots=True)
class WaveLine:
    """One wave: how many women are due, done, and not reached."""

    label: str
    due: int
    done: int
    refused: int
    missed: int


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


def wave_lines(*, language: str) -> list[WaveLine]:
    """Return a line for each wave of the protocol, in its order."""
    counts: dict[str, dict[str, int]] = {}
    counted = SurveyCase.objects.values_list("wave", "status").annotate(n=Count("pk")).order_by("wave", "status")
    for wave, status, number in counted:
        counts.setdefault(wave, {})[status] = number
    status = SurveyCase.Status
    return [
        WaveLine(
            label=wave.label.in_language(language),
            due=sum(counts.get(wave.code, {}).get(open_, 0) for open_ in (status.DUE, status.LATE, status.NOT_PRIVATE)),
            done=counts.get(wave.code, {}).get(status.DONE, 0),
            refused=counts.get(wave.code, {}).get(status.REFUSED, 0),
            missed=counts.get(wave.code, {}).get(status.MISSED, 0),
        )
        for wave in current_protocol().waves
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
        .annotate(rank=held_rank_at(participant="participant", moment="reported_on"))
        .filter(rank__lt=LOW_RANKS)
        .values_list("participant__study_code", "reported_on", "rank")
    )
    found = [Surprise(code, timezone.localdate(at), rank, by_visit=True) for code, at, rank in told]
    found += [Surprise(code, on, rank, by_visit=False) for code, on, rank in reported]
    return sorted(found, key=lambda one: (-one.on.toordinal(), one.study_code, one.by_visit))


# --- The planner, and who is written to ------------------------------------------------------------------------------

OVER_EVERYTHING = (Role.ADMINISTRATOR, Role.SAFETY_OFFICER)
SURVEY_COUNTS = ("today", "overdue", "closing", "to_explain")
MORNING_COUNTS = ("planned", "without_officers", "late", "unexplained")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to leave: `to` names an account or a place in the settings; `counts` fill the text."""

    kind: StaffMessage.Kind
    about: str
    to: str
    address: str
    language: str
    counts: dict[str, int]


def planner_now(now: datetime) -> PlannerState:
    """Return how the planner stands, for showing, in one query: by its jobs and by what the last watch found."""
    going_on = Exists(PlannerLateness.objects.filter(over_at=None))
    beats = list(JobHeartbeat.objects.filter(job__in=PLANNER_JOBS).values_list("job", "succeeded_at", going_on))
    succeeded = {job: at for job, at, _is_late in beats}
    jobs = [job_state(job, succeeded_at=succeeded.get(job), error="", now=now) for job in PLANNER_JOBS]
    return planner_state(jobs, has_unplanned=any(is_late for _job, _at, is_late in beats))


def is_planner_late(now: datetime) -> bool:
    """Say whether a planning job is late, or a woman who joined before yesterday has no plan of this week."""
    return planner_state(job_states(now=now), has_unplanned=_has_unplanned(now)).is_late


def messages_due(now: datetime) -> list[Due]:
    """Return what is to be written and was not: of the planner, mornings, interviewers' days, the board, releases."""
    due = [*_of_planner(now), *_of_morning(now), *_of_surveys(now), *_of_board(now), *_of_releases(now)]
    taken = set(
        StaffMessage.objects.filter(about__in={one.about for one in due})
        .exclude(claimed_at=None)
        .values_list("kind", "about", "to")
    )
    return [one for one in due if (one.kind, one.about, one.to) not in taken]


def _has_unplanned(now: datetime) -> bool:
    today = timezone.localdate(now)
    try:
        women = participants_without_plan(monday_of(today))
    except NoProtocol:
        return False
    return women.filter(enrolled_on__lt=today - ONE_DAY).exists()


def _of_planner(now: datetime) -> list[Due]:
    recent = PlannerLateness.objects.filter(Q(over_at=None) | Q(over_at__gte=now - TELL_WITHIN))
    latenesses = [one for one in recent if is_worth_telling(began_at=one.began_at, over_at=one.over_at, now=now)]
    if not latenesses:
        return []
    told = set(
        StaffMessage.objects.filter(kind=StaffMessage.Kind.PLANNER_LATE, claimed_at__isnull=False).values_list(
            "about", "to"
        )
    )
    due = []
    for to, address, language in _in_charge():
        for lateness in latenesses:
            about, was_told = str(lateness.pk), (str(lateness.pk), to) in told
            if lateness.over_at is None:
                due.append(Due(StaffMessage.Kind.PLANNER_LATE, about, to, address, language, {}))
            elif was_told:
                due.append(Due(StaffMessage.Kind.PLANNER_BACK, about, to, address, language, {}))
    return due


def _in_charge() -> list[tuple[str, str, str]]:
    """Return (to, address, language) of the accounts in charge, then of the settings' other addresses."""
    people = User.objects.filter(role__in=IN_CHARGE, is_active=True).exclude(work_email="").order_by("pk")
    found = [(f"account:{user.pk}", user.work_email, user.language) for user in people]
    known = {address for _to, address, _language in found}
    listed = (("administrators", settings.ADMIN_NOTICES_TO), ("safety", settings.SAFETY_NOTICES_TO))
    for audience, addresses in listed:
        for number, address in enumerate(addresses):
            if address not in known:
                known.add(address)
                found.append((f"{audience}:{number}", address, settings.LANGUAGE_CODE))
    return found


def _of_morning(now: datetime) -> list[Due]:
    """Return the morning of each station for its supervisors, and of all of them together for those above."""
    local = timezone.localtime(now)
    if local.time() >= MORNING_ENDS:
        return []
    day = local.date()
    digests = {one.station_id: one for one in StationDigest.objects.filter(made_for=day)}
    if not digests:
        return []
    users = User.objects.filter(is_active=True).exclude(work_email="").order_by("pk")
    above = list(users.filter(role__in=OVER_EVERYTHING))
    serving = Posting.objects.serving(day).filter(officer__user__role=Role.SUPERVISOR, station__in=digests)
    at_stations = (
        serving.filter(officer__user__in=users).select_related("officer__user").order_by("officer__user", "pk")
    )
    told = {posting.officer.user: [digests[posting.station_id]] for posting in at_stations if posting.officer.user}
    told |= {user: list(digests.values()) for user in above}
    return [
        Due(
            StaffMessage.Kind.MORNING,
            day.isoformat(),
            f"account:{user.pk}",
            user.work_email,
            user.language,
            {name: sum(getattr(digest, name) for digest in counted) for name in MORNING_COUNTS},
        )
        for user, counted in told.items()
    ]


def _of_surveys(now: datetime) -> list[Due]:
    """Return the day of each interviewer who has something to do and was not written to today."""
    local = timezone.localtime(now)
    if not MORNING_BEGINS <= local.time() < MORNING_ENDS:
        return []
    about = local.date().isoformat()
    kind = StaffMessage.Kind.SURVEYS
    told = set(StaffMessage.objects.filter(kind=kind, about=about, claimed_at__isnull=False).values_list("to"))
    people = User.objects.filter(role=Role.INTERVIEWER, is_active=True).exclude(work_email="").order_by("pk")
    due = []
    for user in people:
        to = f"account:{user.pk}"
        if (to,) in told:
            continue
        found = reminders(user, cases_waiting(user, local.date()), now)
        counts = {name: getattr(found, name) for name in SURVEY_COUNTS}
        if any(counts.values()):
            due.append(Due(kind, about, to, user.work_email, user.language, counts))
    return due


def _of_board(now: datetime) -> list[Due]:
    """Return the week that is over for each of the board with a work e-mail: from Monday morning on, until it left."""
    local = timezone.localtime(now)
    monday = monday_of(local.date())
    if local.date() == monday and local.time() < MORNING_BEGINS:
        return []
    people = User.objects.filter(role=Role.ETHICS_BOARD, is_active=True).exclude(work_email="").order_by("pk")
    about = (monday - timedelta(days=7)).isoformat()
    kind = StaffMessage.Kind.BOARD_WEEK
    due = [Due(kind, about, f"account:{user.pk}", user.work_email, user.language, {}) for user in people]
    known = {one.address for one in due}
    others = [address for address in settings.BOARD_NOTICES_TO if "@" in address and address not in known]
    return due + [Due(kind, about, f"board:{n}", one, settings.LANGUAGE_CODE, {}) for n, one in enumerate(others)]


def _of_releases(now: datetime) -> list[Due]:
    """Return the news of releases for whoever asked for them, and those that wait for whoever may decide."""
    told = [(StaffMessage.Kind.RELEASE_NEWS, *one) for one in release_news(now)]
    told += [(StaffMessage.Kind.RELEASE_WAITING, *one) for one in releases_to_decide()]
    return [Due(kind, about, f"account:{user.pk}", user.work_email, user.language, {}) for kind, user, about in told]
