"""How the watched jobs are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

JOBS: dict[str, str | Promise] = {
    "visits.plan_coming_week": _("Plan of the week"),
    "visits.mark_missed": _("Missed visits"),
    "visits.replan_pending": _("Plans after a change"),
    "stations.check_allocation": _("Check of the draw"),
    "surveys.schedule_new_participants": _("Surveys of new participants"),
    "participants.drop_expired_imports": _("Imports left lying"),
    "surveys.mark_overdue": _("Overdue surveys"),
}


def job_label(job: str) -> str | Promise:
    """Return a job's name for people."""
    return JOBS[job]
