"""What a station writes down when a woman reports: everything that only the report's sealed box may hold."""

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from participants.identity import PADDED_BYTES, Identity

FIELDS = tuple(field.name for field in fields(Identity))


@dataclass(frozen=True, slots=True, repr=False)
class ReportEntry:
    """A report as it came in. Its number leads to her in the station's own books: it is sealed like her name."""

    number: str
    reported_on: date
    woman: Identity

    def __repr__(self) -> str:
        return "ReportEntry(sealed)"

    def to_bytes(self) -> bytes:
        """Write it for sealing, padded so that the length of what is sealed tells nothing of her."""
        held = {"number": self.number, **written_fields(self.woman)}
        data = json.dumps(held, ensure_ascii=False).encode()
        return data.ljust(-(-len(data) // PADDED_BYTES) * PADDED_BYTES)

    @classmethod
    def from_bytes(cls, data: bytes, *, reported_on: date) -> Self:
        """Read what `to_bytes` wrote; the day stands beside the box."""
        held = json.loads(data)
        woman = Identity(**{name: held.get(name, "") for name in FIELDS})
        return cls(number=held["number"], reported_on=reported_on, woman=woman)


def written_fields(woman: Identity) -> dict[str, str]:
    """Return what was written of her, by field."""
    return {name: text for name in FIELDS if (text := getattr(woman, name))}
