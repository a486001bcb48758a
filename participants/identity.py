"""Who a woman is and how to reach her safely: everything that only the sealed card may hold."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Self

PADDED_BYTES = 512
# What may change at any contact; a name or document that was wrong needs a correction of its own.
CONTACT_FIELDS = frozenset(
    {
        "telephone",
        "address",
        "address_hint",
        "code_word",
        "who_may_be_home",
        "if_someone_else_answers",
        "do_not_approach_if",
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What is sealed for one woman. It has no readable repr, so that no log or error page can show it."""

    full_name: str
    document: str = ""
    telephone: str = ""
    address: str = ""
    address_hint: str = ""
    code_word: str = ""
    who_may_be_home: str = ""
    if_someone_else_answers: str = ""
    do_not_approach_if: str = ""

    def __repr__(self) -> str:
        return "Identity(sealed)"

    def to_bytes(self) -> bytes:
        """Write the identity for sealing, padded so that the length of what is sealed tells nothing of her."""
        data = json.dumps(asdict(self), ensure_ascii=False).encode()
        return data.ljust(-(-len(data) // PADDED_BYTES) * PADDED_BYTES)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote, now or before a field was added."""
        stored = json.loads(data)
        return cls(**{field.name: stored.get(field.name, "") for field in fields(cls)})

    @property
    def initials(self) -> str:
        """Return the name as lists may show it: "R. Q."."""
        return " ".join(f"{word[0].upper()}." for word in self.full_name.split()[:2])
