"""What a phone sends in one go, and what it is told of each log: the offline contract."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from visits.log_content import Content

# Small enough for a slow line and one transaction.
LONGEST_BATCH = 500

NEW, SAME_AGAIN, CONFLICT, REFUSED = 201, 200, 409, 422


@dataclass(frozen=True, slots=True)
class SentLog:
    """A log as it came from a phone, by the identifier that the phone made."""

    id: UUID
    visit_id: UUID
    content: Content = field(repr=False)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What became of one log. With `received_at` and the hash it is a receipt, and the phone may forget the log.

    A conflict is a receipt too: both contents are kept. A refusal is none; `code`, `detail` and `field` say why.
    """

    id: UUID
    status: int
    received_at: datetime | None = None
    content_sha256: str = ""
    code: str = ""
    detail: str = ""
    field: str = ""
