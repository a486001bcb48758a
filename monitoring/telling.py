"""Who is written to about what, by which words, and when a message that did not leave is tried again."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class Kind(TextChoices):
    """What a message is about. Its reader learns that something waits, never what."""

    PLANNER_LATE = "planner_late", _("The planner is late")
    PLANNER_BACK = "planner_back", _("The planner is on time again")
    JOBS_LATE = "jobs_late", _("A scheduled job is silent")
    JOBS_BACK = "jobs_back", _("The scheduled jobs run again")
    BACKUP_LATE = "backup_late", _("A backup is late")
    BACKUP_BACK = "backup_back", _("There is a backup again")
    MORNING = "morning", _("The morning in counts")
    SURVEYS = "surveys", _("An interviewer’s day in counts")
    BOARD_WEEK = "board_week", _("The board’s week in counts")
    RELEASE_NEWS = "release_news", _("News of a release")
    RELEASE_WAITING = "release_waiting", _("A release to decide about")
    REPORT_NEWS = "report_news", _("News of a report")
    PLAN_WAITING = "plan_waiting", _("A plan of the analysis to lock")
    NAMES_WAITING = "names_waiting", _("A request to name the groups")
    LOCK_WAITING = "lock_waiting", _("A lock of data to sign")
    COMPLAINT_NEW = "complaint_new", _("A new complaint")
    COMPLAINT_LATE = "complaint_late", _("A complaint that is late")
    BACK_CHECK = "back_check", _("A survey to ask again")
    LOGS_WAITING = "logs_waiting", _("Logs to decide about")
    ENTRIES_WAITING = "entries_waiting", _("Held answers to decide about")
    PHONE_UNSENT = "phone_unsent", _("Things wait on one’s own telephone")
    PHONES_UNSENT = "phones_unsent", _("Things wait on somebody’s telephone")
    ADDRESS_HELD = "address_held", _("An address that tries many names")


_R, _K = Role, Kind
_DECIDE = frozenset({_R.ADMINISTRATOR, _R.STATISTICIAN})
_DESKS = frozenset({_R.ADMINISTRATOR, _R.SAFETY_OFFICER})
_IN_CHARGE = _DESKS | {_R.SUPERVISOR}
_OWNERS = frozenset({_R.RESEARCHER, _R.STATISTICIAN})
ROLES_TOLD: Mapping[Kind, frozenset[Role]] = {
    _K.PLANNER_LATE: _IN_CHARGE,
    _K.PLANNER_BACK: _IN_CHARGE,
    _K.JOBS_LATE: _DESKS,
    _K.JOBS_BACK: _DESKS,
    _K.BACKUP_LATE: frozenset({_R.ADMINISTRATOR}),
    _K.BACKUP_BACK: frozenset({_R.ADMINISTRATOR}),
    _K.MORNING: _IN_CHARGE | _OWNERS,
    _K.SURVEYS: frozenset({_R.INTERVIEWER}),
    _K.BOARD_WEEK: frozenset({_R.ETHICS_BOARD}),
    _K.RELEASE_NEWS: _OWNERS,
    _K.RELEASE_WAITING: _DECIDE,
    _K.REPORT_NEWS: _OWNERS,
    _K.PLAN_WAITING: _DECIDE,
    _K.NAMES_WAITING: _DECIDE,
    _K.LOCK_WAITING: _OWNERS | {_R.ADMINISTRATOR},
    _K.COMPLAINT_NEW: _DESKS,
    _K.COMPLAINT_LATE: _DESKS,
    _K.BACK_CHECK: frozenset({_R.INTERVIEWER}),
    _K.LOGS_WAITING: frozenset({_R.SUPERVISOR}),
    _K.ENTRIES_WAITING: frozenset({_R.ADMINISTRATOR}),
    _K.PHONE_UNSENT: frozenset({_R.OFFICER, _R.SUPERVISOR, _R.INTERVIEWER}),
    _K.PHONES_UNSENT: frozenset({_R.ADMINISTRATOR, _R.SUPERVISOR}),
    _K.ADDRESS_HELD: frozenset({_R.ADMINISTRATOR}),
}
# Kinds that share their words, so that these do not say which of them it is; every other has its own.
_WORDS: Mapping[Kind, str] = {
    _K.RELEASE_NEWS: "news",
    _K.REPORT_NEWS: "news",
    _K.RELEASE_WAITING: "to_decide",
    _K.PLAN_WAITING: "to_decide",
    _K.NAMES_WAITING: "to_decide",
    _K.LOCK_WAITING: "to_decide",
    _K.COMPLAINT_NEW: "to_see",
    _K.COMPLAINT_LATE: "to_see_late",
    _K.BACK_CHECK: "to_do",
    _K.LOGS_WAITING: "to_decide",
    _K.ENTRIES_WAITING: "to_decide",
    _K.ADDRESS_HELD: "to_see",
}
# Of these nothing is urgent every day: they hear on the first morning of the week.
WEEKLY_ROLES = _OWNERS
# A message about something long over says nothing any more; what was seen on the page is not told, either.
TELL_WITHIN = timedelta(days=3)
MORNING_BEGINS, MORNING_ENDS = time(6), time(12)
# Until then a morning waits for the counts of the stations; afterwards it leaves without them.
STATIONS_COUNTED_BY = time(8)
# What can wait for daylight is not sent at night.
DAY_BEGINS, DAY_ENDS = time(6), time(21)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# After so many tries that certainly failed, how long until the next; then none: some three days in all.
TRY_AGAIN_AFTER = (
    _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 24 * _HOUR,
)  # fmt: skip
MOST_ATTEMPTS = len(TRY_AGAIN_AFTER) + 1


def words_of(kind: Kind) -> str:
    """Return the code of the text in which a message of a kind is written."""
    return _WORDS.get(kind, kind.value)


def may_be_tried(attempts: int, tried_at: datetime | None, now: datetime) -> bool:
    """Say whether a message that did not leave in so many tries is tried now."""
    if not attempts or tried_at is None:
        return True
    return attempts < MOST_ATTEMPTS and now - tried_at >= TRY_AGAIN_AFTER[attempts - 1]


def is_morning(local: datetime) -> bool:
    """Say whether the morning's counts may leave at a local time."""
    return MORNING_BEGINS <= local.time() < MORNING_ENDS


def is_day(local: datetime) -> bool:
    """Say whether what can wait for daylight may leave at a local time."""
    return DAY_BEGINS <= local.time() < DAY_ENDS
