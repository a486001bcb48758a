"""The messages of a moment: what happened, and each person's morning by the counts of her first page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from string import Template

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from messaging.texts import message_text
from monitoring.presenters.needs import NEEDS
from monitoring.presenters.needs.lines import Urgency, Waiting, waiting_for
from monitoring.presenters.needs.topics import TOPIC_OF, Topic
from monitoring.queries.decisions import complaints_due, locks_due, plans_due, unblinding_due
from monitoring.queries.doors import holds_due
from monitoring.queries.lateness import lateness_due
from monitoring.queries.mornings import (
    board_due,
    morning_about,
    morning_kind,
    mornings_to_ask,
    stations_line,
    surveys_line,
    waited_yesterday,
)
from monitoring.queries.piles import piles_due
from monitoring.queries.readers import Due, Line, held_back, reader_of
from monitoring.queries.releases import release_news_due, releases_to_decide_due, report_news_due

_HAPPENED: tuple[Callable[[datetime], list[Due]], ...] = (
    lateness_due,
    unblinding_due,
    plans_due,
    locks_due,
    complaints_due,
    releases_to_decide_due,
    release_news_due,
    report_news_due,
    piles_due,
    holds_due,
    board_due,
)
# The questions among her needs that she is asked herself; a coordinator reads everybody's.
_ASKED = frozenset({"queries", "doubtful"})
_ARE_ASKED = frozenset({Role.SUPERVISOR, Role.INTERVIEWER})
_COUNTED = {Urgency.NOW: "now", Urgency.TODAY: "today", Urgency.WHEN_POSSIBLE: "later"}

NOT_KNOWN = "–"

Source = Callable[[], list[Due]]


@dataclass(frozen=True, slots=True)
class Morning:
    """A person's morning: the message, None if nothing waits for her; and how much waits by topic."""

    due: Due | None
    counts: Mapping[str, int]


def message_sources(now: datetime) -> list[Source]:
    """Return what finds the messages about what happened, each by itself: what fails stops no other."""
    return [partial(_untold, find, now) for find in _HAPPENED]


def messages_due(now: datetime) -> list[Due]:
    """Return every message that is to leave at a moment: what happened, then the mornings."""
    happened = [one for source in message_sources(now) for one in source()]
    mornings = (morning_of(user, now).due for user in mornings_to_ask(now))
    return [*happened, *(one for one in mornings if one is not None)]


def morning_of(user: User, now: datetime) -> Morning:
    """Return a person's morning by the counts of her first page; without a message if nothing waits for her."""
    today = timezone.localdate(now)
    own = surveys_line(user, now) if user.role == Role.INTERVIEWER else stations_line(user, today)
    waiting = waiting_for(user, NEEDS, now=now)
    lines = [line for line in (own,) if line is not None] + waiting_lines(user, waiting)
    if waiting:
        lines += topic_lines(waiting, waited_yesterday(user, today), today=today)
    due = Due(morning_kind(user), morning_about(user, today), reader_of(user), tuple(lines)) if lines else None
    return Morning(due, {str(topic): sum(one.number for one in found) for topic, found in _by_topic(waiting).items()})


def message_words(due: Due) -> str:
    """Return a message as its reader gets it, a line for each text."""
    filled = (Template(message_text(line.code, due.reader.language)).substitute(line.counts) for line in due.lines)
    return "\n".join(filled)


def waiting_lines(user: User, waiting: list[Waiting]) -> list[Line]:
    """Return what waits on a person's first page in counts by urgency, after how many questions she is asked."""
    lines = []
    asked = sum(one.number for one in waiting if one.need.code in _ASKED and user.role in _ARE_ASKED)
    if asked:
        lines.append(Line("asked", {"asked": asked}))
    if waiting:
        counts = dict.fromkeys(_COUNTED.values(), 0)
        for one in waiting:
            counts[_COUNTED[one.need.urgency]] += one.number
        lines.append(Line("waiting", counts))
    return lines


def topic_lines(waiting: list[Waiting], before: Mapping[str, int] | None, *, today: date) -> list[Line]:
    """Return a line for each topic of which something waits: how much, for how many days, how much past its term.

    `before`: how much of each waited the day before; None where that is not known.
    """
    return [
        Line(
            f"waiting_{topic}",
            {
                "number": sum(one.number for one in found),
                "days": _days_of_the_oldest(found, today),
                "overdue": sum(one.counted.overdue for one in found),
                "before": NOT_KNOWN if before is None else before.get(topic, 0),
            },
        )
        for topic, found in _by_topic(waiting).items()
    ]


def _by_topic(waiting: list[Waiting]) -> dict[Topic, list[Waiting]]:
    found: dict[Topic, list[Waiting]] = {}
    for one in waiting:
        if one.need.code in TOPIC_OF:
            found.setdefault(TOPIC_OF[one.need.code], []).append(one)
    return {topic: found[topic] for topic in Topic if topic in found}


def _days_of_the_oldest(waiting: list[Waiting], today: date) -> int | str:
    """Return for how many days the oldest waits, by the calendar of Lima."""
    since = [one.counted.oldest for one in waiting if one.counted.oldest is not None]
    days = [timezone.localdate(one) if isinstance(one, datetime) else one for one in since]
    return max(0, (today - min(days)).days) if days else NOT_KNOWN


def _untold(find: Callable[[datetime], list[Due]], now: datetime) -> list[Due]:
    found = find(now)
    held = held_back(now, about={one.about for one in found})
    return [one for one in found if one.mark not in held]
