"""What the assignment of officers reads: open visits, who serves at their stations, who is known to whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from participants.models import Conflict
from participants.queries import conflicted_pairs
from protocol.planning import Assignment
from protocol.queries import current_protocol
from stations.models import Officer, Posting
from visits.assignment import OpenVisit
from visits.availability import Duty, Known, Period, StandingVisit, staff_visits
from visits.models import Absence, Shift, Visit
from visits.weeks import WEEK, monday_of

Status = Visit.Status
NO_RANK = -1
SIDES = ("first_officer", "second_officer")
Team = tuple[int, ...]


class OpenRow(NamedTuple):
    """A visit that is open, as the database has it, or as it is about to; `rank` None before a first level."""

    pk: UUID
    station_id: int
    woman: int
    day: date
    window_from: time
    window_until: time
    rank: int | None
    first: int | None = None
    second: int | None = None
    are_chosen: bool = False


@dataclass(frozen=True, slots=True)
class StationWeek:
    """The open visits of a station's week, and all that decides who goes."""

    station_id: int
    visits: list[StandingVisit[UUID]]
    duties: list[Duty]
    known: Known


def open_visits(station_ids: Collection[int], monday: date, now: datetime) -> QuerySet[Visit]:
    """Return the visits of a week, from today on, that nobody has logged."""
    first = max(monday, timezone.localdate(now))
    return Visit.objects.filter(
        station__in=station_ids, planned_on__gte=first, planned_on__lt=monday + WEEK, status=Status.PLANNED
    )


def station_weeks(
    station_ids: Collection[int],
    monday: date,
    now: datetime,
    *,
    away: Mapping[int, Period] | None = None,
    drafted: Iterable[OpenRow] = (),
) -> list[StationWeek]:
    """Return what decides who goes on the visits of these stations that week, from today on, in a few queries.

    The officers of `away` are taken as absent for that time. `drafted` are visits that are not written yet.
    """
    rules = current_protocol().assignment
    stored = (
        open_visits(station_ids, monday, now)
        .order_by("pk")
        .values_list(
            "pk", "station", "participant", "planned_on", "window_from", "window_until",
            "participant__current_risk__level_rank", "first_officer", "second_officer", "officers_chosen",
        )
    )  # fmt: skip
    rows = [*stored, *drafted]
    duties = station_duties(station_ids, monday, rules, away=away)
    women: dict[int, set[int]] = defaultdict(set)
    for _pk, station, woman, *_rest in rows:
        women[station].add(woman)
    barred = _barred_officers({woman for found in women.values() for woman in found}, duties)
    known = _known_officers(women, now, rules)
    visits: dict[int, list[StandingVisit[UUID]]] = defaultdict(list)
    for pk, station, woman, day, start, end, rank, first, second, chosen in rows:
        visit = OpenVisit(
            pk, woman, day, NO_RANK if rank is None else rank, (start, end), barred.get(woman, frozenset())
        )
        team = tuple(officer for officer in (first, second) if officer is not None)
        visits[station].append(StandingVisit(visit, team, chosen))
    return [
        StationWeek(
            station, visits[station], duties.get(station, []), {woman: known[woman] for woman in women[station]}
        )
        for station in sorted(visits)
    ]


def station_duties(
    station_ids: Collection[int], monday: date, rules: Assignment, *, away: Mapping[int, Period] | None = None
) -> dict[int, list[Duty]]:
    """Return by station the officers who go on visits and serve there on some day of a week, by id.

    Supervisors go only where they have a shift.
    """
    last = monday + WEEK - timedelta(days=1)
    postings = (
        Posting.objects.standing()
        .filter(Q(ends_on=None) | Q(ends_on__gte=monday), station__in=station_ids, starts_on__lte=last)
        .filter(Q(officer__shift__isnull=False) | ~Q(officer__user__role=Role.SUPERVISOR) | Q(officer__user=None))
        .order_by("officer", "starts_on", "pk")
    )
    if rules.women_only:
        postings = postings.filter(officer__is_woman=True)
    serves: dict[tuple[int, int], list[Period]] = defaultdict(list)
    for station, officer, starts_on, ends_on in postings.values_list("station", "officer", "starts_on", "ends_on"):
        serves[station, officer].append((starts_on, ends_on))
    officers = {officer for _station, officer in serves}
    shifts = {shift.officer_id: shift for shift in Shift.objects.filter(officer__in=officers)}
    absences = _absences(officers, monday, last)
    for officer, period in (away or {}).items():
        absences[officer].append(period)
    duties: dict[int, list[Duty]] = defaultdict(list)
    for (station, officer), periods in serves.items():
        duties[station].append(_duty(officer, periods, shifts.get(officer), absences[officer], rules))
    return duties


