"""Who hears of her morning or of the board's week, and the counts of it that are kept elsewhere than on first pages."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from monitoring.queries.readers import Due, Line, due, people_told, reader_of, with_listed
from monitoring.telling import MORNING_BEGINS, ROLES_TOLD, WEEKLY_ROLES, Kind
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


def are_stations_counted(user: User, today: date) -> bool:
    """Say whether the counts of today are there for a person who hears of them: her station's, or those of any."""
    if user.role == Role.SUPERVISOR:
        return not _serving(user, today).exists() or _digests(user, today).exists()
    return user.role not in OVER_EVERYTHING or _digests(user, today).exists()


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


def _digests(user: User, today: date) -> QuerySet[StationDigest]:
    found = StationDigest.objects.filter(made_for=today).order_by("station")
    if user.role in OVER_EVERYTHING:
        return found
    return found.filter(station__in=_serving(user, today).values("station"))


def _serving(user: User, today: date) -> QuerySet[Posting]:
    serving = Posting.objects.serving(today).filter(officer__user=user)
    return serving if user.role == Role.SUPERVISOR else serving.none()
