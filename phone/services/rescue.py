"""Sheets of a sealed file from a phone that cannot send any more, kept as its officer's."""

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
from visits.services import brought_details, by_officer


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
    of_officer, results = by_officer(sent, lambda sheet: sheet.participant in seen)
    # One officer after the other by account, and her women by theirs: two files never wait for each other for ever.
    for officer in sorted(of_officer, key=lambda one: one.pk):
        results += keep_sheets(officer, of_officer[officer], None, now, brought_by=by)
    record(
        actor=by,
        action="phone.import_sheets",
        object_type="device",
        details=brought_details(sent, of_officer, results),
    )
    return results
