"""What every page shows: the addresses that this person may open, and the way out."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import may_open
from accounts.models import User

NAVIGATION = (
    ("visit_list", _("Visits")),
    ("missed_list", _("To explain")),
    ("conflict_list", _("To decide")),
    ("week_board", _("Week")),
    ("shift_list", _("Shifts")),
    ("report_list", _("Intake")),
    ("participant_list", _("People")),
    ("reassessment_list", _("Sheets due")),
    ("lowering_list", _("Levels")),
    ("person_search", _("Search")),
    ("contact_review_list", _("To review")),
    ("renewal_list", _("To sign")),
    ("survey_list", _("Surveys")),
    ("interview_list", _("Interviews")),
    ("interview_selection", _("Interviews")),
    ("transcript_list", _("Interviews")),
    ("code_list", _("Codes")),
    ("interviewer_list", _("Interviewers")),
    ("wave_tracking", _("Waves")),
    ("query_list", _("Queries")),
    ("quality_list", _("Quality")),
    ("referral_list", _("To follow up")),
    ("help_directory", _("Help")),
    ("case_list", _("Alerts")),
    ("duty_list", _("On duty")),
    ("event_list", _("Events")),
    ("care_own", _("For you")),
    ("care_load", _("Load")),
    ("care_counts", _("Care")),
    ("access_notice_list", _("Access")),
    ("staff_list", _("Staff")),
    ("board_page", _("The week")),
    ("study_overview", _("Overview")),
    ("trial_flow", _("Flow")),
    ("wave_attrition", _("Not answered")),
    ("visit_dose", _("Visits made")),
    ("ledger", _("Mixing")),
    ("recruitment", _("Intake")),
    ("frame", _("Stations")),
    ("power", _("Power")),
    ("allocation_list", _("Draws")),
    ("officer_list", _("Team")),
    ("account_list", _("Accounts")),
    ("training_list", _("Sessions")),
    ("training_coverage", _("Coverage")),
    ("service_list", _("Services")),
    ("instrument_list", _("Questionnaires")),
    ("dataset_list", _("Data")),
    ("release_waiting", _("To approve")),
    ("risk_ledger", _("Changes")),
    ("scale_list", _("Scales")),
    ("data_desk", _("Personal data")),
    ("scale_list", _("Sheet rules")),
    ("erasure_list", _("Erasures")),
    ("consent_text_list", _("Texts")),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Add `navigation` (label, url, is_current) by role, and `quick_exit_url`."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": [], "quick_exit_url": settings.QUICK_EXIT_URL}
    current = request.resolver_match.view_name if request.resolver_match else ""
    items = [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for name, label in NAVIGATION
        if may_open(user.role, name)
    ]
    return {"navigation": items if len(items) > 1 else [], "quick_exit_url": settings.QUICK_EXIT_URL}
