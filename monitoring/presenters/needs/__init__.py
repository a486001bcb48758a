"""What waits for somebody, in words. A room that asks something new of people adds its line to one of the lists here.

Words name nobody, no subject and no arm: whoever looks over a shoulder reads of alerts, sheets and surveys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from monitoring.presenters.needs.lines import Need, Urgency, Waiting, waiting_for
from monitoring.presenters.needs.office import OFFICE
from monitoring.presenters.needs.safety import SAFETY
from monitoring.presenters.needs.stations import STATIONS
from monitoring.presenters.needs.surveys import SURVEYS

# Of one urgency, what stands first is shown first.
NEEDS: tuple[Need, ...] = (*SAFETY, *OFFICE, *STATIONS, *SURVEYS)
URGENCIES: Mapping[Urgency, tuple[str, str | Promise]] = {
    Urgency.NOW: ("bad", _("Now")),
    Urgency.TODAY: ("warn", _("Today")),
    Urgency.WHEN_POSSIBLE: ("neutral", _("When you can")),
}
# Where each begins when nothing waits.
USUAL_PAGE: Mapping[Role, tuple[str, str | Promise]] = {
    Role.SUPERVISOR: ("visit_list", _("Visits")),
    Role.INTERVIEWER: ("survey_list", _("Surveys")),
    Role.RESEARCHER: ("dataset_list", _("Data")),
    Role.STATISTICIAN: ("dataset_list", _("Data")),
    Role.ADMINISTRATOR: ("study_overview", _("Overview")),
    Role.SAFETY_OFFICER: ("case_list", _("Alerts")),
}


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A line of somebody's first page: how many, of what, where, and how soon."""

    number: int
    words: str
    url: str
    kind: str
    soon: str | Promise


def need_rows(user: User, *, now: datetime) -> list[NeedRow]:
    """Return what waits for a person in words, the most urgent first; as many queries as there are kinds for her."""
    return [_row(one) for one in waiting_for(user, NEEDS, now=now)]


def usual_page(role: Role) -> tuple[str, str | Promise]:
    """Return the address and the name of the page on which a role works."""
    name, label = USUAL_PAGE[role]
    return reverse(name), label


def _row(waiting: Waiting) -> NeedRow:
    kind, soon = URGENCIES[waiting.need.urgency]
    return NeedRow(waiting.number, waiting.words, waiting.need.url, kind, soon)
