"""A query about data in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from quality.models import QualityQuery, QueryStep
from quality.rules import RuleCode
from quality.states import State

# With the numbers of the finding; what is not counted needs none.
FACTS: Mapping[RuleCode, str | Promise] = {
    RuleCode.LATE_LOG: _("Days until it was sent: %(days)s"),
    RuleCode.FAR_FROM_PLAN: _("Days from the planned day: %(days)s"),
    RuleCode.IMPOSSIBLE_TIME: _("Hour written: %(hour)s"),
    RuleCode.TOO_CLOSE: _("Minutes after another visit elsewhere: %(minutes)s"),
    RuleCode.TWO_DOORS: _("Minutes after another visit elsewhere: %(minutes)s"),
    RuleCode.FORM_RULES: _("Answers to explain: %(items)s"),
    RuleCode.TWICE: _("Minutes after another log of hers: %(minutes)s"),
    RuleCode.CONTRADICTS: _("Questions answered otherwise than before: %(items)s"),
    RuleCode.STRAIGHT_LINE: _("Questions with the same answer: %(items)s"),
    RuleCode.DURATION: _("Minutes that it took: %(minutes)s"),
    RuleCode.ROUND_MINUTES: _("%(share)s %% of %(logs)s logs"),
    RuleCode.COPIED_NOTES: _("%(logs)s logs of %(women)s women"),
    RuleCode.ASKED_AGAIN: _("Facts told otherwise to somebody else: %(items)s"),
    RuleCode.ALL_MET: _("%(logs)s visits; of everybody’s, %(share)s %% went so"),
}
TO_DO: Mapping[RuleCode, str | Promise] = {
    RuleCode.LATE_LOG: _("Say why it came so late. A log without a signal is no fault of anybody’s."),
    RuleCode.FAR_FROM_PLAN: _("Look at the day in the log. If the visit was moved, say that it stands."),
    RuleCode.IMPOSSIBLE_TIME: _("Look at the hour in the log and at the telephone’s clock."),
    RuleCode.OUTSIDE_PART: _("Look at the day in the log: it lies before she joined or after she left."),
    RuleCode.TOO_CLOSE: _("Look whether both hours are right, or a partner logged one of the two."),
    RuleCode.TWO_DOORS: _("Look who went to each of the two. If somebody else went along, say that it stands."),
    RuleCode.FORM_RULES: _("Explain each answer, or correct the survey. In the night after, this closes by itself."),
    RuleCode.TWICE: _("Look whether there were two visits. If there was one, say so."),
    RuleCode.EVENT_DAY: _("The day of what happened lies after the visit, or more than a year before it."),
    RuleCode.AGE_DIFFERS: _("Compare with your notes. Do not contact her about this alone."),
    RuleCode.CONTRADICTS: _(
        "It may be her choice, and that is respected. Compare with your notes; do not ask her again about this."
    ),
    RuleCode.STRAIGHT_LINE: _("Say whether each question was read out. Do not contact her about this alone."),
    RuleCode.SAME_ANSWERS: _("Look whether one survey was sent for two people."),
    RuleCode.DURATION: _("Say what happened: an interruption, a form left open, a survey entered later."),
    RuleCode.ROUND_MINUTES: _("Hours are probably written down from memory. Ask for the hour at the door."),
    RuleCode.COPIED_NOTES: _("Nobody read the notes; they are the same word for word. Ask how they were written."),
    RuleCode.ASKED_AGAIN: _(
        "Look at it with whoever asked first: a slip is corrected in the survey. Nobody contacts her about it."
    ),
    RuleCode.ALL_MET: _("It can be chance or good work. Look at it together before you conclude anything."),
}
_KINDS = {State.OPEN: "warn", State.ANSWERED: "info", State.ACCEPTED: "neutral", State.CLOSED: "good"}


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A query with its words: `asked` is who has to answer."""

    query: QualityQuery
    facts: str
    station: str
    asked: str
    kind: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the thread; without somebody the nightly run took it."""

    step: QueryStep
    reason: str


def query_rows(queries: Iterable[QualityQuery], codes: Mapping[int, str], today: date) -> list[QueryRow]:
    """Return queries as a page shows them; stations go by their study codes."""
    return [
        QueryRow(
            query=query,
            facts=str(FACTS.get(RuleCode(query.rule), "")) % query.facts,
            station=_station(query, codes),
            asked=_asked(query, codes),
            kind=_KINDS[State(query.state)],
            is_late=query.state == State.OPEN and query.due_on < today,
        )
        for query in queries
    ]


def step_rows(steps: Iterable[QueryStep]) -> list[StepRow]:
    """Return the thread with the words of its codes."""
    words: dict[str, Any] = {**dict(QueryStep.Explanation.choices), **dict(QueryStep.AcceptedReason.choices)}
    return [StepRow(step, str(words.get(step.reason, ""))) for step in steps]


def to_do(query: QualityQuery) -> str:
    """Return what a rule asks of whoever answers."""
    return str(TO_DO[RuleCode(query.rule)])


def where_to_look(user: User, query: QualityQuery) -> str:
    """Return the address of what a query is about, "" where this person may not open it."""
    if query.rule == RuleCode.FORM_RULES:
        return reverse("query_list")
    if query.about and user.role == Role.SUPERVISOR and query.desk == QualityQuery.Desk.STATION:
        return reverse("visit_detail", args=[query.about])
    if query.about and user.role == Role.INTERVIEWER and query.desk == QualityQuery.Desk.INTERVIEWER:
        return reverse("survey_history", args=[query.about])
    return ""


def _station(query: QualityQuery, codes: Mapping[int, str]) -> str:
    return codes.get(query.station_id, "") if query.station_id else ""


def _asked(query: QualityQuery, codes: Mapping[int, str]) -> str:
    if query.desk == QualityQuery.Desk.STATION:
        return _station(query, codes) or gettext("The station")
    if query.desk == QualityQuery.Desk.INTERVIEWER and query.person:
        return str(query.person.display_name)
    return gettext("Coordination")
