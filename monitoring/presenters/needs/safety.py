"""What waits for those who see to safety, and for whoever they ask: alerts, incidents, duty, events."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.roles import Role
from complaints.queries import complaints_listed
from complaints.states import WAITING
from data_protection.queries import incidents_listed, women_to_tell
from monitoring.presenters.needs.lines import Need, Urgency, counted
from participants.queries import access_notices
from safety.queries import cases_filtered, days_without_duty, events_new_to

NOW, TODAY, LATER = Urgency.NOW, Urgency.TODAY, Urgency.WHEN_POSSIBLE
DUTY_DAYS = 7
_ADMIN = frozenset({Role.ADMINISTRATOR})
_SAFETY = frozenset({Role.SAFETY_OFFICER})
_BOARD = frozenset({Role.ETHICS_BOARD})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_on = timezone.localdate

SAFETY = (
    Need(
        "cases_overdue",
        NOW,
        _SAFETY,
        "case_list",
        lambda user, now: counted(
            cases_filtered(user, now, state="overdue"), since="raised_at", late=Q(first_response_due_at__lte=now)
        ),
        lambda n: ngettext(
            "alert is past the time for its first answer", "alerts are past the time for their first answer", n
        ),
        "?state=overdue",
    ),
    Need(
        "cases_open",
        NOW,
        _SAFETY,
        "case_list",
        lambda user, now: counted(
            cases_filtered(user, now, state="open"), since="raised_at", late=Q(first_response_due_at__lte=now)
        ),
        lambda n: ngettext("alert waits for its first answer", "alerts wait for their first answer", n),
        "?state=open",
    ),
    Need(
        "incidents",
        NOW,
        _ADMIN | _SAFETY,
        "data_incident_list",
        lambda user, now: counted(
            incidents_listed(user).filter(closed_at=None),
            since="discovered_at",
            late=Q(due_at__lt=now, notified_at=None),
        ),
        lambda n: ngettext("incident with data is open", "incidents with data are open", n),
    ),
    Need(
        "women_to_tell",
        NOW,
        _SUPERVISOR | _ADMIN,
        "telling_list",
        lambda user, now: counted(women_to_tell(user, now).filter(told_at=None, not_told_reason=""), since="added_at"),
        lambda n: ngettext(
            "woman is to be told of an incident with data", "women are to be told of an incident with data", n
        ),
    ),
    Need(
        "access_notices",
        NOW,
        _SAFETY,
        "access_notice_list",
        lambda _user, _now: counted(access_notices().filter(reviewed_at=None), since="raised_at"),
        lambda n: ngettext(
            "notice about access waits to be looked into", "notices about access wait to be looked into", n
        ),
    ),
    Need(
        "complaints",
        TODAY,
        _ADMIN | _SAFETY,
        "complaint_list",
        lambda user, now: counted(
            complaints_listed(user).filter(state__in=WAITING), since="written_at", late=Q(due_on__lt=_on(now))
        ),
        lambda n: ngettext("complaint has no answer yet", "complaints have no answer yet", n),
    ),
    Need(
        "without_duty",
        TODAY,
        _ADMIN | _SAFETY,
        "duty_list",
        lambda _user, now: days_without_duty(_on(now), days=DUTY_DAYS),
        lambda n: ngettext(
            "of the next seven days has nobody on duty", "of the next seven days have nobody on duty", n
        ),
    ),
    Need(
        "events_new",
        TODAY,
        _BOARD,
        "event_list",
        lambda user, _now: events_new_to(user).count(),
        lambda n: ngettext("event is new to you", "events are new to you", n),
    ),
    Need(
        "cases_under_way",
        LATER,
        _SAFETY,
        "case_list",
        lambda user, now: counted(cases_filtered(user, now, state="in_progress"), since="raised_at"),
        lambda n: ngettext("alert is being looked after", "alerts are being looked after", n),
        "?state=in_progress",
    ),
)
