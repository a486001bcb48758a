"""Who is written to, at which address, in which language; and what is not to be sent, or not yet."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from monitoring.models import StaffMessage
from monitoring.telling import ROLES_TOLD, Kind, may_be_tried, words_of

ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is written to: `to` names an account or a place in the settings; `role` is "" for the latter."""

    to: str
    address: str
    language: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a message, by its code, with the counts that fill it; a dash stands for one that is not known."""

    code: str
    counts: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to leave: about what, to whom, in which lines."""

    kind: Kind
    about: str
    reader: Reader
    lines: tuple[Line, ...]

    @property
    def mark(self) -> tuple[str, str, str]:
        """Return what it is claimed by."""
        return (self.kind.value, self.about, self.reader.to)


def due(kind: Kind, about: str, reader: Reader) -> Due:
    """Return a message in the words of its kind."""
    return Due(kind, about, reader, (Line(words_of(kind)),))


def people_told(kind: Kind) -> QuerySet[User]:
    """Return the accounts that may sign in, have a work e-mail and a role that hears of a kind, by number."""
    people = User.objects.filter(role__in=ROLES_TOLD[kind], is_active=True)
    return people.exclude(work_email="").order_by("pk")


def reader_of(user: User) -> Reader:
    """Return where an account is written to."""
    return Reader(f"{ACCOUNT}:{user.pk}", user.work_email, user.language, user.role)


def with_listed(readers: Iterable[Reader], *listings: tuple[str, Collection[str]]) -> list[Reader]:
    """Return readers, and after them those addresses of the settings' lists that are none of theirs, each once."""
    found = list(readers)
    known = {reader.address for reader in found}
    for audience, addresses in listings:
        for number, address in enumerate(addresses):
            if address not in known:
                known.add(address)
                found.append(Reader(f"{audience}:{number}", address, settings.LANGUAGE_CODE))
    return found


def is_still_told(due_message: Due) -> bool:
    """Say whether an account may still be written to as it was when its message was found: open, address, role."""
    reader = due_message.reader
    if not reader.role:
        return True
    pk = int(reader.to.removeprefix(f"{ACCOUNT}:"))
    return User.objects.filter(pk=pk, is_active=True, work_email=reader.address, role=reader.role).exists()


def held_back(now: datetime, *, about: Collection[str]) -> set[tuple[str, str, str]]:
    """Return, of messages about some things, those that left, may have left, or are not to be tried now."""
    rows = StaffMessage.objects.filter(about__in=about).order_by("pk")
    known = rows.values_list("kind", "about", "to", "claimed_at", "attempts", "tried_at")
    return {
        (kind, thing, to)
        for kind, thing, to, claimed_at, attempts, tried_at in known
        if claimed_at is not None or not may_be_tried(attempts, tried_at, now)
    }
