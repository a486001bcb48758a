"""Sheets of a sealed file from a phone that cannot send any more, kept as its officer's."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from participants.queries import may_report_on
from participants.receipts import REFUSED, SyncResult
from risk.services import keep_sheets
from risk.sheet_content import SentSheet
from visits.models import Device


@transaction.atomic
def import_rescued_sheets(*, by: User, sent: list[tuple[UUID, SentSheet]], now: datetime) -> list[SyncResult]:
    """Keep rescued sheets (each with its phone) as those of the officers whose phones filled them in.

    Only of women of the importer's station, and of those who went over to another lately. What comes back is as of
    `sync_sheets`; on each sheet it is marked that a file brought it, because whoever holds the file could have written
    it: a supervisor looks at it.
    """
    require(by, Permission.DECIDE_LOG_CONFLICTS)
    devices = Device.objects.select_related("user").in_bulk({device_id for device_id, _sheet in sent})
    women = Participant.objects.filter(study_code__in={sheet.participant for _device, sheet in sent})
    seen = {woman.study_code for woman in women if may_report_on(by, woman, now)}
    of_officer: dict[User, list[SentSheet]] = defaultdict(list)
    results: list[SyncResult] = []
    for device_id, sheet in sent:
        if device_id in devices and sheet.participant in seen:
            of_officer[devices[device_id].user].append(sheet)
        else:
            results.append(SyncResult(sheet.id, REFUSED, code="not_found", detail=_("Not found.")))
    # One officer after the other by account, and her women by theirs: two files never wait for each other for ever.
    for officer in sorted(of_officer, key=lambda one: one.pk):
        results += keep_sheets(officer, of_officer[officer], None, now, brought_by=by)
    record(
        actor=by,
        action="phone.import_sheets",
        object_type="device",
        details={
            "devices": sorted(str(device) for device in {device_id for device_id, _sheet in sent}),
            "officers": sorted(officer.pk for officer in of_officer),
            "statuses": sorted(result.status for result in results),
        },
    )
    return results