def changed_teams(weeks: Collection[StationWeek]) -> tuple[dict[UUID, Team], tuple[UUID, ...]]:
    """Return the new officers of each visit whose officers change (none: nobody can go), and the visits without any."""
    size = current_protocol().assignment.officers_a_visit
    changed: dict[UUID, Team] = {}
    unmet: list[UUID] = []
    for week in weeks:
        found = staff_visits(week.visits, week.duties, known=week.known, size=size)
        unmet += found.unmet
        for one in week.visits:
            team = found.officers.get(one.visit.key, ())
            if team != one.officers:
                changed[one.visit.key] = team
    return changed, tuple(unmet)


def visits_if_away(officer: Officer, period: Period, now: datetime) -> list[tuple[Visit, Team]]:
    """Return the visits of this week and the next that would change hands were she away, by day, with who would go."""
    monday = monday_of(timezone.localdate(now))
    changed: dict[UUID, Team] = {}
    for week in (monday, monday + WEEK):
        weeks = station_weeks(stations_ahead(officer, now), week, now, away={officer.pk: period})
        changed |= changed_teams(weeks)[0]
    visits = Visit.objects.filter(pk__in=changed).select_related("participant").order_by("planned_on", "pk")
    return [(visit, changed[visit.pk]) for visit in visits]


def stations_ahead(officer: Officer, now: datetime) -> set[int]:
    """Return the ids of the stations where an officer serves on some day of this week or the next, from today on."""
    today = timezone.localdate(now)
    postings = Posting.objects.standing().filter(officer=officer, starts_on__lt=monday_of(today) + 2 * WEEK)
    return set(postings.exclude(ends_on__lt=today).values_list("station", flat=True))


def station_weeks_to_staff(now: datetime) -> list[tuple[int, date]]:
    """Return the stations and Mondays with open visits, this week or the next, that have not all who should go.

    A visit lacks officers, or one of its officers does not serve there that day, is away, or has to do with her: as she
    said, or as her sealed card says.
    """
    today = timezone.localdate(now)
    open_now = Visit.objects.filter(
        status=Status.PLANNED, planned_on__gte=today, planned_on__lt=monday_of(today) + 2 * WEEK
    )
    # Each cause by itself joins a table once; as one condition, all would be asked of every visit.
    causes = [
        Q(first_officer=None),
        _unfit_second(),
        *(Q(Exists(found)) for side in SIDES for found in (_away(side), _declared(side))),
        *(Q(~Exists(_serving(side)), **{f"{side}__isnull": False}) for side in SIDES),
    ]
    wanting = [open_now.filter(cause).order_by().values_list("station", "planned_on") for cause in causes]
    found = {*wanting[0].union(*wanting[1:]), *_against_sealed_cards(open_now)}
    return sorted({(station, monday_of(day)) for station, day in found})


def officers_in_reach(user: User, *, on: date) -> QuerySet[Officer]:
    """Return the officers whose shifts a person may set: those of her station on a day, or all; by code."""
    officers = Officer.objects.select_related("user", "shift").order_by("code")
    if user.role == Role.ADMINISTRATOR:
        return officers
    if user.role not in POLICE_ROLES:
        return officers.none()
    own = Posting.objects.serving(on).filter(officer__user=user).values("station")
    return officers.filter(postings__in=Posting.objects.serving(on).filter(station__in=own))


