"""Who asks which woman: never somebody of her own neighbourhood, the same person while she wants, so many a week.

Weeks are named by their Monday. Where interviewers are short, whoever waits is named with the reason.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from visits.weeks import WEEK, monday_of


class Wish(TextChoices):
    """Whom she wants to talk to the next time."""

    ANY = "any", _("It is all the same to her")
    SAME = "same", _("The same interviewer")
    OTHER = "other", _("Somebody else")


class Bar(TextChoices):
    """Why an interviewer is not sent to a woman."""

    HOME_UNKNOWN = "home_unknown", _("Her district is not written down")
    NEIGHBOURHOOD = "neighbourhood", _("She lives in the woman's district")
    CONFLICT = "conflict", _("She is not to go to this woman")
    AWAY = "away", _("She is away")
    FULL = "full", _("Her weeks are full")


HARD_BARS = frozenset({Bar.HOME_UNKNOWN, Bar.NEIGHBOURHOOD, Bar.CONFLICT})
"""What nobody may set aside, by hand either."""


class Away(NamedTuple):
    """Days of absence, the last one included; None: until somebody says so."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Interviewer:
    """One who asks: the district where she lives (None: not known), surveys a week at most, and when she is away."""

    id: int
    district: str | None
    surveys_a_week: int
    away: tuple[Away, ...] = ()

    def is_there(self, week: date) -> bool:
        """Say whether she can be sent in a week: on one day of it at least."""
        days = [week + timedelta(days=number) for number in range(7)]
        return any(not any(_covers(away, day) for away in self.away) for day in days)


@dataclass(frozen=True, slots=True)
class Woman:
    """One to be asked: the districts that are hers, who asks her now, and the weeks that serve, the best first.

    `barred` are interviewers who must not go to her, those among them after whom she wants somebody else. Without
    `weeks` nothing of hers is near.
    """

    id: int
    districts: frozenset[str]
    weeks: tuple[date, ...] = ()
    interviewer: int | None = None
    wish: str = Wish.ANY
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who asks each woman (None: nobody), how many surveys each interviewer has in each week, and what is short.

    `short` has a woman with nobody, or whose interviewer is away or over her number, with the reason.
    """

    interviewer: dict[int, int | None] = field(default_factory=dict)
    load: Mapping[tuple[int, date], int] = field(default_factory=dict)
    short: dict[int, Bar] = field(default_factory=dict)


def serving_weeks(due_on: date, first: date, last: date, *, today: date) -> tuple[date, ...]:
    """Return the weeks from today on in which a survey can be held, the one of its day first, then by distance.

    A window that is over leaves this week.
    """
    begins, ends = monday_of(max(first, today)), monday_of(max(last, today))
    weeks = [begins + WEEK * number for number in range((ends - begins).days // 7 + 1)]
    return tuple(sorted(weeks, key=lambda week: (abs(week - monday_of(due_on)), week)))


def bar_between(woman: Woman, interviewer: Interviewer) -> Bar | None:
    """Return why an interviewer is not sent to a woman, whatever else she has to do; None where nothing is against."""
    if interviewer.id in woman.barred:
        return Bar.CONFLICT
    if interviewer.district is None:
        return Bar.HOME_UNKNOWN
    if interviewer.district in woman.districts:
        return Bar.NEIGHBOURHOOD
    if woman.weeks and not any(interviewer.is_there(week) for week in woman.weeks):
        return Bar.AWAY
    return None


def share_out(women: Collection[Woman], interviewers: Collection[Interviewer]) -> Sharing:
    """Give each woman an interviewer. The same input gives the same result, whatever its order.

    A woman keeps hers while nothing is against it. Where the weeks of hers are full she goes over to one with room,
    unless she wants the same: then she stays, and is named as short. Whoever has nobody goes to the one with the
    smallest part of her number taken. With a hard bar (`HARD_BARS`) against all, a woman has nobody; but whoever asks
    her now goes on, though her district is not written down yet.
    """
    return _Week(interviewers).shared(sorted(women, key=_turn))


def _turn(woman: Woman) -> tuple[bool, bool, date, int]:
    """Those who keep theirs come first, whoever wants so before the others, then by week."""
    week = woman.weeks[0] if woman.weeks else date.max
    return (woman.interviewer is None, woman.wish != Wish.SAME, week, woman.id)


def _covers(away: Away, day: date) -> bool:
    return away.first <= day and (away.last is None or day <= away.last)


class _Week:
    """The interviewers with what they have so far."""

    def __init__(self, interviewers: Collection[Interviewer]) -> None:
        self.people = {person.id: person for person in sorted(interviewers, key=lambda person: person.id)}
        self.load: Counter[tuple[int, date]] = Counter()
        self.women: Counter[int] = Counter()

    def shared(self, women: Iterable[Woman]) -> Sharing:
        chosen: dict[int, int | None] = {}
        short: dict[int, Bar] = {}
        for woman in women:
            person, week, why = self._choice(woman)
            chosen[woman.id] = person.id if person else None
            if why:
                short[woman.id] = why
            if person:
                self.women[person.id] += 1
                if week:
                    self.load[person.id, week] += 1
        return Sharing(chosen, dict(self.load), short)

    def _choice(self, woman: Woman) -> tuple[Interviewer | None, date | None, Bar | None]:
        """Return who asks her, in which week, and what is short."""
        current = self.people.get(woman.interviewer or 0)
        bars = {person.id: bar_between(woman, person) for person in self.people.values()}
        free = [person for person in self.people.values() if bars[person.id] is None]
        if current in free and (not woman.weeks or self._room(woman, current)):
            return current, self._room(woman, current), None
        if current and bars[current.id] == Bar.HOME_UNKNOWN:
            return current, self._least(woman, current), Bar.HOME_UNKNOWN
        stays = current if current and bars[current.id] not in HARD_BARS else None
        if stays is None or woman.wish != Wish.SAME or bars[stays.id] is not None:
            with_room = [person for person in free if not woman.weeks or self._room(woman, person)]
            if with_room:
                taken = min(with_room, key=lambda person: self._taken(woman, person))
                return taken, self._room(woman, taken), None
        why = bars[stays.id] if stays and bars[stays.id] else self._shortage(bars.values())
        return stays, (self._least(woman, stays) if stays else None), why

    def _room(self, woman: Woman, person: Interviewer | None) -> date | None:
        """Return the best week of hers in which the interviewer is there and has room."""
        if person is None:
            return None
        weeks = (week for week in woman.weeks if person.is_there(week))
        return next((week for week in weeks if self.load[person.id, week] < person.surveys_a_week), None)

    def _least(self, woman: Woman, person: Interviewer) -> date | None:
        return min(woman.weeks, key=lambda week: self.load[person.id, week], default=None)

    def _taken(self, woman: Woman, person: Interviewer) -> tuple[float, int, int]:
        most = max(1, person.surveys_a_week)
        return (sum(self.load[person.id, week] for week in woman.weeks) / most, self.women[person.id], person.id)

    @staticmethod
    def _shortage(bars: Iterable[Bar | None]) -> Bar:
        """Name what is short: room, if somebody could go; otherwise the least that stands against all."""
        found = set(bars)
        if None in found:
            return Bar.FULL
        order = (Bar.AWAY, Bar.HOME_UNKNOWN, Bar.NEIGHBOURHOOD, Bar.CONFLICT)
        return next((bar for bar in order if bar in found), Bar.FULL)
