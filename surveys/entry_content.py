"""What an interviewer's phone kept without a signal: as it is sent, and what it is told of each. See docs/adr."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

LONGEST_BATCH = 50


@dataclass(frozen=True, slots=True)
class SentEntry:
    """A survey, an attempt or a debriefing by the identifier that the phone made; `said` by the fields of its kind.

    `whole` is the entry as it came, without its identifier; `at` is when it was finished, by the phone's clock.
    """

    id: UUID
    case_id: UUID
    kind: str
    at: datetime
    said: Mapping[str, Any] = field(repr=False)
    whole: Mapping[str, Any] = field(repr=False)

    @property
    def sha256(self) -> str:
        """Return the hash that the phone finds in its receipt."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def text(self) -> str:
        """Return the entry in the one written form that phones use too: names sorted at every depth."""
        written = json.dumps(self.whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        # Half a character, as a phone may send, is no text.
        return written.encode(errors="replace").decode()

    def happened_at(self, clock_skew_s: int | None, now: datetime) -> datetime:
        """Return when it was finished by the server's clock, at the latest now."""
        return min(now, self.at - timedelta(seconds=clock_skew_s or 0))


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What became of one entry. With `received_at` and the hash it is a receipt, and the phone may forget the entry."""

    id: UUID
    status: int
    received_at: datetime | None = None
    content_sha256: str = ""
    code: str = ""
    detail: str = ""
    field: str = ""
