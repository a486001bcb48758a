"""The report on a release as its page tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from panel.models import Release, ReleaseReport
from panel.release_states import REPORT_PENDING, ReportState
from panel.report_parts import TAKEN_AWAY, ReportPart

PARTS: Mapping[ReportPart, str | Promise] = {
    ReportPart.PAPER: _("PDF"),
    ReportPart.PAGE: _("Page that opens by itself (HTML)"),
    ReportPart.LATEX: _("Tables for LaTeX (zip)"),
    ReportPart.TABLES: _("Tables (CSV, zip)"),
    ReportPart.RESULTS: _("All numbers (JSON)"),
    ReportPart.SCRIPTS: _("Scripts that run it again (zip)"),
}
FAILURES: Mapping[str, str | Promise] = {
    "stopped": _("The program that makes it stopped three times. Tell whoever runs the system, or try again."),
    "report_impossible": _("The plan's main model cannot be estimated on what this release holds."),
    "release_outdated": _("Meanwhile somebody ended her consent. When the release is ready again, try again."),
    "release_not_ready": _("The release was not ready any more. When it is ready again, try again."),
    "release_without_panel": _("This release does not have the table that a report is made of: panel_wave."),
}
_UNKNOWN = _("Something went wrong. Try again; if it happens again, tell whoever runs the system.")


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """What the page shows: the report that is made, failed or ready, and whether one was of who is no more in it."""

    making: ReleaseReport | None
    failure: str
    ready: ReleaseReport | None
    old: ReleaseReport | None

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """Return each part that can be taken away, and what it is called."""
        return [(str(part), str(PARTS[part])) for part in TAKEN_AWAY]


def report_standing(release: Release) -> ReportStanding:
    """Look up how far the reports on a release are."""
    newest, ready = ReleaseReport.objects.newest_of(release), ReleaseReport.objects.ready_of(release)
    state = "" if newest is None else newest.state
    return ReportStanding(
        making=newest if state in REPORT_PENDING else None,
        failure=str(FAILURES.get(newest.error, _UNKNOWN)) if newest and state == ReportState.FAILED else "",
        ready=ready,
        old=None if ready else ReleaseReport.objects.read_once_of(release),
    )
