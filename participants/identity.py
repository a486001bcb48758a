"""Who a woman is and how to reach her safely: everything that only the sealed card may hold."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Self

from participants.vault import Lookup

PADDED_BYTES = 1024
# What may change at any contact; a name or document that was wrong needs a correction of its own.
CONTACT_FIELDS = frozenset(
    {
        "telephone",
        "email",
        "address",
        "address_hint",
        "home_district",
        "code_word",
        "who_may_be_home",
        "if_someone_else_answers",
        "do_not_approach_if",
        "trusted_name",
        "trusted_telephone",
        "trusted_relation",
    }
)
# What was written wrong is corrected only at her request, once it was checked who asks.
CORRECTABLE_FIELDS = frozenset({"full_name", "document"})


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What is sealed for one woman. It has no readable repr, so that no log or error page can show it."""

    full_name: str
    document: str = ""
    telephone: str = ""
    email: str = ""
    address: str = ""
    address_hint: str = ""
    # The code of a district of the public list, or a HomeAnswer; empty: not asked yet.
    home_district: str = ""
    code_word: str = ""
    who_may_be_home: str = ""
    if_someone_else_answers: str = ""
    do_not_approach_if: str = ""
    # Somebody whom she trusts, through whom she may be reached.
    trusted_name: str = ""
    trusted_telephone: str = ""
    trusted_relation: str = ""
    # The man she reported: kept to notice that another woman reported him, too, or that he is of an officer's family.
    # No page shows it.
    aggressor_name: str = ""
    aggressor_surnames: str = ""
    aggressor_document: str = ""

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
    def lookup_texts(self) -> dict[Lookup, str]:
        """Return what she, her household and the man she reported are found by."""
        return {
            Lookup.DOCUMENT: self.document,
            Lookup.TELEPHONE: self.telephone,
            Lookup.NAME: self.full_name,
            Lookup.HOUSEHOLD: self.address,
            Lookup.AGGRESSOR_DOCUMENT: self.aggressor_document,
            Lookup.AGGRESSOR_NAME: f"{self.aggressor_name} {self.aggressor_surnames}",
            Lookup.AGGRESSOR_SURNAMES: _both(self.aggressor_surnames),
        }

    @property
    def initials(self) -> str:
        """Return the name as lists may show it: "R. Q."."""
        return " ".join(f"{word[0].upper()}." for word in self.full_name.split()[:2])


@dataclass(frozen=True, slots=True, repr=False)
class StaffIdentity:
    """What tells that an officer has to do with a woman or with the man she reported. No readable repr either."""

    surnames: str
    document: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return "StaffIdentity(sealed)"

    def to_bytes(self) -> bytes:
        """Write it for sealing, padded like a woman's card."""
        data = json.dumps(asdict(self), ensure_ascii=False).encode()
        return data.ljust(-(-len(data) // PADDED_BYTES) * PADDED_BYTES)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        return cls(**json.loads(data))

    @property
    def conflict_texts(self) -> dict[Lookup, str]:
        """Return what of a woman's card would be the officer's own: the man's document or surnames, her home."""
        return {
            Lookup.AGGRESSOR_DOCUMENT: self.document,
            Lookup.AGGRESSOR_SURNAMES: _both(self.surnames),
            Lookup.HOUSEHOLD: self.address,
        }


def _both(surnames: str) -> str:
    """Return the surnames if there are two: one alone is shared by too many to mean a family."""
    return surnames if len(surnames.split()) > 1 else ""
