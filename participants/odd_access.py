"""When access to cards is odd: many cards in an hour, cards at night without a visit, refusals again and again.

Each rule says over which window an act counts, so that one person and window make one notice however often it is
looked at.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Oddity(StrEnum):
    """What is odd about somebody's access."""

    MANY_CARDS = "many_cards"
    AT_NIGHT = "at_night"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Access:
    """A card that opened for a person, or did not; `at` is aware, in the study's zone."""

    person: int
    woman: str
    at: datetime
    is_refused: bool = False
    is_emergency: bool = False
    has_visit: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """More different cards than this in an hour, more refusals than this in a day, and the hours of the night."""

    cards_an_hour: int
    refusals_a_day: int
    night_from: time
    night_until: time


@dataclass(frozen=True, slots=True)
class Window:
    """From a moment until before another."""

    begins: datetime
    ends: datetime

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in it."""
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class Odd:
    """What one person did in one window that is odd, and how many acts that were."""

    oddity: Oddity
    person: int
    window: Window
    times: int


def hour_of(at: datetime) -> Window:
    """Return the hour of the clock that a moment lies in."""
    begins = at.replace(minute=0, second=0, microsecond=0)
    return Window(begins, begins + HOUR)


def day_of(at: datetime) -> Window:
    """Return the day that a moment lies in."""
    begins = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(begins, begins + DAY)


def night_of(at: datetime, limits: Limits) -> Window | None:
    """Return the night that a moment lies in: from `night_from` until before `night_until`, over midnight or not."""
    begins, ends = _at_time(at, limits.night_from), _at_time(at, limits.night_until)
    if limits.night_from > limits.night_until:
        nights = [Window(begins - DAY, ends), Window(begins, ends + DAY)]
    else:
        nights = [Window(begins, ends)]
    return next((night for night in nights if night.holds(at)), None)


def odd_accesses(accesses: Iterable[Access], limits: Limits) -> list[Odd]:
    """Return what is odd in what people did, given from the beginning of its earliest window, in any order."""
    by_person: dict[int, list[Access]] = defaultdict(list)
    for access in sorted(accesses, key=lambda access: access.at):
        by_person[access.person].append(access)
    found = []
    for person, acts in sorted(by_person.items()):
        for oddity, rule in RULES.items():
            windows: dict[Window, int] = defaultdict(int)
            for window in rule(acts, limits):
                windows[window] += 1
            found += [Odd(oddity, person, window, times) for window, times in windows.items()]
    return found


def is_touched(odd: Odd, at: datetime) -> bool:
    """Say whether an act of that moment may have changed this: it lies in the window, or within the hour before."""
    reaches_back = HOUR if odd.oddity == Oddity.MANY_CARDS else timedelta(0)
    return odd.window.begins - reaches_back <= at < odd.window.ends


def earliest_needed(at: datetime, limits: Limits) -> datetime:
    """Return from when on acts must be known to judge one of that moment."""
    night = night_of(at, limits)
    begins = [hour_of(at).begins - HOUR, day_of(at).begins, *([night.begins] if night else [])]
    return min(begins)


def _many_cards(acts: Sequence[Access], limits: Limits) -> Iterator[Window]:
    """Each opening with which more different cards than the limit were opened in less than an hour."""
    recent: deque[Access] = deque()
    for act in acts:
        if act.is_refused:
            continue
        recent.append(act)
        while act.at - recent[0].at >= HOUR:
            recent.popleft()
        if len({opened.woman for opened in recent}) > limits.cards_an_hour:
            yield hour_of(act.at)


def _at_night(acts: Sequence[Access], limits: Limits) -> Iterator[Window]:
    """Each opening at night, unless a visit to her stood near or it was an emergency, which is looked at by itself."""
    for act in acts:
        night = night_of(act.at, limits)
        if night is not None and not (act.is_refused or act.is_emergency or act.has_visit):
            yield night


def _not_due(acts: Sequence[Access], limits: Limits) -> Iterator[Window]:
    """Each refusal of a day on which there were more than the limit."""
    refusals: dict[Window, int] = defaultdict(int)
    for act in acts:
        if act.is_refused:
            refusals[day_of(act.at)] += 1
    for day, times in refusals.items():
        if times > limits.refusals_a_day:
            yield from [day] * times


RULES: dict[Oddity, Callable[[Sequence[Access], Limits], Iterator[Window]]] = {
    Oddity.MANY_CARDS: _many_cards,
    Oddity.AT_NIGHT: _at_night,
    Oddity.NOT_DUE: _not_due,
}


def _at_time(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
