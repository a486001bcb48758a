"""The data keys of reports: turned with the vault's master keys, and destroyed with the women they are of."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.models import ReportBox
from participants.report_lookups import report_digests
from participants.report_sealing import DIGEST_FIELDS, current_digests, open_report, rewrapped_report_key
from participants.services.keys import Rotation


@transaction.atomic
def rotate_report_keys(*, by: Actor, report_ids: Collection[int]) -> Rotation:
    """Wrap the data keys of these reports by the current master key and make their hashes again under it.

    The boxes are held meanwhile; where nothing changes nothing is written. One whose seal does not open is left as it
    is and named.
    """
    require(by, Permission.KEEP_VAULT)
    held = ReportBox.objects.filter(report__in=report_ids, destroyed_at=None).select_for_update(of=("self",))
    turned: list[ReportBox] = []
    unreadable: list[str] = []
    for box in held.select_related("report").order_by("report"):
        try:
            turned.extend(_turned(box))
        except sealing.SealedDataUnreadable:
            unreadable.append(box.report.code)
    if not turned and not unreadable:
        return Rotation()
    ReportBox.objects.bulk_update(turned, ["master_key_id", "wrapped", *DIGEST_FIELDS.values()])
    current = sealing.configured_keyring().current.id
    record(
        actor=by,
        action="participants.rotate_report_keys",
        object_type="vault",
        details={"to": current, "reports": len(turned), "unreadable": unreadable},
    )
    return Rotation(len(turned), tuple(unreadable))


def destroy_boxes(boxes: QuerySet[ReportBox], now: datetime) -> int:
    """Destroy the data keys and hashes of these boxes within the caller's transaction; return how many had one."""
    blank = dict.fromkeys(DIGEST_FIELDS.values())
    return boxes.filter(destroyed_at=None).update(wrapped=None, destroyed_at=now, **blank)


def _turned(box: ReportBox) -> Iterator[ReportBox]:
    """Yield the box with its new key and hashes, if any of them are new."""
    report, before = box.report, box.master_key_id
    key, entry = rewrapped_report_key(report), open_report(report)
    digests = current_digests(report_digests(entry, station_id=report.station_id), sealing.configured_keyring())
    stored = {name: getattr(box, name) for name in digests}
    if before == key.master_key_id and digests == {name: held and bytes(held) for name, held in stored.items()}:
        return
    box.master_key_id, box.wrapped = key.master_key_id, key.data
    for name, digest in digests.items():
        setattr(box, name, digest)
    yield box
