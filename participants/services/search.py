"""Finding a woman who stands at the desk, by a keyed hash of what she says; a curious person learns nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import lookups, queries
from participants.models import AccessNotice, IncidentReport, Participant
from participants.searching import SearchKind
from participants.services.notices import raise_notice
from participants.vault import Lookup
from protocol.queries import current_protocol

MOST_SHOWN = 20


class NothingToSearch(StudyError):
    """Blank, or signs only: there is no hash of it."""

    code = "nothing_to_search"
    message = _("Write letters or digits.")
    field = "words"


class SearchedTooOften(StudyError):
    """Whoever stands at a desk needs few searches; whoever tries names needs many."""

    code = "searched_too_often"
    message = _("You have searched too often in the last hour. Wait, or call the safety officer.")
    http_status = 429


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a search found at the searcher's own station: women, and reports from which nobody was enrolled."""

    women: list[Participant]
    reports: list[IncidentReport]


def too_many_told(service: Callable[..., Found]) -> Callable[..., Found]:
    """Keep on record, and tell the safety officer, that somebody searched too often: by then all is rolled back."""

    @wraps(service)
    def telling(**words: Any) -> Found:
        try:
            return service(**words)
        except SearchedTooOften:
            _record_refusal(words["by"], words["now"])
            raise

    return telling


@too_many_told
@transaction.atomic
def search_people(*, by: User, kind: SearchKind, words: str, now: datetime) -> Found:
    """Find the women and reports of the searcher's station that have this document, telephone, name or address alike.

    Nothing is said of other stations, nor of a case that the searcher has to do with: both look like nobody. The audit
    keeps the kind and how many were found, never the words. Raise NothingToSearch, SearchedTooOften or
    sealing.SealedDataUnreadable.
    """
    require(by, Permission.SEARCH_PEOPLE)
    lookup = Lookup(kind)
    digests = lookups.digests_of_words(lookup, words)
    if not digests:
        raise NothingToSearch
    _check_often(by, now)
    found = Found(_women(by, lookup, digests, now), _reports(by, lookup, digests))
    counts = {"kind": kind, "women": len(found.women), "reports": len(found.reports)}
    record(actor=by, action=queries.SEARCH, object_type="search", details=counts)
    for woman in found.women:
        record(
            actor=by,
            action="participants.find",
            object_type="participant",
            object_id=woman.study_code,
            details={"by": kind},
        )
    return found


def _check_often(by: User, now: datetime) -> None:
    # Two searches of one person at once are counted one after the other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", (queries.SEARCH, by.pk))
    if queries.searches_lately(by, now) >= current_protocol().cards.searches_an_hour:
        raise SearchedTooOften


def _women(by: User, lookup: Lookup, digests: lookups.Digests, now: datetime) -> list[Participant]:
    women = list(queries.women_alike(by, lookup, digests)[:MOST_SHOWN])
    closed = queries.conflicted_among(by, [woman.pk for woman in women])
    for woman in women:
        if woman.pk in closed:
            raise_notice(AccessNotice.Kind.CONFLICT_REFUSED, now=now, participant=woman, user=by)
    return [woman for woman in women if woman.pk not in closed]


def _reports(by: User, lookup: Lookup, digests: lookups.Digests) -> list[IncidentReport]:
    reports = queries.reports_alike(by, lookup, digests)[:MOST_SHOWN]
    return [report for report in reports if not queries.is_report_of_conflict(by, report)]


@transaction.atomic
def _record_refusal(by: User, now: datetime) -> None:
    raise_notice(AccessNotice.Kind.MANY_SEARCHES, now=now, user=by)
    record(actor=by, action="participants.refuse_search", object_type="search")
