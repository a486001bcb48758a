"""The arithmetic of the chain: each link's hash covers the link before it and its own event."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = bytes(32)
FIELD_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class LinkedEvent:
    """An event as the database writes it out (`audit_event_text`), with the hash stored in its link."""

    position: int
    event_id: int
    fields: tuple[str, ...]
    stored_hash: bytes


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How far the chain holds: `intact_to` is the last good position, `broken_at` the first bad one."""

    intact_to: int
    head: bytes
    broken_at: int | None = None
    problem: str = ""

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


def link_hash(previous: bytes, fields: Iterable[str]) -> bytes:
    """Return SHA-256 over the previous link's 32 bytes and the event's fields, separated by U+001F, in UTF-8."""
    return hashlib.sha256(previous + FIELD_SEPARATOR.join(fields).encode()).digest()


def check_chain(links: Iterable[LinkedEvent]) -> ChainReport:
    """Walk the links in order and stop at the first that is missing or does not hash to what is stored."""
    head, intact_to = GENESIS, 0
    for link in links:
        if link.position != intact_to + 1:
            return ChainReport(intact_to, head, intact_to + 1, f"link {intact_to + 1} is missing")
        expected = link_hash(head, link.fields)
        if expected != link.stored_hash:
            problem = f"link {link.position} (event {link.event_id}) does not match its hash"
            return ChainReport(intact_to, head, link.position, problem)
        head, intact_to = expected, link.position
    return ChainReport(intact_to, head)
