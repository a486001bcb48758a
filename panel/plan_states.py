"""What may become of a plan and of a request to unblind, and how a report stands to the plan that is locked."""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    """Where a version of the plan stands."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waiting for a second person")
    LOCKED = "locked", _("Locked")
    REPLACED = "replaced", _("Replaced")


class UnblindingState(TextChoices):
    """Where a request to unblind stands."""

    ASKED = "asked", _("Waiting for a second person")
    CALLED_OFF = "called_off", _("Called off")
    RECORDED = "recorded", _("Recorded")


class PlanStanding(StrEnum):
    """How a report's plan stands: locked before unblinding, locked after it, not locked, or never asked about."""

    LOCKED = "locked"
    LATE = "late"
    NOT_LOCKED = "not_locked"
    UNCHECKED = "unchecked"


P, U = PlanState, UnblindingState
PLAN_TRANSITIONS: Mapping[str, frozenset[str]] = {
    P.DRAFT: frozenset({P.PROPOSED, P.REPLACED}),
    P.PROPOSED: frozenset({P.DRAFT, P.LOCKED}),
    P.LOCKED: frozenset(),
    P.REPLACED: frozenset(),
}
UNBLINDING_TRANSITIONS: Mapping[str, frozenset[str]] = {
    U.ASKED: frozenset({U.CALLED_OFF, U.RECORDED}),
    U.CALLED_OFF: frozenset(),
    U.RECORDED: frozenset(),
}
