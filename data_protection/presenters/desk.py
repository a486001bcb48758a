"""What the first page of the desk offers to each role."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import may_open


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A page of the desk, with what it is for."""

    url_name: str
    title: str | Promise
    text: str | Promise


_ENTRIES = (
    DeskEntry("lost_phone", _("Lost phone"), _("End at once everything that a lost or stolen phone can open.")),
    DeskEntry("telling_list", _("To tell"), _("People who must hear that something with their data on it was lost.")),
    DeskEntry("data_request_list", _("Requests"), _("What people ask about their own data, with the days of the law.")),
    DeskEntry(
        "data_incident_list",
        _("Incidents"),
        _("What was lost or seen, with the 48 hours in which the authority is told."),
    ),
    DeskEntry(
        "data_register",
        _("Register of the data bank"),
        _("Which data are held, what for and how long, and what was destroyed."),
    ),
)


def desk_entries(role: str) -> list[DeskEntry]:
    """Return the pages of the desk that a role may open, in their order."""
    return [entry for entry in _ENTRIES if may_open(role, entry.url_name)]
