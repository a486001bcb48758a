"""Consents and signatures as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from participants.consent_scopes import Scope
from participants.models import ConsentSignature


@dataclass(frozen=True, slots=True)
class Agreement:
    """One scope: whether she agrees to it today, and the day from which that no longer counts, if it is known."""

    label: str | Promise
    counts: bool
    lapses_on: date | None


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signing and what she agreed to then."""

    signature: ConsentSignature
    scopes: tuple[str | Promise, ...]


@dataclass(frozen=True, slots=True)
class RenewalRow:
    """A woman who has to sign again; `days_left` below 1: something that she agreed to does not count any more."""

    participant: Any
    masked_name: str
    days_left: int


def agreements(held: Mapping[str, date | None]) -> list[Agreement]:
    """Return every scope, in the order of the text."""
    return [Agreement(scope.label, scope.value in held, held.get(scope.value)) for scope in Scope]


def signature_rows(signatures: Iterable[ConsentSignature]) -> list[SignatureRow]:
    """Return what a woman signed, in the order given."""
    return [SignatureRow(one, tuple(Scope(scope).label for scope in one.scopes)) for one in signatures]


def renewal_rows(women: Iterable[Any], names: Mapping[int, str], *, today: date) -> list[RenewalRow]:
    """Return the women to sign again, who carry `lapses_on`, in the order given."""
    return [RenewalRow(woman, names[woman.pk], (woman.lapses_on - today).days) for woman in women]
