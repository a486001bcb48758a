"""Releases for the tests that look at every page: two of a researcher, both given out."""

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from panel import services, tasks
from panel.models import Release
from panel.report_parts import ReportPart
from tests.architecture.planned import PLAN_OBJECTS


def releases() -> list[object]:
    """Return two releases of the first researcher, approved and packed; made once."""
    if not Release.objects.exists():
        owner = User.objects.filter(role=Role.RESEARCHER).earliest("pk")
        approver = User.objects.filter(role=Role.STATISTICIAN).earliest("pk")
        for forms in (("csv",), ("csv", "dta")):
            now = timezone.now()
            terms = services.Terms(datasets=("panel_wave",), forms=forms)
            release = services.ask_release(by=owner, terms=terms, purpose="A table", now=now)
            tasks.build_release(release_id=release.pk)
            if Release.objects.get(pk=release.pk).state == Release.State.WAITING:
                services.approve_release(by=approver, release=release, note="", now=now)
                tasks.build_release(release_id=release.pk)
    return list(Release.objects.order_by("pk").values_list("pk", flat=True))


def report_parts() -> list[object]:
    """Return the parts of a report, after one was made on the last release: a test ends the first on its way."""
    release = Release.objects.select_related("requested_by").get(pk=releases()[-1])
    if not release.reports.exists():
        report = services.ask_report(by=release.requested_by, release=release, now=timezone.now())
        tasks.build_report(report_id=report.pk)
    return list(ReportPart)


RELEASE_OBJECTS = {"release_id": releases, "earlier_id": releases, "report_part": report_parts, **PLAN_OBJECTS}
RELEASES_WITHOUT_PAGE = (
    "release_decide",
    "release_retry",
    "release_check",
    "release_end",
    "release_report_ask",
    "data_lock_sign",
    "data_lock_call_off",
    "data_lock_lift_call_off",
    "data_lock_check",
)
