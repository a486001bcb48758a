"""Who looked at a woman's record: as rows of a page for those who watch over it, and as a paper for her."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from audit.models import Event
from documents.pdf import Document
from participants import queries
from participants.looking import PURPOSES, REFUSALS, Look, Order, look_of, order_of
from participants.models import AccessNotice, EmergencyOpening, Participant
from participants.presenters.access import opening_reason

NOTED_LABELS: dict[Order, Promise | str] = {
    Order.BY_RULE: gettext_lazy("By the rules"),
    Order.TO_LOOK_AT: gettext_lazy("To look at"),
    Order.NOTHING_SHOWN: gettext_lazy("Nothing was shown"),
    Order.NOT_JUDGED: "",
}
STATUS_KINDS = {
    Order.BY_RULE: "good",
    Order.TO_LOOK_AT: "warn",
    Order.LOOKED_AT: "good",
    Order.NOTHING_SHOWN: "neutral",
    Order.NOT_JUDGED: "",
}
# How her paper calls people: it may be found at her home.
PAPER_ROLES: dict[str, Promise] = {
    Role.OFFICER: gettext_lazy("Team of the visits"),
    Role.SUPERVISOR: gettext_lazy("Coordination of the visits"),
    Role.INTERVIEWER: gettext_lazy("Team of the surveys"),
    Role.SAFETY_OFFICER: gettext_lazy("Person in charge of your safety"),
}
PAPER_ACTS: dict[Look, Promise] = {
    Look.CARD: gettext_lazy("Opened your data"),
    Look.EMERGENCY: gettext_lazy("Opened your data as an emergency"),
    Look.REFUSED: gettext_lazy("Asked for your data; they stayed closed"),
    Look.CONTACT: gettext_lazy("Reviewed how to reach you"),
    Look.COPY: gettext_lazy("Opened what you signed"),
    Look.NOTES: gettext_lazy("Opened notes"),
    Look.REPORT: gettext_lazy("Read your data to invite you"),
    Look.FOUND: gettext_lazy("Found you by a search"),
    Look.ENROLLED: gettext_lazy("Wrote your data down"),
    Look.PAPER: gettext_lazy("Printed this list"),
    Look.PAGE: gettext_lazy("Looked at this list"),
    Look.OTHER: gettext_lazy("Worked with your data"),
}


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act of one person, as the page of a notice about her lists it."""

    at: datetime
    study_code: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class LookRow:
    """An act with her record, as the page shows it; `name` is "" where only the role may be told."""

    at: datetime
    name: str
    role: str
    station: str
    what: str
    why: str
    reason: str
    order: str
    order_kind: str


def look_rows(events: Sequence[Event], *, reader: User) -> list[LookRow]:
    """Return the rows of a page of events, in a number of queries that does not depend on theirs.

    A supervisor reads the names of police only, and no reason of an emergency.
    """
    lookers, emergencies = queries.lookers_behind(events), queries.emergencies_behind(events)
    odd = queries.odd_notices(lookers.people.values(), events)
    is_watcher = reader.role == Role.SAFETY_OFFICER
    rows = []
    for event in events:
        user, emergency = lookers.people.get(event.actor), emergencies.get(event.details.get("emergency", 0))
        notice = _notice_of(emergency) or next((notice for notice in odd if _speaks_of(notice, event)), None)
        order, label = _order(look_of(event.action), notice)
        station = lookers.station_then(user, timezone.localdate(event.at)) if user else None
        rows.append(
            LookRow(
                at=event.at,
                name=user.display_name if user and (is_watcher or event.actor_role in POLICE_ROLES) else "",
                role=role_label(event.actor_role),
                station=lookers.label(station),
                what=str(look_of(event.action).label),
                why=_why(event, emergency),
                reason=opening_reason(emergency) if emergency and is_watcher and is_declared(event) else "",
                order=label,
                order_kind=STATUS_KINDS[order] if notice is None or not _is_misuse(notice) else "bad",
            )
        )
    return rows


def act_rows(events: Sequence[Event]) -> list[ActRow]:
    """Return the acts that a notice of odd access speaks of."""
    emergencies = queries.emergencies_behind(events)
    return [
        ActRow(
            event.at,
            event.object_id,
            str(look_of(event.action).label),
            _why(event, emergencies.get(event.details.get("emergency", 0))),
        )
        for event in events
    ]


def who_looked_paper(participant: Participant, events: Iterable[Event], *, made_at: datetime, is_whole: bool) -> bytes:
    """Return the list for her as a PDF in the language in force: days, roles and reasons; no name and no place."""
    document = Document(title=_("Certificate"), made_at=made_at)
    document.facts([(_("Code"), participant.study_code), (_("Date"), _moment(made_at))])
    document.paragraph(
        _("Each time that somebody of the team opens or asks for your data, it is written down. This is the list.")
    )
    rows = [(_moment(event.at), _paper_role(event.actor_role), _paper_act(event)) for event in events]
    document.table((_("When"), _("Who"), _("What for")), rows or [("-", "-", "-")])
    if not is_whole:
        document.paragraph(_("Only the newest are on this paper. Ask for the others if you want them."))
    document.paragraph(
        _("If something here surprises you, say so to whoever you trust of the team: somebody else will look into it.")
    )
    return document.content()


def role_label(role: str) -> str:
    """Return a role in words, as it was when she acted."""
    return str(Role(role).label) if role in Role.values else role


def is_declared(event: Event) -> bool:
    """Say whether this is the act that declared an emergency, and not an opening under it."""
    return look_of(event.action) == Look.EMERGENCY


def _notice_of(emergency: EmergencyOpening | None) -> AccessNotice | None:
    return getattr(emergency, "notice", None)


def _speaks_of(notice: AccessNotice, event: Event) -> bool:
    """Say whether a notice of odd access speaks of an act."""
    if notice.user is None or notice.window_from is None or notice.window_until is None:
        return False
    is_hers = notice.user.audit_name == event.actor and event.action in queries.ACTS[notice.kind]
    return is_hers and queries.listed_from(notice.kind, notice.window_from) <= event.at < notice.window_until


def _order(look: Look, notice: AccessNotice | None) -> tuple[Order, str]:
    order = order_of(look, is_noticed=notice is not None, is_reviewed=bool(notice and notice.verdict))
    if notice is not None and order == Order.LOOKED_AT:
        return order, notice.get_verdict_display()
    return order, str(NOTED_LABELS[order])


def _is_misuse(notice: AccessNotice) -> bool:
    return notice.verdict == AccessNotice.Verdict.MISUSE


def _why(event: Event, emergency: EmergencyOpening | None) -> str:
    if emergency is not None:
        return emergency.get_cause_display()
    return str(PURPOSES.get(event.details.get("purpose", "")) or REFUSALS.get(event.details.get("refusal", "")) or "")


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _paper_role(role: str) -> str:
    return str(PAPER_ROLES.get(role, _("Coordination")))


def _paper_act(event: Event) -> str:
    why = PURPOSES.get(event.details.get("purpose", ""))
    what = str(PAPER_ACTS[look_of(event.action)])
    return f"{what} ({str(why).lower()})" if why else what
