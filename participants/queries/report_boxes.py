"""The sealed boxes of reports, for those who keep the vault."""

from collections.abc import Iterator

from participants import sealing
from participants.models import IncidentReport, ReportBox
from participants.report_lookups import report_digests
from participants.report_sealing import DIGEST_FIELDS, current_digests, open_report

BOXES_AT_ONCE = 500


def reports_to_rotate(current_key_id: str) -> list[int]:
    """Return the ids of the reports whose data key and hashes lie under another master key than this, by id."""
    boxes = ReportBox.objects.filter(destroyed_at=None).exclude(master_key_id=current_key_id)
    return list(boxes.order_by("report").values_list("report_id", flat=True))


def reports_with_box() -> list[int]:
    """Return the ids of the reports whose data key exists, by id."""
    boxes = ReportBox.objects.filter(destroyed_at=None)
    return list(boxes.order_by("report").values_list("report_id", flat=True))


def report_box_problems() -> Iterator[tuple[str, bool]]:
    """Yield code and soundness for every report that is not erased: its box opens, and its hashes are those of it.

    Hashes under another master key than the first are not made again for this: rotation does, and this finds it then.
    """
    reports = IncidentReport.objects.filter(box__wrapped__isnull=False).select_related("box").order_by("pk")
    for report in reports.iterator(chunk_size=BOXES_AT_ONCE):
        yield report.code, _is_sound(report)


def _is_sound(report: IncidentReport) -> bool:
    try:
        entry = open_report(report)
    except sealing.SealedDataUnreadable:
        return False
    ring = sealing.configured_keyring()
    if report.box.master_key_id != ring.current.id:
        return True
    wanted = current_digests(report_digests(entry, station_id=report.station_id), ring)
    stored = {name: getattr(report.box, name) for name in DIGEST_FIELDS.values()}
    return wanted == {name: None if digest is None else bytes(digest) for name, digest in stored.items()}
