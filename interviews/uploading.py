"""What somebody who brings a file says of it first, and how much may be brought."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from interviews.file_formats import Kind

MEBIBYTE = 2**20
LARGEST: Mapping[str, int] = {Kind.AUDIO: 500 * MEBIBYTE, Kind.TRANSCRIPT: 20 * MEBIBYTE}
# Of one interview, whatever it holds.
QUOTA_BYTES = 2_000 * MEBIBYTE
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that somebody would bring: its kind, its length, and what tells the same file again."""

    kind: str
    size_bytes: int
    fingerprint: str


def read_offer(said: Mapping[str, str]) -> Offer | None:
    """Return what was said, None if it makes no sense."""
    kind, size, fingerprint = (said.get(name, "") for name in ("kind", "size", "fingerprint"))
    if kind not in Kind.values or not re.fullmatch(r"[0-9]{1,12}", size) or not _FINGERPRINT.fullmatch(fingerprint):
        return None
    return Offer(kind, int(size), fingerprint) if int(size) else None


def is_too_large(offer: Offer) -> bool:
    """Say whether a file of its kind is larger than is taken."""
    return offer.size_bytes > LARGEST[offer.kind]


def exceeds_quota(held_bytes: int, offer: Offer) -> bool:
    """Say whether an interview that holds so much would hold too much with it."""
    return held_bytes + offer.size_bytes > QUOTA_BYTES
