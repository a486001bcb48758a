"""The directory and referrals in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referrals.models import Referral, ReferralStep, SupportService
from referrals.queries import COUNTRY, ELSEWHERE, OWN

Status = Referral.Status
_PLACES: Mapping[int, Promise] = {
    OWN: _("In this district"),
    COUNTRY: _("In the whole country"),
    ELSEWHERE: _("In other districts"),
}
_KINDS: Mapping[str, str] = {
    Status.OFFERED: "info",
    Status.ACCEPTED: "info",
    Status.SENT: "info",
    Status.NO_ANSWER: "warn",
    Status.TAKEN_UP: "good",
}
_NEXT: Mapping[str, Promise] = {
    Status.OFFERED: _("What did she say?"),
    Status.ACCEPTED: _("Put her in touch"),
    Status.SENT: _("What came of it?"),
    Status.NO_ANSWER: _("Ask again"),
}


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service as a page shows it; `tel` is what a telephone dials."""

    service: SupportService
    name: str
    purpose: str
    hours: str
    for_whom: str
    tel: str


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral in a list. `next` says what to do about it, "" for nothing."""

    referral: Referral
    service: str
    status: str
    kind: str
    next: str | Promise
    is_overdue: bool
    masked_name: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with its note, if it was opened."""

    step: ReferralStep
    note: str


def service_card(service: SupportService) -> ServiceCard:
    """Return a service in the reader's language."""
    words = {name: localised(service, name) for name in ("name", "purpose", "hours", "for_whom")}
    return ServiceCard(service, tel=service.telephone.replace(" ", ""), **words)


def service_groups(services: Iterable[SupportService]) -> list[tuple[Promise, list[ServiceCard]]]:
    """Return services by where they are: her district first, then the country, then elsewhere; no empty group."""
    groups: dict[int, list[ServiceCard]] = {}
    for service in services:
        groups.setdefault(getattr(service, "place", COUNTRY), []).append(service_card(service))
    return [(_PLACES[place], cards) for place, cards in sorted(groups.items())]


def referral_rows(
    referrals: Iterable[Referral], today: date, *, names: Mapping[int, str] | None = None
) -> list[ReferralRow]:
    """Return referrals for showing, in the order given."""
    return [
        ReferralRow(
            referral=referral,
            service=localised(referral.service, "name"),
            status=referral.get_status_display(),
            kind=_KINDS.get(referral.status, "neutral"),
            next=_NEXT.get(referral.status, ""),
            is_overdue=referral.due_on is not None and referral.due_on < today,
            masked_name=(names or {}).get(referral.participant_id, ""),
        )
        for referral in referrals
    ]


def step_rows(steps: Iterable[ReferralStep], notes: Mapping[int, str]) -> list[StepRow]:
    """Return the steps with the notes that were opened."""
    return [StepRow(step, notes.get(step.pk, "")) for step in steps]


def form_values(service: SupportService) -> dict[str, Any]:
    """Return what the form of an entry begins with."""
    own = (
        "kind", "name_es", "name_en", "purpose_es", "purpose_en", "for_whom_es", "for_whom_en", "telephone",
        "hours_es", "hours_en", "district", "address", "source",
    )  # fmt: skip
    return {name: getattr(service, name) for name in own}


def localised(service: SupportService, name: str) -> str:
    """Return a field of a service in the reader's language."""
    return str(getattr(service, f"{name}_{'en' if get_language() == 'en' else 'es'}"))
