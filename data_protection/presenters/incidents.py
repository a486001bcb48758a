"""Incidents as pages and drafts show them: what is known, in codes and numbers, and the words for the women."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from data_protection import queries
from data_protection.clock import Clock
from data_protection.models import Category, DataIncident, IncidentMeasure, IncidentWoman
from documents.pdf import Document

_KIND_OF_CLOCK = {Clock.RUNNING: "info", Clock.REMINDED: "warn", Clock.OVERDUE: "bad", None: "neutral"}
_LINE = "_" * 60


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident with its clock in words: `kind` is how the clock is coloured."""

    incident: DataIncident
    clock: str
    kind: str


def incident_rows(incidents: Iterable[DataIncident], now: datetime) -> list[IncidentRow]:
    """Return incidents as lists show them, each with what is left of its hours."""
    return [
        IncidentRow(incident, _hours_left(incident.due_at - now, clock), _KIND_OF_CLOCK[clock])
        for incident, clock in queries.clocks(incidents, now)
    ]


def category_labels(incident: DataIncident) -> str:
    """Return the kinds of data concerned, in words."""
    return "; ".join(str(Category(code).label) for code in incident.categories)


def words_for_her(language: str) -> str:
    """Return what is said to a woman, in a language: it tells nobody else anything."""
    with override(language):
        return _(
            "Something with data of yours on it was lost. We have locked it. We do not know of anybody having seen "
            "your data. If you want us to change how or when we look for you, or if something worries you, tell me now."
        )


def authority_draft(incident: DataIncident, *, women: int, measures: Sequence[IncidentMeasure], language: str) -> bytes:
    """Return the draft of the notice to the authority as a PDF in a language, with the facts filled in.

    It says what DS 016-2024-JUS asks for: what happened, which data and of how many, what may come of it, what was
    done, whom to ask. It names nobody: what only a person can add is left as lines.
    """
    with override(language):
        document = Document(title=_("Notice of an incident with personal data (draft)"), made_at=incident.reported_at)
        document.facts(_facts(incident, women))
        document.heading(_("What may come of it"))
        document.paragraph(_consequences(incident))
        document.heading(_("What was done"))
        if measures:
            taken = [(_moment(each.taken_at), each.get_measure_display()) for each in measures]
            document.table((_("When"), _("Measure")), [(when, str(what)) for when, what in taken])
        else:
            document.paragraph(_("Nothing was written down yet."))
        document.heading(_("To be filled in by hand"))
        for label in (_("Holder of the data bank"), _("Person to contact, telephone and e-mail"), _("Signature")):
            document.paragraph(f"{label}\n{_LINE}")
        document.small_print(_("Entry %(number)s of the register of incidents") % {"number": str(incident)})
        return document.content()


def _facts(incident: DataIncident, women: int) -> list[tuple[str, str]]:
    people = ngettext("%(women)d person", "%(women)d people", women) % {"women": women}
    occurred = _moment(incident.occurred_at) if incident.occurred_at else _("Not known")
    return [
        (_("What happened"), incident.get_kind_display()),
        (_("How grave it is"), incident.get_severity_display()),
        (_("When it happened"), occurred),
        (_("When it was noticed"), _moment(incident.discovered_at)),
        (_("To be told by"), _moment(incident.due_at)),
        (_("Which data"), category_labels(incident)),
        (_("People concerned"), people),
    ]


def _consequences(incident: DataIncident) -> str:
    if Category.CONTACT in incident.categories or Category.IDENTITY in incident.categories:
        return _("Somebody could learn who the people concerned are and where to find them, and harm or press them.")
    return _("Somebody could learn facts about the people concerned that they did not want to be known.")


def telling_state(entry: IncidentWoman) -> str:
    """Return how it stands with telling her, in words."""
    if entry.told_at is not None:
        return _("Told: %(way)s") % {"way": entry.get_told_how_display()}
    return entry.get_not_told_reason_display() if entry.not_told_reason else _("To be told")


def _hours_left(left: timedelta, clock: Clock | None) -> str:
    if clock is None:
        return ""
    hours = abs(left) // timedelta(hours=1)
    if clock is Clock.OVERDUE:
        return ngettext("%(hours)d hour late", "%(hours)d hours late", hours) % {"hours": hours}
    return ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
