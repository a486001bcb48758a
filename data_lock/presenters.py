"""Locks in words: what is locked, how it stands, what is open there and where that is worked on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.access import may_open
from accounts.models import User
from accounts.numbers import grouped_count
from audit.checkpoints import document
from data_lock.models import DataLock, LateArrival, LockCheck, LockSignature
from data_lock.states import LockKind, LockState
from documents.pdf import Document
from protocol.queries import current_protocol

KINDS = {
    LockState.PROPOSED: "warn",
    LockState.LOCKED: "good",
    LockState.LIFTED: "neutral",
    LockState.CALLED_OFF: "neutral",
}
PARTS: Mapping[str, str | Promise] = {
    LockKind.SURVEYS: gettext_lazy("Surveys"),
    LockKind.VISITS: gettext_lazy("Logs of visits"),
    LockKind.SHEETS: gettext_lazy("Sheets"),
}
_SIGNATURE_MM = 60
# What is open, by code: in words by number, and the pages where it is worked on, the first that the reader may open.
_OPEN: Mapping[str, tuple[Callable[[int], str], tuple[str, ...]]] = {
    "surveys_open": (
        lambda n: ngettext("survey is still to be answered", "surveys are still to be answered", n),
        ("wave_tracking",),
    ),
    "entries_held": (
        lambda n: ngettext("answer that is held waits for a decision", "answers that are held wait for a decision", n),
        ("entry_list",),
    ),
    "papers": (
        lambda n: ngettext("paper is entered and not compared", "papers are entered and not compared", n),
        ("paper_list",),
    ),
    "survey_queries": (
        lambda n: ngettext("question about a survey is not settled", "questions about surveys are not settled", n),
        ("query_list",),
    ),
    "back_checks": (
        lambda n: ngettext(
            "survey is still to be asked again in part", "surveys are still to be asked again in part", n
        ),
        ("back_check_rates", "back_check_list"),
    ),
    "visits_without_log": (
        lambda n: ngettext("visit has no log yet", "visits have no log yet", n),
        ("visit_dose",),
    ),
    "visits_unexplained": (
        lambda n: ngettext("missed visit has no reason yet", "missed visits have no reason yet", n),
        ("missed_list", "visit_dose"),
    ),
    "conflicts": (
        lambda n: ngettext("visit has two logs, and nobody decided", "visits have two logs, and nobody decided", n),
        ("conflict_list",),
    ),
    "sheets_marked": (
        lambda n: ngettext(
            "sheet from a telephone is to be looked at", "sheets from telephones are to be looked at", n
        ),
        ("phone_list",),
    ),
    "lowerings": (
        lambda n: ngettext("lower level waits for a decision", "lower levels wait for a decision", n),
        ("lowering_list",),
    ),
    "findings": (
        lambda n: ngettext("query about doubtful data is open", "queries about doubtful data are open", n),
        ("quality_list",),
    ),
    "unsent": (
        lambda n: ngettext(
            "telephone has something that it did not send", "telephones have something that they did not send", n
        ),
        ("study_overview",),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A line of what is open: how many, of what, and where; no address where the reader's role has no page for it."""

    number: int
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class LockRow:
    """A lock as a list and its page tell of it."""

    lock: DataLock
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class LateRow:
    """A thing that came late: what it is, of when, and whether somebody decided."""

    arrival: LateArrival
    what: str | Promise
    happened_at: datetime


def title_of(kind: str, wave: str, until: date | None) -> str:
    """Return what is locked, in words."""
    if kind == LockKind.SURVEYS:
        return _("Surveys of the wave “%(wave)s”") % {"wave": dict(wave_choices()).get(wave, wave)}
    day = date_format(until, "SHORT_DATE_FORMAT") if until else ""
    if kind == LockKind.VISITS:
        return _("Logs of visits until %(day)s") % {"day": day}
    return (_("Sheets until %(day)s") if kind == LockKind.SHEETS else _("Everything until %(day)s")) % {"day": day}


