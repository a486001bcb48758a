"""Who hears of her morning or of the board's week, and the counts of it that are kept elsewhere than on first pages."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from monitoring.models import LastMorning
from monitoring.queries.readers import Due, Line, due, held_back, people_told, reader_of, with_listed
from monitoring.telling import (
    MORNING_BEGINS,
    ROLES_TOLD,
    STATIONS_COUNTED_BY,
    WEEKLY_ROLES,
    Kind,
    is_morning,
)
from protocol.queries import NoProtocol, current_protocol
from stations.models import Posting
from surveys.queries import cases_waiting
from surveys.queries.attempts import reminders
from visits.models import StationDigest
from visits.weeks import monday_of

OVER_EVERYTHING = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER})
SURVEY_COUNTS = ("today", "overdue", "closing", "to_explain")
MORNING_COUNTS = ("planned", "without_officers", "late", "unexplained")


def morning_kind(user: User) -> Kind:
    """Return of which kind a person's morning is."""
    return Kind.SURVEYS if user.role in ROLES_TOLD[Kind.SURVEYS] else Kind.MORNING


def morning_about(user: User, today: date) -> str:
    """Return the day of which a person hears once: today, or the Monday of this week."""
    return (monday_of(today) if user.role in WEEKLY_ROLES else today).isoformat()


def mornings_readers() -> QuerySet[User]:
    """Return whoever hears in the morning what waits for her and did not ask to be left alone, by number."""
    everybody = people_told(Kind.MORNING) | people_told(Kind.SURVEYS)
    return everybody.filter(hears_mornings=True).order_by("pk")


def mornings_to_ask(now: datetime) -> list[User]:
    """Return whose morning may leave now, has not left, and was not found quiet today; as many queries for any number.

    Until eight it waits for the counts of the stations.
    """
    local = timezone.localtime(now)
    if not is_morning(local):
        return []
    try:
        current_protocol()
    except NoProtocol:
        return []
    people, today = list(mornings_readers()), local.date()
    held = held_back(now, about={morning_about(user, today) for user in people})
    quiet = set(LastMorning.objects.filter(day=today, counts={}).values_list("user", flat=True))
    left = [user for user in people if user.pk not in quiet and _mark(user, today) not in held]
    uncounted = _without_counts(left, today) if left and local.time() < STATIONS_COUNTED_BY else set()
    return [user for user in left if user.pk not in uncounted]


def waited_yesterday(user: User, today: date) -> Mapping[str, int] | None:
    """Return how much waited for a person the day before, by topic; None if she was not asked for then."""
    day_before = LastMorning.objects.filter(user=user, day=today - timedelta(days=1))
    found: Mapping[str, int] | None = day_before.values_list("counts", flat=True).first()
    return found


def stations_line(user: User, today: date) -> Line | None:
    """Return the morning of her station for a supervisor, of all together for those above; None without anything."""
    digests = list(_digests(user, today))
    counts = {name: sum(getattr(digest, name) for digest in digests) for name in MORNING_COUNTS}
    return Line("morning", counts) if any(counts.values()) else None


def surveys_line(user: User, now: datetime) -> Line | None:
    """Return an interviewer's day in counts; None without anything to do."""
    found = reminders(user, cases_waiting(user, timezone.localdate(now)), now)
    counts = {name: getattr(found, name) for name in SURVEY_COUNTS}
    return Line("surveys", counts) if any(counts.values()) else None


def board_due(now: datetime) -> list[Due]:
    """Return the week that is over for each of the board with a work e-mail: from Monday morning on, until it left."""
    local = timezone.localtime(now)
    monday = monday_of(local.date())
    if local.date() == monday and local.time() < MORNING_BEGINS:
        return []
    about = (monday - timedelta(days=7)).isoformat()
    listed = [address for address in settings.BOARD_NOTICES_TO if "@" in address]
    readers = with_listed(map(reader_of, people_told(Kind.BOARD_WEEK)), ("board", listed))
    return [due(Kind.BOARD_WEEK, about, reader) for reader in readers]


def _mark(user: User, today: date) -> tuple[str, str, str]:
    return (morning_kind(user).value, morning_about(user, today), reader_of(user).to)


def _without_counts(people: Iterable[User], today: date) -> set[int]:
    """Return who waits for counts of today that are not there yet: her station's, or for those above those of any."""
    counted = set(StationDigest.objects.filter(made_for=today).values_list("station", flat=True))
    waiting = {user.pk for user in people if user.role in OVER_EVERYTHING and not counted}
    supervisors = [user.pk for user in people if user.role == Role.SUPERVISOR]
    serving = Posting.objects.serving(today).filter(officer__user__in=supervisors)
    served = list(serving.order_by("pk").values_list("officer__user", "station"))
    return waiting | {user for user, _at in served} - {user for user, station in served if station in counted}


def _digests(user: User, today: date) -> QuerySet[StationDigest]:
    found = StationDigest.objects.filter(made_for=today).order_by("station")
    if user.role in OVER_EVERYTHING:
        return found
    return found.filter(station__in=_serving(user, today).values("station"))


def _serving(user: User, today: date) -> QuerySet[Posting]:
    serving = Posting.objects.serving(today).filter(officer__user=user)
    return serving if user.role == Role.SUPERVISOR else serving.none()
