"""What a phone is told of each thing that it sends: logs, sheets and surveys alike (the offline contract)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

NEW, SAME_AGAIN, CONFLICT, REFUSED = 201, 200, 409, 422


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What became of one thing. With `received_at` and the hash it is a receipt, and the phone may forget the thing.

    A conflict is a receipt too: both contents are kept. A refusal is none; `code`, `detail` and `field` say why.
    """

    id: UUID
    status: int
    received_at: datetime | None = None
    content_sha256: str = ""
    code: str = ""
    detail: str = ""
    field: str = ""


def in_sent_order(read: Sequence[object], kept: Iterable[object], *, sent: type) -> list[object]:
    """Return an answer for each thing read of a batch: the next of `kept` for what was `sent`, or else its own refusal.

    Raise StopIteration if `kept` has fewer than were sent.
    """
    following = iter(kept)
    return [next(following) if isinstance(one, sent) else one for one in read]
