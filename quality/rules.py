"""What makes data doubtful, as data: each rule with its limits, who is asked about it, and within how many days.

A finding is a question, never a verdict: limits are wide, and nobody is asked about a rate of few logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RuleCode(TextChoices):
    LATE_LOG = "late_log", _("Log sent long after its visit")
    FAR_FROM_PLAN = "far_from_plan", _("Visit far from its planned day")
    IMPOSSIBLE_TIME = "impossible_time", _("Time that can hardly be")
    OUTSIDE_PART = "outside_part", _("Visit outside of her time in the project")
    TOO_CLOSE = "too_close", _("Two visits of one person at the same time")
    TWO_DOORS = "two_doors", _("One of a pair at two doors at once")
    TWICE = "twice", _("One visit written down twice")
    EVENT_DAY = "event_day", _("Day of what happened does not fit the visit")
    FORM_RULES = "form_rules", _("Answers that break a rule of their questionnaire")
    AGE_DIFFERS = "age_differs", _("Age differs from that of enrolment")
    CONTRADICTS = "contradicts", _("Two surveys contradict each other")
    STRAIGHT_LINE = "straight_line", _("The same answer throughout a scale")
    SAME_ANSWERS = "same_answers", _("Two surveys with the same answers")
    DURATION = "duration", _("Survey much shorter or longer than others")
    ROUND_MINUTES = "round_minutes", _("Nearly all hours are round")
    ALL_MET = "all_met", _("Every visit of a month went well")
    COPIED_NOTES = "copied_notes", _("The same note about several women")
    ASKED_AGAIN = "asked_again", _("Another answer to somebody else")


class Desk(StrEnum):
    """Who is asked: the station of the visit, whoever took the survey, or nobody but the coordination."""

    STATION = "station"
    INTERVIEWER = "interviewer"
    COORDINATION = "coordination"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `limits` by the names that its statement uses."""

    code: RuleCode
    desk: Desk
    days_to_answer: int
    limits: Mapping[str, float]


def _rule(code: RuleCode, desk: Desk, days_to_answer: int, **limits: float) -> Rule:
    return Rule(code, desk, days_to_answer, MappingProxyType(limits))


RULES: Mapping[RuleCode, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            _rule(RuleCode.LATE_LOG, Desk.STATION, 7, days=7),
            _rule(RuleCode.FAR_FROM_PLAN, Desk.STATION, 7, days=3),
            _rule(RuleCode.IMPOSSIBLE_TIME, Desk.STATION, 3, from_hour=6, until_hour=22, ahead_minutes=10),
            _rule(RuleCode.OUTSIDE_PART, Desk.STATION, 3),
            _rule(RuleCode.TOO_CLOSE, Desk.STATION, 7, minutes=5),
            # Whoever logs is looked at by the rule above; here, both who were sent.
            _rule(RuleCode.TWO_DOORS, Desk.STATION, 7, minutes=5),
            _rule(RuleCode.TWICE, Desk.STATION, 7, minutes=60),
            _rule(RuleCode.EVENT_DAY, Desk.STATION, 3, days=366),
            # Which answers, and what is behind each, stands on the page of the survey room.
            _rule(RuleCode.FORM_RULES, Desk.INTERVIEWER, 7),
            _rule(RuleCode.AGE_DIFFERS, Desk.INTERVIEWER, 7, years=2),
            # A single act that is no longer told is no error: women take back what they told, for their safety.
            _rule(RuleCode.CONTRADICTS, Desk.INTERVIEWER, 14, items=3),
            _rule(RuleCode.STRAIGHT_LINE, Desk.INTERVIEWER, 14, items=10),
            _rule(RuleCode.SAME_ANSWERS, Desk.INTERVIEWER, 7, items=20),
            _rule(RuleCode.DURATION, Desk.INTERVIEWER, 7, surveys=10, shortest=0.3, longest=4.0),
            # By chance one minute in five ends in 0 or 5.
            _rule(RuleCode.ROUND_MINUTES, Desk.COORDINATION, 30, logs=40, share=0.8),
            _rule(RuleCode.ALL_MET, Desk.COORDINATION, 30, logs=40, chance=0.001),
            # What hardly ever changes; whoever asked first is not told, so that nobody turns to the woman.
            _rule(RuleCode.ASKED_AGAIN, Desk.COORDINATION, 14, kind=2),
            _rule(RuleCode.COPIED_NOTES, Desk.COORDINATION, 14, women=3),
        )
    }
)
OF_EVERYBODY: Mapping[RuleCode, frozenset[str]] = MappingProxyType({RuleCode.ALL_MET: frozenset({"share"})})
"""Facts that say how all others did: a late log of somebody else changes them, and nothing of what was accepted."""
