"""A sheet that a phone filled in and scored without a signal: what it says, in one written form, and its receipt."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SheetContent: TypeAlias = dict[str, Any]
# A telephone's clock may run a little ahead; what comes a day late may have been overtaken.
CLOCK_TOLERANCE = timedelta(minutes=5)
LATE_AFTER = timedelta(hours=24)
LONGEST_BATCH = 200


class SheetMark(TextChoices):
    """Why a supervisor looks at a sheet from a phone. It counts all the same."""

    SCORE_DIFFERS = "score_differs", _("The telephone had counted otherwise")
    OTHER_VERSION = "other_version", _("Filled in on another version of the sheet")
    OTHER_CONTENT = "other_content", _("Sent twice with different answers")
    OVERTAKEN = "overtaken", _("A newer sheet was here already")
    LATE = "late", _("Came more than a day later")
    AHEAD = "ahead", _("Its hour still lay ahead")
    CLOCK_SKEW = "clock_skew", _("The telephone’s clock was wrong")
    LEFT = "left", _("She had left by then")
    RESCUED = "rescued", _("Brought by a file from the telephone")


@dataclass(frozen=True, slots=True)
class SentSheet:
    """A sheet as it came from a phone, by the identifier that the phone made, of a woman by her study code."""

    id: UUID
    participant: str
    content: SheetContent = field(repr=False)
    # Of the sheet as it came; where it is made here, of its content.
    sent_sha256: str = ""

    @property
    def receipt_sha256(self) -> str:
        """Return the hash that the phone finds in its receipt."""
        return self.sent_sha256 or sheet_sha256(self.content)

    @property
    def filled_at(self) -> datetime:
        """Return when it was filled in, by the phone's clock, in UTC."""
        return datetime.fromisoformat(self.content["filled_at"])


@dataclass(frozen=True, slots=True)
class SheetResult:
    """What became of one sheet. With `received_at` and the hash it is a receipt, and the phone may forget the sheet."""

    id: UUID
    status: int
    received_at: datetime | None = None
    content_sha256: str = ""
    code: str = ""
    detail: str = ""
    field: str = ""


def sheet_content(filled: Mapping[str, Any]) -> SheetContent:
    """Return what a sheet says as a phone writes it: blanks left out, also within the answers; nought is no blank."""
    written: SheetContent = {}
    for name, value in filled.items():
        match value:
            case datetime():
                written[name] = value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            case UUID():
                written[name] = str(value)
            case Mapping():
                written[name] = {key: inner for key, inner in value.items() if inner not in (None, "")}
            case None | "":
                continue
            case _:
                written[name] = value
    return written


def sheet_sha256(content: Mapping[str, Any]) -> str:
    """Return the hash of a sheet without its identifier, in hexadecimal, names sorted at every depth, as phones do."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def marks_of_time(*, filled_at: datetime, received_at: datetime, clock_skew_s: int | None) -> list[SheetMark]:
    """Return what is to be looked at in the hours of a sheet."""
    found = {
        SheetMark.LATE: filled_at < received_at - LATE_AFTER,
        SheetMark.AHEAD: filled_at > received_at + CLOCK_TOLERANCE,
        SheetMark.CLOCK_SKEW: abs(clock_skew_s or 0) > CLOCK_TOLERANCE.total_seconds(),
    }
    return [mark for mark, is_found in found.items() if is_found]
