"""Sheets and surveys of a sealed file from a phone that cannot send any more, kept as whoever's phone wrote them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.queries import may_report_on
from participants.receipts import SyncResult
from risk.services import keep_sheets
from risk.sheet_content import SentSheet
from surveys.entry_content import SentEntry
from surveys.services import hold_rescued_entries
from visits.parcels import Parcel
from visits.services import OpenedRecord, RescueFileUnreadable, brought_details, by_author
from visits.services.rescue import ENTRY, opened_records


@transaction.atomic
def import_rescued_sheets(*, by: User, sent: list[tuple[UUID, SentSheet]], now: datetime) -> list[SyncResult]:
    """Keep rescued sheets (each with its phone) as those of the officers whose phones filled them in.

    Only of women of the importer's station, and of those who went over to another lately. What comes back is as of
    `sync_sheets`; on each sheet it is marked that a file brought it, because whoever holds the file could have written
    it: a supervisor looks at it.
    """
    require(by, Permission.DECIDE_LOG_CONFLICTS)
    women = Participant.objects.filter(study_code__in={sheet.participant for _device, sheet in sent})
    seen = {woman.study_code for woman in women if may_report_on(by, woman, now)}
    of_officer, results = by_author(sent, lambda sheet: sheet.participant in seen)
    for officer, sheets in of_officer.items():
        results += keep_sheets(officer, sheets, None, now, brought_by=by)
    record(
        actor=by,
        action="phone.import_sheets",
        object_type="device",
        details=brought_details(sent, of_officer, results),
    )
    return results


@transaction.atomic
def open_rescued_entries(*, by: User, found: list[Parcel], now: datetime) -> list[OpenedRecord]:
    """Open the surveys, attempts and debriefings of an interviewer's file, and nothing of the police.

    What does not open is left out. Raise RescueFileUnreadable if that is everything.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    opened = opened_records(found, (ENTRY,))
    counts = {"parcels": len(found), "opened": len(opened)}
    record(actor=by, action="phone.open_entries", object_type="device", details=counts)
    if not opened:
        raise RescueFileUnreadable
    return opened


@transaction.atomic
def import_rescued_entries(*, by: User, sent: list[tuple[UUID, SentEntry]], now: datetime) -> list[SyncResult]:
    """Hold what an interviewer's file brought, each thing once, as hers, until it is decided.

    Nothing of it counts by itself, because whoever holds the file could have written it. What comes back is as of
    `sync_entries`.
    """
    require(by, Permission.COORDINATE_SURVEYS)
    of_person, results = by_author(sent, lambda _entry: True)
    for person, entries in of_person.items():
        results += hold_rescued_entries(author=person, sent=entries, now=now)
    details = brought_details(sent, of_person, results)
    record(actor=by, action="phone.import_entries", object_type="device", details=details)
    return results
