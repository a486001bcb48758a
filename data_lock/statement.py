"""What is hashed of a cut, and what a person signs: plain lines that anybody can make again."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Changed when rows are written otherwise: hashes of two formats are not compared.
FORMAT = 1
SIGNERS = 2


@dataclass(frozen=True, slots=True)
class WomanRows:
    """The rows of one woman in one table: how many, and the SHA-256 over them in the order of their ids."""

    woman: int
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a cut: how many rows, and the SHA-256 over its women in the order of their ids."""

    kind: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recount:
    """A cut as it is counted at a moment: all that is stored, and what of it data sets give out that day."""

    parts: tuple[Part, ...]
    sha256: str
    in_use_sha256: str

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


def part_of(kind: str, women: Iterable[WomanRows]) -> Part:
    """Return a table of a cut from the rows of its women, given in the order of their ids."""
    found = list(women)
    lines = "".join(f"{one.woman} {one.rows} {one.digest}\n" for one in found)
    return Part(kind, sum(one.rows for one in found), hashlib.sha256(lines.encode()).hexdigest())


def recount_of(
    cut: Mapping[str, str | None],
    tables: Sequence[tuple[str, Sequence[WomanRows]]],
    in_use: Mapping[str, Collection[int]],
) -> Recount:
    """Return the hashes of a cut: over all its rows, and over those of women whose data may be used, by table."""
    whole = tuple(part_of(kind, women) for kind, women in tables)
    used = tuple(part_of(kind, (one for one in women if one.woman in in_use[kind])) for kind, women in tables)
    return Recount(whole, cut_sha256(cut, whole), cut_sha256(cut, used))


def cut_sha256(cut: Mapping[str, str | None], parts: Iterable[Part]) -> str:
    """Return the SHA-256 of a cut: of what it is, and of each of its tables."""
    said = {"format": FORMAT, **cut, "parts": [[part.kind, part.rows, part.sha256] for part in parts]}
    return hashlib.sha256(_line(said).encode()).hexdigest()


def signature_text(
    *,
    lock: int,
    cut: Mapping[str, str | None],
    sha256: str,
    purpose: str,
    meaning: str,
    person: str,
    role: str,
    at: str,
) -> str:
    """Return the line that a signature is made of: who means what by it, of which rows, and when (UTC, ISO 8601).

    It names the lock and the person: moved to another record, or to another hand, it does not hold any more.
    """
    said = {
        **cut,
        "lock": lock,
        "sha256": sha256,
        "purpose": purpose,
        "meaning": meaning,
        "person": person,
        "role": role,
        "at": at,
    }
    return _line(said)


def _line(said: Mapping[str, object]) -> str:
    return json.dumps(said, separators=(",", ":"), sort_keys=True, ensure_ascii=True)
