"""The board's week in words that tell nobody what is studied, for the page and the paper alike."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.pdf import Document
from monitoring.presenters.numbers import shown_number
from monitoring.queries.board import BoardWeek

SECTIONS: Mapping[str, str | Promise] = {
    "enrolment": _("Enrolment"),
    "withdrawals": _("Withdrawals"),
    "events": _("Adverse events"),
    "deviations": _("Deviations from the protocol"),
    "complaints": _("Complaints"),
    "personal_data": _("Requests and incidents about personal data"),
    "access": _("Who had data before her eyes"),
}
LINES: Mapping[str, str | Promise] = {
    "enrolled": _("Participants enrolled"),
    "in_follow_up": _("In follow-up today"),
    "resting": _("Resting today"),
    "completed": _("Followed to the end"),
    "left_whole": _("Left the study"),
    "left_part": _("Ended a part"),
    "lost": _("Lost or moved away"),
    "died": _("Died"),
    "serious_events": _("Serious"),
    "other_events": _("Not serious"),
    "visits_otherwise": _("Visits written down against a rule"),
    "contacts_outside": _("Contacts allowed outside safe times"),
    "sessions_otherwise": _("Sessions held otherwise than planned"),
    "staff_moved": _("Staff moved between arms"),
    "participants_moved": _("Participants moved between arms"),
    "complaints_written": _("Written down"),
    "complaints_serious": _("Serious among them"),
    "complaints_waiting": _("Without an answer today"),
    "complaints_overdue": _("Beyond the day by which they are answered"),
    "data_requests": _("Requests of participants"),
    "data_incidents": _("Incidents"),
    "cards_opened": _("Cards opened"),
    "emergencies": _("Emergencies declared to open a card"),
    "reports_read": _("Reports read"),
    "searches": _("Searches by name or document"),
    "data_taken": _("Data sets taken out, without names"),
    "odd_accesses": _("Odd accesses noticed"),
}
# The board reads of each event apart, and of each act of access nobody is known by it.
_SHOWN_AS_THEY_ARE = frozenset({"events", "access"})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line in words: in the week, and since the beginning."""

    label: str
    in_week: str
    in_all: str


@dataclass(frozen=True, slots=True)
class BoardSection:
    """What belongs together under one heading."""

    title: str
    rows: list[BoardRow]


def board_sections(week: BoardWeek) -> list[BoardSection]:
    """Return the sections in order; 1 to 4 participants are told as fewer than 5."""
    return [
        BoardSection(
            str(SECTIONS[section]),
            [
                BoardRow(str(LINES[line.name]), _number(section, line.in_week), _number(section, line.in_all))
                for line in lines
            ],
        )
        for section, lines in groupby(week.lines, key=lambda line: line.section)
    ]


def board_paper(week: BoardWeek, *, now: datetime) -> bytes:
    """Return the week as a PDF in the language in force."""
    document = Document(title=gettext("The week in counts"), made_at=now)
    made = date_format(timezone.localtime(now), "SHORT_DATETIME_FORMAT")
    document.facts([(gettext("Week"), week_words(week)), (gettext("As of"), made)])
    header = ["", gettext("In the week"), gettext("Since the beginning")]
    for section in board_sections(week):
        document.heading(section.title)
        document.table_of_counts(header, [[row.label, row.in_week, row.in_all] for row in section.rows])
    document.heading(gettext("Record of what was done"))
    if week.checkpoint is None:
        document.paragraph(gettext("It was not checked yet."))
        return document.content()
    document.paragraph(checkpoint_words(week))
    document.small_print(f"{gettext('Last hash')}: {week.checkpoint.head}")
    signed = base64.b64encode(bytes(week.checkpoint.signature)).decode("ascii")
    document.small_print(f"{gettext('Signature')}: {signed}")
    document.small_print(f"{gettext('Key')}: {week.checkpoint.key}")
    return document.content()


def week_words(week: BoardWeek) -> str:
    """Return the first and the last day of the week."""
    return f"{date_format(week.monday, 'SHORT_DATE_FORMAT')} – {date_format(week.sunday, 'SHORT_DATE_FORMAT')}"


def checkpoint_words(week: BoardWeek) -> str:
    """Say when the audit was last checked whole, and what was found; "" if never."""
    found = week.checkpoint
    if found is None:
        return ""
    said = {"day": date_format(timezone.localtime(found.at), "SHORT_DATETIME_FORMAT"), "rows": found.rows}
    if found.problem:
        return gettext("Checked on %(day)s: it does not hold after row %(rows)s.") % said
    return gettext("Checked on %(day)s: all %(rows)s rows hold.") % said


def _number(section: str, count: int | None) -> str:
    if count is None:
        return "–"
    return shown_number(count, hides_small=section not in _SHOWN_AS_THEY_ARE)
