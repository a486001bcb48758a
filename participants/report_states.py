"""How it stands with a report."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    """What is to be done with a report, or what came of it; the middle ones are outcomes of a screening."""

    TO_SCREEN = "to_screen", _("To screen")
    UNREACHABLE = "unreachable", _("To try again")
    ELIGIBLE = "eligible", _("To enrol")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")
    REFUSED = "refused", _("Does not want to")
    FURTHER = "further", _("Reported again")
    ENROLLED = "enrolled", _("Enrolled")


# Those that wait for the station to do something.
WAITING = (ReportState.TO_SCREEN, ReportState.UNREACHABLE, ReportState.ELIGIBLE)
KINDS = {
    ReportState.TO_SCREEN: "info",
    ReportState.UNREACHABLE: "warn",
    ReportState.ELIGIBLE: "good",
    ReportState.ENROLLED: "good",
}
"""How a state is marked beside its word (see components/status.html); the others are neutral."""
