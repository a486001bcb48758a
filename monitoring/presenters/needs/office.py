"""What waits for those who keep the study: the record, the draw, jobs, approvals."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from accounts.queries import holds_going_on
from accounts.roles import Role
from audit.queries import latest_checkpoint
from data_lock.queries import late_to_decide, locks_broken, locks_to_sign
from monitoring.presenters.needs.lines import Need, Urgency, counted
from monitoring.queries import job_states
from monitoring.queries.health import backup_now
from panel.models import PlanVersion, Release, ReleaseQuerySet
from panel.plan_states import PlanState
from panel.queries import request_to_approve
from panel.release_states import ReleaseState
from participants.queries import erasures_to_confirm, women_at_lost_stations
from stations.queries import draws_to_approve, latest_check
from training.queries.sessions import sessions_to_write_down

NOW, TODAY = Urgency.NOW, Urgency.TODAY
_ADMIN = frozenset({Role.ADMINISTRATOR})
_SAFETY = frozenset({Role.SAFETY_OFFICER})
_BOARD = frozenset({Role.ETHICS_BOARD})
_SIGNERS = frozenset({Role.ADMINISTRATOR, Role.RESEARCHER, Role.STATISTICIAN})
_STATISTICIAN = frozenset({Role.STATISTICIAN})
_on = timezone.localdate


def _is_record_broken(_user: User, _now: datetime) -> int:
    return int(bool((found := latest_checkpoint()) and found.problem))


def _does_draw_differ(_user: User, _now: datetime) -> int:
    return int(bool((found := latest_check()) and found.problem))


def _releases(user: User) -> ReleaseQuerySet:
    """Return what somebody else must say yes to, and this person may."""
    return Release.objects.visible_to(user).filter(state=ReleaseState.WAITING).exclude(requested_by=user)


OFFICE = (
    Need(
        "record_broken",
        NOW,
        _ADMIN | _BOARD,
        "checkpoint_list",
        _is_record_broken,
        lambda n: ngettext(
            "check of the record found that it does not hold", "checks of the record found that it does not hold", n
        ),
    ),
    Need(
        "draw_differs",
        NOW,
        _ADMIN | _SAFETY,
        "study_overview",
        _does_draw_differ,
        lambda n: ngettext(
            "check found that the draw differs from its certificate",
            "checks found that the draw differs from its certificate",
            n,
        ),
    ),
    Need(
        "locks_broken",
        NOW,
        _SIGNERS | _BOARD,
        "data_lock_list",
        lambda _user, _now: locks_broken().count(),
        lambda n: ngettext("lock does not hold what was signed", "locks do not hold what was signed", n),
    ),
    Need(
        "address_holds",
        NOW,
        _ADMIN,
        "address_hold_list",
        lambda _user, now: holds_going_on(now).count(),
        lambda n: ngettext("address tries the names of many people", "addresses try the names of many people", n),
    ),
    Need(
        "jobs_late",
        NOW,
        _ADMIN | _SAFETY,
        "study_overview",
        lambda _user, now: sum(job.is_late for job in job_states(now=now)),
        lambda n: ngettext("scheduled job is late", "scheduled jobs are late", n),
    ),
    Need(
        "backups",
        NOW,
        _ADMIN,
        "study_overview",
        lambda _user, now: backup_now(now).alarms,
        lambda n: ngettext(
            "thing is wrong with the backups: too old, or no restore tried",
            "things are wrong with the backups: too old, and no restore tried",
            n,
        ),
    ),
    Need(
        "approvals",
        TODAY,
        _ADMIN | _STATISTICIAN,
        "allocation_list",
        lambda user, _now: counted(draws_to_approve(user), since="drawn_at"),
        lambda n: ngettext("draw waits for your approval", "draws wait for your approval", n),
    ),
    Need(
        "locks_to_sign",
        TODAY,
        _SIGNERS,
        "data_lock_list",
        lambda user, _now: counted(locks_to_sign(user), since="proposed_at"),
        lambda n: ngettext("lock of data waits for your signature", "locks of data wait for your signature", n),
    ),
    Need(
        "late_arrivals",
        TODAY,
        _ADMIN,
        "data_lock_list",
        lambda _user, _now: counted(late_to_decide(), since="noted_at"),
        lambda n: ngettext(
            "thing came after a lock and waits for a decision", "things came after a lock and wait for a decision", n
        ),
    ),
    Need(
        "plans",
        TODAY,
        _ADMIN | _STATISTICIAN,
        "plan_list",
        lambda user, _now: counted(
            PlanVersion.objects.filter(state=PlanState.PROPOSED).exclude(proposed_by=user), since="proposed_at"
        ),
        lambda n: ngettext(
            "plan of the analysis waits for a second person", "plans of the analysis wait for a second person", n
        ),
    ),
    Need(
        "unblinding",
        TODAY,
        _ADMIN | _STATISTICIAN,
        "unblinding_page",
        lambda user, _now: int(request_to_approve(user) is not None),
        lambda n: ngettext("request to name the groups waits for you", "requests to name the groups wait for you", n),
    ),
    Need(
        "releases",
        TODAY,
        _ADMIN,
        "release_waiting",
        lambda user, _now: counted(_releases(user), since="requested_at"),
        lambda n: ngettext("release of data waits for approval", "releases of data wait for approval", n),
    ),
    Need(
        "releases_asked",
        TODAY,
        _STATISTICIAN,
        "release_list",
        lambda user, _now: counted(_releases(user), since="requested_at"),
        lambda n: ngettext("release of data waits for approval", "releases of data wait for approval", n),
    ),
    Need(
        "erasures",
        TODAY,
        _ADMIN,
        "erasure_list",
        lambda user, _now: counted(erasures_to_confirm(user), since="requested_at"),
        lambda n: ngettext("erasure waits for a second administrator", "erasures wait for a second administrator", n),
    ),
    Need(
        "lost_stations",
        TODAY,
        _ADMIN,
        "lost_station_list",
        lambda _user, _now: women_at_lost_stations().count(),
        lambda n: ngettext("woman is at a station that left", "women are at a station that left", n),
    ),
    Need(
        "sessions",
        TODAY,
        _ADMIN,
        "training_list",
        lambda _user, now: counted(sessions_to_write_down(_on(now)), since="held_on"),
        lambda n: ngettext(
            "session is over and nobody wrote down who came", "sessions are over and nobody wrote down who came", n
        ),
        "?ver=planned",
    ),
)
