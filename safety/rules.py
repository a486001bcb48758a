"""What puts a case before the safety officer: one table, the same for every woman and in every arm.

Sources: the alerts of the risk sheet (domain, part 2), the log of a visit, visits missed one after the other or without
a reason, a sheet long overdue, what a woman told of a child, a complaint, and what somebody who looks after her writes
by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    """How grave what was told is by itself, before anybody has looked."""

    ORDINARY = "ordinary"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for a case. `by_hand`: people may choose it themselves."""

    code: str
    label: str | Promise
    severity: Severity
    by_hand: bool = False


EXTREME_LEVEL, UNSAFE_VISIT, OFFICER_CONCERN = "extreme_level", "unsafe_visit", "officer_concern"
MISSED_VISITS, UNEXPLAINED_VISIT, REASSESSMENT_OVERDUE = "missed_visits", "unexplained_visit", "reassessment_overdue"
NEW_WEAPON_USE, CHILD_IN_DANGER, OTHER, COMPLAINT = "new_weapon_use", "child_in_danger", "other", "complaint"

_TABLE = (
    Rule(EXTREME_LEVEL, _("Extreme level"), Severity.SERIOUS),
    Rule("own_life", _("She has tried or threatened to take her own life"), Severity.SERIOUS),
    Rule("children", _("Threat to harm her children"), Severity.SERIOUS),
    Rule("strangulation", _("Attempted strangulation"), Severity.SERIOUS),
    Rule(NEW_WEAPON_USE, _("Weapon used or threatened, not known before"), Severity.SERIOUS),
    Rule(UNSAFE_VISIT, _("It was not safe at the visit"), Severity.SERIOUS),
    Rule(OFFICER_CONCERN, _("Whoever visited her is worried about her safety"), Severity.ORDINARY),
    Rule(MISSED_VISITS, _("Visits missed one after the other at a high level"), Severity.SERIOUS),
    Rule(UNEXPLAINED_VISIT, _("A visit missed at a high level, and nobody says why"), Severity.SERIOUS),
    Rule(REASSESSMENT_OVERDUE, _("Nobody has filled in the sheet again at a high level"), Severity.ORDINARY),
    Rule(COMPLAINT, _("Somebody complained to us, and it is about her safety"), Severity.SERIOUS),
    Rule(CHILD_IN_DANGER, _("She told of danger to a child"), Severity.SERIOUS, by_hand=True),
    Rule("harmed", _("Somebody harmed or threatened her"), Severity.SERIOUS, by_hand=True),
    Rule("grave_news", _("She died or is in hospital"), Severity.SERIOUS, by_hand=True),
    Rule("privacy", _("Somebody learned what had to stay private"), Severity.SERIOUS, by_hand=True),
    Rule("distress", _("She needs care after what was talked about"), Severity.ORDINARY, by_hand=True),
    Rule(OTHER, _("Something else, in the note"), Severity.ORDINARY, by_hand=True),
)
RULES: Mapping[str, Rule] = {rule.code: rule for rule in _TABLE}
BY_HAND = tuple(rule for rule in _TABLE if rule.by_hand)


def rule_of(code: str) -> Rule:
    """Return the rule of a code; a warning that only another risk sheet knows is serious until somebody has looked."""
    return RULES.get(code) or Rule(code, _("A warning of the risk sheet"), Severity.SERIOUS)


def is_missed_in_a_row(states: Sequence[tuple[date, bool]], *, visits: int, within_days: int) -> bool:
    """Say whether a woman's last `visits` visits were all missed, none more than `within_days` days before the last.

    `states` holds (day, was it missed) of her visits whose end is known, the latest first. Protocol, part [safety].
    """
    last = states[:visits]
    if len(last) < visits or not all(missed for _day, missed in last):
        return False
    return (last[0][0] - last[-1][0]).days <= within_days
