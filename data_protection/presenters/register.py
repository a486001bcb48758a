"""The register of the data bank: which data, what for, how long, and what was destroyed when; from the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from data_protection import queries
from data_protection.models import Category, DataIncident, DataRequest
from documents.pdf import Document


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A kind of data, what it is used for, how it is kept, and for how long."""

    category: str
    purpose: str
    kept: str
    until: str


def register_rows(keep_reports_days: int | None) -> list[RegisterRow]:
    """Return the kinds of data that the study holds, in the order of `Category`."""
    sealed = _("Encrypted with a key for each person")
    coded = _("By study code, without names")
    reached, end = _("To reach each person safely"), _("Until the keys are destroyed at the end, or before at her wish")
    follow, stay = _("To follow what happens and measure it"), _("Kept under the code after the end")
    forgotten = _("%(days)s days if she does not join") % {"days": keep_reports_days or "-"}
    facts: Mapping[Category, tuple[str, str, str]] = {
        Category.IDENTITY: (reached, sealed, end),
        Category.CONTACT: (reached, sealed, end),
        Category.SAFE_CONTACT: (reached, coded, end),
        Category.VISITS: (follow, _("By study code; notes encrypted with her key"), stay),
        Category.ASSESSMENTS: (follow, _("By study code; notes encrypted with her key"), stay),
        Category.SURVEYS: (follow, coded, stay),
        Category.REPORTS: (_("To ask who wants to join"), sealed, forgotten),
        Category.STAFF: (_("To know who may open what"), _("Names in clear; family and home encrypted"), stay),
    }
    return [RegisterRow(str(category.label), *facts[category]) for category in Category]


def register_context() -> dict[str, object]:
    """Return all that the page and the paper of the register show."""
    kinds, requests = queries.incident_counts(), queries.request_counts()
    return {
        "rows": register_rows(queries.keep_reports_days()),
        "destroyed": [
            (_("Keys of people destroyed"), queries.erased_women()),
            (_("Reports that no longer say who made them"), queries.forgotten_reports()),
        ],
        "erasures": [(_moment(at), women) for at, women in queries.erasures_done()],
        "incidents": [(str(label), kinds.get(kind, 0)) for kind, label in DataIncident.Kind.choices],
        "requests": [(str(label), requests.get(kind, 0)) for kind, label in DataRequest.Kind.choices],
    }


def register_paper(now: datetime) -> bytes:
    """Return the register as a PDF in the language in force: counts only, nobody's name."""
    context = register_context()
    document = Document(title=_("Register of the data bank"), made_at=now)
    document.facts([(_("Day"), _moment(now))])
    rows = register_rows(queries.keep_reports_days())
    header = (_("Data"), _("What for"), _("How it is kept"), _("How long"))
    document.table(header, [(row.category, row.purpose, row.kept, row.until) for row in rows])
    for title, name in (
        (_("What was destroyed"), "destroyed"),
        (_("Erasures, by day"), "erasures"),
        (_("Incidents"), "incidents"),
        (_("Requests"), "requests"),
    ):
        document.heading(title)
        counted = context[name]
        if counted:
            document.table_of_counts((_("What"), _("Number")), [(str(what), str(number)) for what, number in counted])  # type: ignore[attr-defined]
        else:
            document.paragraph(_("Nothing."))
    return document.content()


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")
