"""The frame: imported whole or not at all, and frozen before anything is drawn from it."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from stations.frame_file import DistrictRow, FrameFiles, StationRow, frame_content, frame_sha256
from stations.frame_import import Fate, FrameImport, plan_import
from stations.models import District, Frame, Station
from stations.queries import locked_allocation


class FrameLocked(StudyError):
    """Stations are allocated: the frame they were drawn from stays as it is."""

    code = "frame_locked"
    message = _("An allocation is locked: the frame it was drawn from cannot change any more.")
    http_status = 409


class FrameChangedMeanwhile(StudyError):
    """The frame is no longer what the dry run compared with: its fates are to be shown again."""

    code = "frame_changed_meanwhile"
    message = _("The stored frame has changed since you checked the files. Nothing was written; look again.")
    http_status = 409


@transaction.atomic
def import_frame(
    *, by: Actor, stations: list[StationRow], districts: list[DistrictRow], seen: str | None = None
) -> FrameImport:
    """Bring the frame to what the files say, by code: new and changed rows are written, absent ones are left.

    `seen` is the fingerprint of the dry run that somebody looked at: only what it showed is written. Return the fate of
    every row. Raises FrameChangedMeanwhile, or FrameLocked if it would change the frame of a locked allocation.
    """
    require(by, Permission.MANAGE_FRAME)
    hold_frame()
    plan = plan_import(FrameFiles(stations, districts, []))
    if seen is not None and plan.fingerprint != seen:
        raise FrameChangedMeanwhile
    if plan.writes_nothing:
        return plan
    if locked_allocation() is not None:
        raise FrameLocked
    _write_districts(plan.districts)
    _write_stations(plan.stations)
    counts = plan.counts()
    audit.record(
        actor=by,
        action="stations.import_frame",
        object_type="frame",
        object_id=frame_sha256(plan.stations, plan.districts)[:12],
        details={"new": counts[Fate.NEW], "changed": counts[Fate.CHANGED]},
    )
    return plan


def hold_frame() -> None:
    """Let nobody else import until the transaction ends: what is read or compared now stays true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('stations_frame'))")


def _write_districts(rows: list[DistrictRow]) -> None:
    fields = [field for field in DistrictRow.__dataclass_fields__ if field != "ubigeo"]
    District.objects.bulk_create(
        (District(ubigeo=row.ubigeo, **{name: getattr(row, name) for name in fields}) for row in rows),
        update_conflicts=True,
        unique_fields=["ubigeo"],
        update_fields=fields,
    )


def _write_stations(rows: list[StationRow]) -> None:
    fields = [name for name in StationRow.__dataclass_fields__ if name not in {"code", "ubigeo", "district"}]
    Station.objects.bulk_create(
        (
            Station(code=row.code, district_id=row.ubigeo, **{name: getattr(row, name) for name in fields})
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["district", *fields],
    )


@transaction.atomic
def freeze_frame(*, by: Actor, now: datetime) -> Frame:
    """Keep the frame as it stands, whole and hashed; the same content is kept once."""
    require(by, Permission.ALLOCATE_STATIONS)
    stations, districts = stored_frame()
    sha256 = frame_sha256(stations, districts)
    frame = Frame.objects.filter(sha256=sha256).first()
    if frame is None:
        frame = Frame.objects.create(
            sha256=sha256, frozen_at=now, frozen_by=person_of(by), **frame_content(stations, districts)
        )
        audit.record(
            actor=by,
            action="stations.freeze_frame",
            object_type="frame",
            object_id=frame.pk,
            details={"sha256": sha256},
        )
    return frame


def stored_frame() -> tuple[list[StationRow], list[DistrictRow]]:
    """Return the frame as it stands, as the rows of its files; nobody imports until the transaction ends."""
    hold_frame()
    district_fields = list(DistrictRow.__dataclass_fields__)
    districts = [DistrictRow(**values) for values in District.objects.values(*district_fields)]
    names = {row.ubigeo: row.name for row in districts}
    counts = [name for name in StationRow.__dataclass_fields__ if name not in {"ubigeo", "district"}]
    stations = [
        StationRow(ubigeo=ubigeo, district=names[ubigeo], **values)
        for values in Station.objects.values("district_id", *counts)
        for ubigeo in [values.pop("district_id")]
    ]
    return stations, districts


@transaction.atomic
def record_frame_download(*, by: Actor, frame: Frame, part: str) -> None:
    """Note that somebody took a frozen frame, or a part of it."""
    require(by, Permission.READ_ARM)
    audit.record(
        actor=by, action="stations.download_frame", object_type="frame", object_id=frame.pk, details={"part": part}
    )