def wave_choices() -> list[tuple[str, str]]:
    """Return the waves of the protocol by code, in the reader's language."""
    language = get_language() or "es"
    return [(wave.code, wave.label.in_language(language)) for wave in current_protocol().waves]


def lock_row(lock: DataLock) -> LockRow:
    """Return a lock in words."""
    return LockRow(lock, title_of(lock.kind, lock.wave, lock.until), KINDS[LockState(lock.state)])


def open_rows(found: Iterable[tuple[str, int]], user: User) -> list[OpenRow]:
    """Return what is open in words, each with the page where this reader can look at it."""
    rows = []
    for code, number in found:
        words, pages = _OPEN[code]
        url = next((reverse(name) for name in pages if may_open(user.role, name)), "")
        rows.append(OpenRow(number, words(number), url))
    return rows


def part_rows(lock: DataLock) -> list[tuple[str | Promise, int, str]]:
    """Return each table of a lock by name with its rows and its hash."""
    return [(PARTS[kind], rows, sha256) for kind, rows, sha256 in lock.parts]


def late_rows(arrivals: Iterable[LateArrival]) -> list[LateRow]:
    """Return what came late, in words; nobody is named."""
    return [
        LateRow(one, gettext_lazy("Log of a visit"), one.log.occurred_at)
        if one.log is not None
        else LateRow(one, gettext_lazy("Sheet"), one.assessment.assessed_at)  # type: ignore[union-attr]
        for one in arrivals
    ]


def is_changed_by_right(lock: DataLock, check: LockCheck | None) -> bool:
    """Say whether less of a lock's rows is given out than when it was signed: somebody ended her part, or came back."""
    return check is not None and not check.problem and check.in_use_sha256 != lock.in_use_sha256


def lock_paper(
    lock: DataLock, signatures: Sequence[LockSignature], check: LockCheck | None, *, address: str, now: datetime
) -> bytes:
    """Return a lock as a paper (PDF) in the language in force; `address` is the page where it is checked."""
    paper = Document(title=_("Lock %(number)s") % {"number": lock.pk}, made_at=now)
    paper.paragraph(title_of(lock.kind, lock.wave, lock.until))
    paper.facts(_paper_facts(lock, check))
    paper.heading(_("Signatures"))
    for one in signatures:
        paper.keep_room(_SIGNATURE_MM)
        paper.facts(
            [
                (
                    _("Who"),
                    f"{one.signed_by.display_name} ({one.get_signed_role_display()}, {one.signed_by.audit_name})",
                ),
                (_("What it means"), str(one.get_meaning_display())),
                (_("When"), _moment(one.signed_at)),
            ]
        )
        paper.small_print(one.text)
        signed = document(one.text, bytes(one.signature), one.key)
        paper.small_print(_("Ed25519, key %(key)s: %(signature)s") % signed)
    paper.heading(_("How to check this paper"))
    paper.paragraph(
        _(
            "The page below counts the rows again and compares them, and each signature, with what is printed here. "
            "Whoever has the public key of the record sees without this system that the small lines are genuine."
        )
    )
    paper.small_print(address)
    return paper.content()


def _paper_facts(lock: DataLock, check: LockCheck | None) -> list[tuple[str, str]]:
    facts = [(_("State"), str(lock.get_state_display())), (_("Rows, SHA-256"), lock.sha256)]
    facts += [(str(name), f"{grouped_count(rows)} · {sha256}") for name, rows, sha256 in part_rows(lock)]
    facts += [(_("Proposed by"), f"{lock.proposed_by.display_name}, {_moment(lock.proposed_at)}")]
    facts += [(_("Why"), lock.reason)] if lock.reason else []
    facts += [(_("Locked"), _moment(lock.locked_at))] if lock.locked_at else []
    facts += [(_("Lifted"), _moment(lock.ended_at))] if lock.ended_at else []
    if check is not None:
        said = str(check.get_problem_display()) if check.problem else _("as it was signed")
        facts += [(_("Counted again"), f"{_moment(check.checked_at)}: {said}")]
    return facts


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
