"""What a screening comes to: the protocol's rules, answered one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ADULT = "adult"
ONE_PER_HOUSEHOLD = "one_per_household"


class Outcome(TextChoices):
    """How a screening ended."""

    ELIGIBLE = "eligible", _("Eligible")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")
    REFUSED = "refused", _("Eligible, does not want to")
    UNREACHABLE = "unreachable", _("Could not be reached")


class Refusal(TextChoices):
    """Why an eligible woman does not take part, as she says; she need not say."""

    NOT_SAID = "not_said", _("She prefers not to say")
    TIME = "time", _("She has no time for it")
    NOT_INTERESTED = "not_interested", _("She is not interested")
    AFRAID = "afraid", _("She is afraid that he finds out")
    DISTRUST = "distrust", _("She does not trust the visits")


@dataclass(frozen=True, slots=True)
class ScreeningAnswers:
    """What the screener found out: `rules` maps each rule of the protocol to yes or no, `adult` excepted.

    `refusal` is blank while she wants to go on. `knows_arm` says whether the screener knows what the station receives.
    """

    reached: bool
    knows_arm: bool
    age: int | None = None
    rules: Mapping[str, bool] | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a screening, with every rule that she does not meet."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    refusal: str = ""


def unanswered(answers: ScreeningAnswers, *, rules: Sequence[str]) -> list[str]:
    """Return the rules, in their order, that still need an answer; none for a woman who was not reached."""
    if not answers.reached:
        return []
    given = answers.rules or {}
    return [rule for rule in rules if (answers.age is None if rule == ADULT else rule not in given)]


def find(answers: ScreeningAnswers, *, rules: Sequence[str], min_age: int) -> Finding:
    """Apply the rules, all answered (see `unanswered`): a single no excludes, and all of them are named."""
    if not answers.reached:
        return Finding(Outcome.UNREACHABLE)
    given = {**(answers.rules or {}), ADULT: answers.age is not None and answers.age >= min_age}
    reasons = tuple(rule for rule in rules if not given[rule])
    if reasons:
        return Finding(Outcome.NOT_ELIGIBLE, reasons)
    if answers.refusal:
        return Finding(Outcome.REFUSED, refusal=answers.refusal)
    return Finding(Outcome.ELIGIBLE)
