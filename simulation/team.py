"""The synthetic study team: one sign-in to try each role, and the officers and supervisors of every station."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import make_password
from django.db import transaction
from numpy.random import Generator

import audit.services as audit
from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import Role
from accounts.services import create_user
from simulation.people import draw_staff_names
from stations.models import ArmCrossing, Officer, Posting, Station
from stations.queries import study_stations

DEMO_PASSWORD = "agenda-de-muestra-7"  # noqa: S105 - printed on the screen, and only ever used on synthetic data
OFFICERS_PER_STATION = 10
INTERVIEWERS = 8

_WRITTEN_TO = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.INTERVIEWER})
_POSTED_BEFORE = timedelta(days=500)
_ROTATING_SHARE = 0.05
_WOMEN_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Login:
    """One sign-in of the demo; `what` says what it is good for."""

    username: str
    role: Role
    what: str


OFFICE_LOGINS = (
    Login("administradora", Role.ADMINISTRATOR, "the frame, the draw and the arms of the stations; training"),
    Login("investigadora", Role.RESEARCHER, "the pseudonymous panel with its codebook, groups blinded"),
    Login("investigadora2", Role.RESEARCHER, "the same; codes interviews with the first"),
    Login("estadistica", Role.STATISTICIAN, "the same panel, with the arms"),
    Login("seguridad", Role.SAFETY_OFFICER, "same-day safety alerts, and what was done about them"),
    Login("comite", Role.ETHICS_BOARD, "the study in counts, without identities"),
    Login("encuestadora", Role.INTERVIEWER, "the surveys that are due of the women she follows"),
)
OFFICER_LOGIN = Login("oficial", Role.OFFICER, "today's visits of her station, and their logs")
SECOND_OFFICER_LOGIN = Login("oficial2", Role.OFFICER, "the same at a station where the risk form changes the plan")
SUPERVISOR_LOGIN = Login("supervisora", Role.SUPERVISOR, "the week of the first officer's station, and what was missed")
POLICE_LOGINS = (OFFICER_LOGIN, SECOND_OFFICER_LOGIN, SUPERVISOR_LOGIN)


WITNESSES = (("sorteo.uno", Role.ADMINISTRATOR), ("sorteo.dos", Role.STATISTICIAN))


@dataclass(frozen=True, slots=True)
class Team:
    """The ids of the people that the synthetic study needs; officers and supervisors by station row.

    `officer_ids` gives the officer behind an account.
    """

    officers: tuple[tuple[int, ...], ...]
    supervisors: tuple[int, ...]
    interviewers: tuple[int, ...]
    safety_officer: int
    officer_ids: dict[int, int]


@transaction.atomic
def create_office_accounts(*, by: Actor, password: str = DEMO_PASSWORD) -> list[User]:
    """Make the demo's sign-ins that belong to no station, if they are not there; return those made."""
    require(by, Permission.MANAGE_OFFICERS)
    present = set(User.objects.values_list("username", flat=True))
    logins = [login for login in OFFICE_LOGINS if login.username not in present]
    hashed = make_password(password)
    made = User.objects.bulk_create(
        User(
            username=login.username,
            display_name=login.username.capitalize(),
            role=login.role,
            password=hashed,
            # Of an ending that no mail server knows: the demonstration prints what it would send.
            work_email=f"{login.username}@ejemplo.test" if login.role in _WRITTEN_TO else "",
        )
        for login in logins
    )
    audit.record(
        actor=by, action="simulation.create_accounts", object_type="user", details={"roles": [u.role for u in made]}
    )
    return made


def draw_witnesses(*, by: Actor) -> tuple[User, ...]:
    """Return the two people who approve the synthetic draw; nobody can sign in as them."""
    return tuple(
        User.objects.filter(username=username).first()
        or create_user(
            by=by,
            username=username,
            display_name=str(username),
            role=role,
            password=secrets.token_urlsafe(32),
        )
        for username, role in WITNESSES
    )


