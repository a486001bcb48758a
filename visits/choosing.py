"""Who can be chosen for a visit by hand, and why not: the rules of sending officers bend to nobody's word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from visits.assignment import Key, are_together
from visits.availability import Duty, StandingVisit


class Bar(StrEnum):
    """Why an officer cannot go to a visit.

    Hours that do not meet and a conflict of interest are one answer: what an officer has to do with a woman is told to
    nobody.
    """

    NOT_THERE = "not_there"
    NOT_POSSIBLE = "not_possible"
    FULL = "full"
    OTHER_NUMBER = "other_number"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer of the station for a visit: how many visits she has that day and can make, and what stands against."""

    officer: int
    visits: int
    room: int
    bar: Bar | None


def candidates(
    chosen_for: StandingVisit[Key], others: Collection[StandingVisit[Key]], duties: Collection[Duty]
) -> tuple[Candidate, ...]:
    """Return every officer of a station for a visit, by id; `others` are the week's other open visits.

    Only visits that a supervisor chose her for fill her day: the others go to somebody else.
    """
    day = chosen_for.visit.day
    that_day = [one for one in others if one.visit.day == day and one.visit.key != chosen_for.visit.key]
    found = []
    for duty in sorted(duties, key=lambda duty: duty.officer):
        hers = [one for one in that_day if duty.officer in one.officers]
        bar = _bar(chosen_for, duty, sum(one.are_chosen for one in hers))
        found.append(Candidate(duty.officer, len(hers), duty.room_on(day), bar))
    return tuple(found)


def team_bar(
    team: Sequence[int],
    chosen_for: StandingVisit[Key],
    others: Collection[StandingVisit[Key]],
    duties: Mapping[int, Duty],
    *,
    size: int,
) -> Bar | None:
    """Return why these officers cannot go to a visit together, None if they can."""
    if len(set(team)) != size or len(team) != size:
        return Bar.OTHER_NUMBER
    by_officer = {one.officer: one for one in candidates(chosen_for, others, duties.values())}
    for officer in team:
        if officer not in by_officer:
            return Bar.NOT_THERE
        if (bar := by_officer[officer].bar) is not None:
            return bar
    hours = (chosen_for.visit.window, *(duties[officer].hours for officer in team))
    return None if are_together(hours) else Bar.NOT_POSSIBLE


def _bar(chosen_for: StandingVisit[Key], duty: Duty, chosen_that_day: int) -> Bar | None:
    visit, room = chosen_for.visit, duty.room_on(chosen_for.visit.day)
    if not room:
        return Bar.NOT_THERE
    if duty.officer in visit.barred or not are_together((visit.window, duty.hours)):
        return Bar.NOT_POSSIBLE
    return Bar.FULL if chosen_that_day >= room else None
