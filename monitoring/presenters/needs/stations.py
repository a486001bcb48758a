"""What waits at a station, and for interviewers about the women in their care."""

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Role
from care.queries import offers_waiting
from data_protection.queries import requests_listed
from monitoring.presenters.needs.lines import Counted, Need, Urgency, counted
from participants.queries import (
    contact_reviews_due,
    messages_to_look_at,
    reports_listed,
    transfers_to_decide,
    women_to_sign_again,
)
from participants.report_states import ReportState
from phone.queries import phones_unsent, sheets_to_look_at, unsent_since
from referrals.queries import referrals_to_follow
from risk.queries import lowerings_to_decide, reassessments_listed
from visits.queries import conflicts_to_decide, visits_to_explain

NOW, TODAY, LATER = Urgency.NOW, Urgency.TODAY, Urgency.WHEN_POSSIBLE
_ADMIN = frozenset({Role.ADMINISTRATOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_INTERVIEWER = frozenset({Role.INTERVIEWER})
_FIELD = _SUPERVISOR | _INTERVIEWER
_on = timezone.localdate


def _phones_unsent(user: User, now: datetime) -> Counted:
    """Return the telephones on which something waits too long: each of them is past its term."""
    waiting = [since for phone in phones_unsent(user, now) if (since := unsent_since(phone)) is not None]
    return Counted(len(waiting), min(waiting, default=None), len(waiting))


STATIONS = (
    Need(
        "lowerings",
        NOW,
        _SUPERVISOR,
        "lowering_list",
        lambda user, now: counted(lowerings_to_decide(user), since="proposed_at", late=Q(due_at__lt=now)),
        lambda n: ngettext("lower level waits for your decision", "lower levels wait for your decision", n),
    ),
    Need(
        "conflicts",
        TODAY,
        _SUPERVISOR,
        "conflict_list",
        lambda user, _now: counted(conflicts_to_decide(user), since="received_at"),
        lambda n: ngettext("log came twice with different contents", "logs came twice with different contents", n),
    ),
    Need(
        "missed",
        TODAY,
        _SUPERVISOR,
        "missed_list",
        lambda user, _now: counted(visits_to_explain(user), since="planned_on", late=Q(escalated_at__isnull=False)),
        lambda n: ngettext("missed visit has no reason yet", "missed visits have no reason yet", n),
    ),
    Need(
        "reassessments",
        TODAY,
        _SUPERVISOR,
        "reassessment_list",
        lambda user, now: counted(
            reassessments_listed(user, _on(now)),
            since=Coalesce("current_risk__reassess_due_on", "enrolled_on"),
            late=Q(current_risk__reassess_due_on__lt=_on(now)),
        ),
        lambda n: ngettext("sheet is due", "sheets are due", n),
    ),
    Need(
        "phone_sheets",
        TODAY,
        _SUPERVISOR,
        "phone_list",
        lambda user, _now: counted(sheets_to_look_at(user), since="received_at"),
        lambda n: ngettext(
            "sheet from a telephone is to be looked at", "sheets from telephones are to be looked at", n
        ),
    ),
    Need(
        "phones_unsent",
        TODAY,
        _SUPERVISOR | _ADMIN,
        "phone_list",
        _phones_unsent,
        lambda n: ngettext(
            "telephone has not sent for more than a day what it keeps",
            "telephones have not sent for more than a day what they keep",
            n,
        ),
    ),
    Need(
        "messages",
        TODAY,
        _FIELD,
        "contact_review_list",
        lambda user, _now: counted(messages_to_look_at(user), since="state_changed_at"),
        lambda n: ngettext("message perhaps did not leave", "messages perhaps did not leave", n),
    ),
    Need(
        "reports_to_screen",
        TODAY,
        _SUPERVISOR,
        "report_list",
        lambda user, _now: counted(reports_listed(user).filter(state=ReportState.TO_SCREEN), since="received_at"),
        lambda n: ngettext("person waits for the first questions", "people wait for the first questions", n),
        f"?ver={ReportState.TO_SCREEN}",
    ),
    Need(
        "reports_to_enrol",
        TODAY,
        _SUPERVISOR,
        "report_list",
        lambda user, _now: counted(reports_listed(user).filter(state=ReportState.ELIGIBLE), since="received_at"),
        lambda n: ngettext("person can be enrolled", "people can be enrolled", n),
        f"?ver={ReportState.ELIGIBLE}",
    ),
    Need(
        "transfers",
        TODAY,
        _SUPERVISOR,
        "transfer_list",
        lambda user, _now: counted(transfers_to_decide(user), since="proposed_at"),
        lambda n: ngettext(
            "transfer to your station waits for your answer", "transfers to your station wait for your answer", n
        ),
    ),
    Need(
        "data_requests",
        TODAY,
        _FIELD | _ADMIN,
        "data_request_list",
        lambda user, now: counted(
            requests_listed(user, now).filter(ended_at=None), since="received_on", late=Q(due_on__lt=_on(now))
        ),
        lambda n: ngettext("request about personal data is under way", "requests about personal data are under way", n),
    ),
    Need(
        "referrals",
        LATER,
        _FIELD,
        "referral_list",
        lambda user, now: counted(referrals_to_follow(user), since="due_on", late=Q(due_on__lt=_on(now))),
        lambda n: ngettext("referral is to be asked about", "referrals are to be asked about", n),
    ),
    Need(
        "reports_to_try",
        LATER,
        _SUPERVISOR,
        "report_list",
        lambda user, _now: counted(reports_listed(user).filter(state=ReportState.UNREACHABLE), since="received_at"),
        lambda n: ngettext(
            "person was not reached and is to be tried again", "people were not reached and are to be tried again", n
        ),
        f"?ver={ReportState.UNREACHABLE}",
    ),
    Need(
        "renewals",
        LATER,
        _SUPERVISOR,
        "renewal_list",
        lambda user, _now: women_to_sign_again(user).count(),
        lambda n: ngettext("person is to sign a newer text", "people are to sign a newer text", n),
    ),
    Need(
        "contact_reviews",
        LATER,
        _FIELD,
        "contact_review_list",
        lambda user, now: contact_reviews_due(user, now).count(),
        lambda n: ngettext("way to reach somebody is to be reviewed", "ways to reach somebody are to be reviewed", n),
    ),
    Need(
        "care",
        LATER,
        _FIELD,
        "care_own",
        lambda user, _now: offers_waiting(user).count(),
        lambda n: ngettext("question is for you alone: how are you?", "questions are for you alone: how are you?", n),
    ),
)
