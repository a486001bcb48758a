"""A sealed file from a phone that cannot send any more: opened by the server, kept as its officer's."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.receipts import REFUSED, SyncResult
from visits.models import Device, SealingKey, Visit
from visits.parcels import Parcel, ParcelUnreadable, open_parcel
from visits.services.sync import hold_women, keep_batch
from visits.sync_batch import SentLog

LOG, SHEET, ENTRY = "log", "sheet", "entry"


class _Identified(Protocol):
    @property
    def id(self) -> UUID: ...


Sent = TypeVar("Sent", bound=_Identified)


class RescueFileUnreadable(StudyError):
    """Nothing in the file opens with any key of this server."""

    code = "rescue_file_unreadable"
    message = _("This file does not open here. Was it saved on a registered phone?")


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """What a parcel held: the phone that wrote it, and a log, a sheet or an entry as it would have been sent."""

    device_id: UUID
    kind: str
    content: dict[str, Any]


@transaction.atomic
def open_rescue(*, by: User, found: list[Parcel], now: datetime) -> list[OpenedRecord]:
    """Open the parcels of a rescue file; those that do not open are left out. Raise RescueFileUnreadable if all are."""
    require(by, Permission.DECIDE_LOG_CONFLICTS)
    opened = opened_records(found, (SHEET, LOG))
    record(
        actor=by,
        action="visits.open_rescue",
        object_type="device",
        details={"parcels": len(found), "opened": len(opened)},
    )
    if not opened:
        raise RescueFileUnreadable
    return opened


def opened_records(found: list[Parcel], kinds: tuple[str, ...]) -> list[OpenedRecord]:
    """Return what parcels held of some kinds; those that do not open, or hold something else, are left out."""
    keys = SealingKey.objects.select_related("private_part").in_bulk({parcel.key_id for parcel in found})
    secrets = {key_id: sealing.secret_of(key.private_part) for key_id, key in keys.items()}
    return [one for parcel in found if (one := _opened(secrets, parcel, kinds)) is not None]


@transaction.atomic
def import_rescue(*, by: User, sent: list[tuple[UUID, SentLog]], now: datetime) -> list[SyncResult]:
    """Keep rescued logs (each with its phone) as those of the officers whose phones wrote them.

    Only of visits of the importer's station, of women who went over to another too. What comes back is as of
    `sync_logs`; on each log it is marked that a file brought it, because whoever holds the file could have written it.
    """
    require(by, Permission.DECIDE_LOG_CONFLICTS)
    seen = set(
        Visit.objects.loggable_by(by)
        .filter(pk__in={log.visit_id for _device, log in sent})
        .values_list("pk", flat=True)
    )
    of_officer, results = by_author(sent, lambda log: log.visit_id in seen)
    # All of them before the first officer's logs: somebody who sends now takes them in the same order.
    hold_women(seen)
    for officer, logs in of_officer.items():
        results += keep_batch(officer, logs, None, now, is_rescued=True)
    record(
        actor=by,
        action="visits.import_rescue",
        object_type="device",
        details=brought_details(sent, of_officer, results),
    )
    return results


def by_author(
    sent: Sequence[tuple[UUID, Sent]], is_seen: Callable[[Sent], bool]
) -> tuple[dict[User, list[Sent]], list[SyncResult]]:
    """Return what a file brought of known phones and of women whom the importer sees, by its author; and refusals.

    Authors come by account, however the file lists them: two files never wait for each other for ever.
    """
    devices = Device.objects.select_related("user").in_bulk({device_id for device_id, _one in sent})
    of_author: dict[User, list[Sent]] = defaultdict(list)
    refused: list[SyncResult] = []
    for device_id, one in sent:
        if device_id in devices and is_seen(one):
            of_author[devices[device_id].user].append(one)
        else:
            refused.append(SyncResult(one.id, REFUSED, code="not_found", detail=str(_("Not found."))))
    return dict(sorted(of_author.items(), key=lambda held: held[0].pk)), refused


def brought_details(
    sent: Sequence[tuple[UUID, object]], officers: Iterable[User], results: Iterable[SyncResult]
) -> dict[str, Any]:
    """Return what the audit says of a file that was brought in."""
    return {
        "devices": sorted({str(device) for device, _one in sent}),
        "officers": sorted(officer.pk for officer in officers),
        "statuses": sorted(result.status for result in results),
    }


def _opened(secrets: dict[str, bytes], parcel: Parcel, kinds: tuple[str, ...]) -> OpenedRecord | None:
    try:
        value = open_parcel(secrets[parcel.key_id], parcel)
        kind = next(kind for kind in kinds if kind in value)
        return OpenedRecord(UUID(value["device"]), kind, dict(value[kind]))
    except (ParcelUnreadable, StopIteration, KeyError, TypeError, ValueError, AttributeError):
        return None