def absences_from(officers: Iterable[Officer], on: date) -> dict[int, list[Absence]]:
    """Return the absences that stand and are not over on a day, by officer, the earliest first."""
    found: dict[int, list[Absence]] = defaultdict(list)
    standing = Absence.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), officer__in=list(officers))
    for absence in standing.filter(withdrawn_at=None).order_by("starts_on", "pk"):
        found[absence.officer_id].append(absence)
    return found


def _absences(officers: Collection[int], first: date, last: date) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = defaultdict(list)
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), officer__in=officers, starts_on__lte=last, withdrawn_at=None
    )
    for officer, starts_on, ends_on in rows.order_by("pk").values_list("officer", "starts_on", "ends_on"):
        found[officer].append((starts_on, ends_on))
    return found


def _duty(officer: int, serves: list[Period], shift: Shift | None, away: list[Period], rules: Assignment) -> Duty:
    if shift is None:
        return Duty(officer, tuple(serves), rules.visits_a_day, away=tuple(away))
    hours = (shift.starts_at, shift.ends_at)
    return Duty(officer, tuple(serves), shift.visits_a_day, frozenset(shift.weekdays), hours, tuple(away))


def _barred_officers(women: Collection[int], duties: dict[int, list[Duty]]) -> dict[int, frozenset[int]]:
    """Return by woman the officers who have to do with her or with the man she reported."""
    ids = {duty.officer for found in duties.values() for duty in found}
    officer_of = dict(Officer.objects.filter(pk__in=ids, user__isnull=False).values_list("user", "pk"))
    barred: dict[int, set[int]] = defaultdict(set)
    for woman, user in conflicted_pairs(women, officer_of):
        barred[woman].add(officer_of[user])
    return {woman: frozenset(officers) for woman, officers in barred.items()}


def _known_officers(women: dict[int, set[int]], now: datetime, rules: Assignment) -> dict[int, dict[int, int]]:
    """Return how many visits each officer made to each woman in the days that count, by woman and officer."""
    today = timezone.localdate(now)
    made = Visit.objects.filter(
        station__in=women,
        planned_on__range=(today - timedelta(days=rules.known_days), today),
        status__in=(Status.DONE, Status.ATTEMPTED),
        first_officer__isnull=False,
    ).order_by()
    known: dict[int, dict[int, int]] = defaultdict(dict)
    for side in SIDES:
        rows = made.filter(**{f"{side}__isnull": False}).values_list("participant", side).annotate(times=Count("pk"))
        for woman, officer, times in rows:
            known[woman][officer] = known[woman].get(officer, 0) + times
    return known


def _serving(side: str) -> QuerySet[Posting]:
    return Posting.objects.standing().filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("planned_on")),
        officer=OuterRef(side),
        station=OuterRef("station"),
        starts_on__lte=OuterRef("planned_on"),
    )


def _unfit_second() -> Q:
    if current_protocol().assignment.officers_a_visit == 1:
        return Q(second_officer__isnull=False)
    return Q(second_officer=None)


def _away(side: str) -> QuerySet[Absence]:
    """Return the absences of one of a visit's officers on its day."""
    return Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("planned_on")),
        officer=OuterRef(side),
        starts_on__lte=OuterRef("planned_on"),
        withdrawn_at=None,
    )


def _against_sealed_cards(open_now: QuerySet[Visit]) -> set[tuple[int, date]]:
    """Return the stations and days of visits that an officer is to make whose sealed card matches the woman's data."""
    carded = Q(first_officer__user__staff_card__isnull=False) | Q(second_officer__user__staff_card__isnull=False)
    rows = list(
        open_now.filter(carded)
        .order_by()
        .values_list("station", "planned_on", "participant", "first_officer__user", "second_officer__user")
    )
    users = {user for *_rest, first, second in rows for user in (first, second) if user is not None}
    pairs = conflicted_pairs({row[2] for row in rows}, users) if rows else set()
    return {
        (station, day)
        for station, day, woman, first, second in rows
        if (woman, first) in pairs or (woman, second) in pairs
    }


def _declared(side: str) -> QuerySet[Conflict]:
    """Return what one of a visit's officers has declared about its woman."""
    return Conflict.objects.filter(user__officer=OuterRef(side), participant=OuterRef("participant"), lifted_at=None)
