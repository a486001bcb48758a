"""What is counted of each person, as data: of whom, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Measure(TextChoices):
    MET = "met", _("She was met")
    NOT_WANTED = "not_wanted", _("She did not want the visit")
    NOT_PRIVATE = "not_private", _("They could not talk in private")
    NO_NOTE = "no_note", _("No note was written")
    SENT_LATE = "sent_late", _("Sent more than a day later")
    REFUSED = "refused", _("She preferred not to answer")
    IN_PART = "in_part", _("Answered in part")
    NOT_ALONE = "not_alone", _("She was not alone when she was tried")
    SHORT = "short", _("Took less than half the usual time")
    DIFFERS = "differs", _("Told otherwise to somebody else")


class Team(StrEnum):
    """Whose measure it is."""

    OFFICERS = "officers"
    INTERVIEWERS = "interviewers"


@dataclass(frozen=True, slots=True)
class Counting:
    """Of whom a measure is, and what one case of it is."""

    team: Team
    case: str | Promise


_VISITS, _TALKS = _("visits logged"), _("visits at which she was met")
COUNTINGS: Mapping[Measure, Counting] = {
    Measure.MET: Counting(Team.OFFICERS, _VISITS),
    Measure.NOT_WANTED: Counting(Team.OFFICERS, _VISITS),
    Measure.NOT_PRIVATE: Counting(Team.OFFICERS, _("visits of which it was said")),
    Measure.NO_NOTE: Counting(Team.OFFICERS, _TALKS),
    Measure.SENT_LATE: Counting(Team.OFFICERS, _VISITS),
    Measure.REFUSED: Counting(Team.INTERVIEWERS, _("surveys that were decided")),
    Measure.IN_PART: Counting(Team.INTERVIEWERS, _("surveys taken")),
    Measure.NOT_ALONE: Counting(Team.INTERVIEWERS, _("tries to reach her")),
    Measure.SHORT: Counting(Team.INTERVIEWERS, _("surveys whose time is known")),
    Measure.DIFFERS: Counting(Team.INTERVIEWERS, _("facts asked again by somebody else")),
}
OF_OFFICERS = tuple(measure for measure, counting in COUNTINGS.items() if counting.team == Team.OFFICERS)
