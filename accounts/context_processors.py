"""What every page shows: the addresses that this person may open, and the way out."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import may_open
from accounts.models import User
from accounts.roles import Role

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together: its name, and the pages in it by URL name and label."""

    label: Label
    pages: tuple[tuple[str, Label], ...]


NAVIGATION: tuple[Section, ...] = (
    Section(_("Today"), (("today", _("Today")),)),
    Section(
        _("Visits"),
        (
            ("visit_list", _("Visits")),
            ("missed_list", _("To explain")),
            ("conflict_list", _("To decide")),
            ("week_board", _("Week")),
        ),
    ),
    Section(
        _("People"),
        (
            ("report_list", _("Intake")),
            ("participant_list", _("People")),
            ("reassessment_list", _("Sheets due")),
            ("lowering_list", _("Levels")),
            ("person_search", _("Search")),
            ("contact_review_list", _("To review")),
            ("renewal_list", _("To sign")),
            ("referral_list", _("To follow up")),
            ("help_directory", _("Help")),
        ),
    ),
    Section(
        _("Surveys"),
        (
            ("survey_list", _("Surveys")),
            ("back_check_list", _("A few questions")),
            ("interview_list", _("Interviews")),
            ("interview_selection", _("Interviews")),
            ("transcript_list", _("Interviews")),
            ("code_list", _("Codes")),
            ("interviewer_list", _("Interviewers")),
            ("query_list", _("Queries")),
            ("instrument_list", _("Questionnaires")),
        ),
    ),
    Section(
        _("Safety"),
        (
            ("case_list", _("Alerts")),
            ("duty_list", _("On duty")),
            ("event_list", _("Events")),
            ("access_notice_list", _("Access")),
        ),
    ),
    Section(
        _("Team"),
        (
            ("officer_list", _("Team")),
            ("shift_list", _("Shifts")),
            ("training_list", _("Sessions")),
            ("training_coverage", _("Coverage")),
            ("staff_list", _("Staff")),
            ("account_list", _("Accounts")),
            ("care_own", _("For you")),
            ("care_load", _("Load")),
            ("care_counts", _("Care")),
            ("complaint_list", _("Complaints")),
        ),
    ),
    Section(
        _("Progress"),
        (
            ("board_page", _("The week")),
            ("study_overview", _("Overview")),
            ("trial_flow", _("Flow")),
            ("recruitment", _("Intake")),
            ("station_weeks", _("Intake by station")),
            ("wave_tracking", _("Waves")),
            ("wave_attrition", _("Not answered")),
            ("visit_dose", _("Visits made")),
            ("ledger", _("Mixing")),
            ("quality_list", _("Quality")),
            ("person_rates", _("Differences")),
            ("back_check_rates", _("Asked again")),
        ),
    ),
    Section(
        _("Set-up"),
        (
            ("frame", _("Stations")),
            ("power", _("Power")),
            ("allocation_list", _("Draws")),
            ("scale_list", _("Sheet rules")),
            ("risk_ledger", _("Changes")),
            ("consent_text_list", _("Texts")),
            ("service_list", _("Services")),
        ),
    ),
    Section(
        _("Data"),
        (
            ("dataset_list", _("Data")),
            ("release_waiting", _("To approve")),
            ("plan_list", _("Plan")),
            ("data_lock_list", _("Locks")),
            ("data_desk", _("Personal data")),
            ("erasure_list", _("Erasures")),
        ),
    ),
)
# So many pages stand side by side; more are shown by section.
MOST_SIDE_BY_SIDE = 7


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the navigation; `current` is "page" on that very page, "true" below it, "" elsewhere."""

    label: Label
    url: str
    current: str = ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Add `navigation` and `subnavigation` (lists of Item) by role, the name of the section, and `quick_exit_url`."""
    user = getattr(request, "user", None)
    shown: dict[str, Any] = {"navigation": [], "subnavigation": [], "section": ""}
    if isinstance(user, User):
        shown |= _shown(Role(user.role), request.path)
    return {**shown, "quick_exit_url": settings.QUICK_EXIT_URL}


def sections_of(role: Role) -> list[Section]:
    """Return the sections with the pages that a role may open; those without any are left out."""
    open_to = [
        Section(section.label, tuple((name, label) for name, label in section.pages if may_open(role, name)))
        for section in NAVIGATION
    ]
    return [section for section in open_to if section.pages]


def _shown(role: Role, path: str) -> dict[str, Any]:
    sections = sections_of(role)
    addresses = [reverse(name) for section in sections for name, _label in section.pages]
    # A page that is no link belongs to the link whose address its own begins with, the longest one.
    here = max((one for one in addresses if path.startswith(one)), key=len, default="")
    beside = "" if here else next((one for one in addresses if _room(one) == _room(path)), "")
    if len(addresses) <= MOST_SIDE_BY_SIDE:
        side_by_side = [item for section in sections for item in _items(section, here, path)]
        return {"navigation": side_by_side if len(side_by_side) > 1 else []}
    first: list[Item] = []
    below: list[Item] = []
    name: Label = ""
    for section in sections:
        items = _items(section, here, path)
        is_here = any(item.current or item.url == beside for item in items)
        if len(items) == 1:
            first += items
            continue
        first.append(Item(section.label, items[0].url, "true" if is_here else ""))
        if is_here:
            below, name = items, section.label
    return {"navigation": first, "subnavigation": below, "section": name}


def _room(path: str) -> str:
    """Return the first part of an address: pages that no link leads to lie beside those of the same part."""
    return path.split("/")[1]


def _items(section: Section, here: str, path: str) -> list[Item]:
    items = []
    for name, label in section.pages:
        url = reverse(name)
        current = ("page" if url == path else "true") if url == here else ""
        items.append(Item(label, url, current))
    return items