@transaction.atomic
def create_team(
    rng: Generator, *, by: Actor, stations: list[Station], by_risk: list[bool], first_day: date, password: str
) -> Team:
    """Post a supervisor and ten officers to each station, and add the interviewers.

    The first station that plans as usual gets the demo's officer and supervisor, the first that plans by risk its
    second officer. One officer in twenty changes station midway. All share one password, hashed once.
    """
    require(by, Permission.MANAGE_OFFICERS)
    create_office_accounts(by=by, password=password)
    hashed = make_password(password)
    police = _create_police(rng, stations, by_risk, hashed)
    _post(rng, police, stations, first_day)
    officers = [[user.pk for user in group if user.role == Role.OFFICER] for group in police]
    return Team(
        officers=tuple(tuple(group) for group in officers),
        supervisors=tuple(next(u.pk for u in group if u.role == Role.SUPERVISOR) for group in police),
        interviewers=_create_interviewers(rng, hashed),
        safety_officer=User.objects.get(username="seguridad").pk,
        officer_ids=dict(Officer.objects.filter(user__isnull=False).values_list("user", "pk")),
    )


def _create_police(rng: Generator, stations: list[Station], by_risk: list[bool], hashed: str) -> list[list[User]]:
    usual, risk = by_risk.index(False), by_risk.index(True)
    special = {
        (usual, 0): SUPERVISOR_LOGIN.username,
        (usual, 1): OFFICER_LOGIN.username,
        (risk, 1): SECOND_OFFICER_LOGIN.username,
    }
    names = iter(draw_staff_names(rng, len(stations) * (1 + OFFICERS_PER_STATION)))
    police: list[list[User]] = []
    for row in range(len(stations)):
        group = []
        for place in range(1 + OFFICERS_PER_STATION):
            kind = "supervisora" if place == 0 else "oficial"
            username = special.get((row, place), f"{kind}-{row + 1:02d}-{place}" if place else f"{kind}-{row + 1:02d}")
            role = Role.SUPERVISOR if place == 0 else Role.OFFICER
            group.append(User(username=username, display_name=next(names), role=role, password=hashed))
        police.append(group)
    User.objects.bulk_create(user for group in police for user in group)
    return police


def _post(rng: Generator, police: list[list[User]], stations: list[Station], first_day: date) -> None:
    people = [(user, station) for group, station in zip(police, stations, strict=True) for user in group]
    officers = Officer.objects.bulk_create(
        Officer(code=f"OF{number:05d}", user=user, is_woman=bool(rng.random() < _WOMEN_SHARE))
        for number, (user, _) in enumerate(people, start=1)
    )
    reserved = {login.username for login in POLICE_LOGINS}
    postings: list[Posting] = []
    for officer, (user, station) in zip(officers, people, strict=True):
        posting = Posting(officer=officer, station=station, starts_on=first_day - _POSTED_BEFORE)
        postings.append(posting)
        if rng.random() < _ROTATING_SHARE and user.role == Role.OFFICER and user.username not in reserved:
            posting.ends_on = first_day + timedelta(days=int(rng.integers(30, 200)))
            others = [other for other in stations if other != station]
            next_station = others[int(rng.integers(len(others)))]
            next_day = posting.ends_on + timedelta(days=1)
            postings.append(Posting(officer=officer, station=next_station, starts_on=next_day))
    Posting.objects.bulk_create(postings)
    _record_crossings(postings)


def _record_crossings(postings: list[Posting]) -> None:
    """Write down who moved between arms: of each officer's two postings, one after the other, the second crosses."""
    arms = dict(study_stations().values_list("station_id", "arm"))
    ArmCrossing.objects.bulk_create(
        ArmCrossing(
            officer_id=before.officer_id,
            posting=after,
            from_station_id=before.station_id,
            to_station_id=after.station_id,
            last_day_there=before.last_day,
            first_day_here=after.starts_on,
        )
        for before, after in pairwise(postings)
        if before.officer_id == after.officer_id and arms.get(before.station_id) != arms.get(after.station_id)
    )


def _create_interviewers(rng: Generator, hashed: str) -> tuple[int, ...]:
    names = draw_staff_names(rng, INTERVIEWERS - 1)
    made = User.objects.bulk_create(
        User(username=f"encuestadora-{number}", display_name=name, role=Role.INTERVIEWER, password=hashed)
        for number, name in enumerate(names, start=2)
    )
    return (User.objects.get(username="encuestadora").pk, *(user.pk for user in made))
