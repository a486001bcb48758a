"""What a phone sends in one go, and what it is told of each log: the offline contract."""

from dataclasses import dataclass, field
from uuid import UUID

from visits.log_content import Content

# Small enough for a slow line and one transaction.
LONGEST_BATCH = 500


@dataclass(frozen=True, slots=True)
class SentLog:
    """A log as it came from a phone, by the identifier that the phone made."""

    id: UUID
    visit_id: UUID
    content: Content = field(repr=False)
