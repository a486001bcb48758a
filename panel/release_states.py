"""What may become of a release of data, and why somebody else must say yes before it is given out."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReleaseState(TextChoices):
    """Where a release stands."""

    QUEUED = "queued", _("Queued")
    BUILDING = "building", _("Being made")
    WAITING = "waiting", _("Waiting for approval")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Turned down")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    DESTROYED = "destroyed", _("Destroyed")


class ReportState(TextChoices):
    """Where the report on a release stands."""

    QUEUED = "queued", _("Queued")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    REPLACED = "replaced", _("Replaced by a newer one")


class Reason(TextChoices):
    """What makes a release tell more than pseudonyms do."""

    ARM = "arm", _("It has the columns that tell the groups apart.")
    STABLE_CODES = "stable_codes", _("Its codes are the same as in other files, so that files can be joined.")
    SMALL_GROUPS = "small_groups", _("Few women share the same traits.")
    SAME_ANSWERS = "same_answers", _("Women who share the same traits all answered alike.")


S = ReleaseState
# Whatever is held may expire, or be destroyed by its owner; where a worker died the next one goes on. Once a woman's
# rows were taken out it is judged and packed anew, wherever it stood.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    S.QUEUED: frozenset({S.BUILDING, S.WAITING, S.EXPIRED, S.DESTROYED}),
    S.BUILDING: frozenset({S.BUILDING, S.QUEUED, S.WAITING, S.READY, S.FAILED, S.EXPIRED, S.DESTROYED}),
    S.WAITING: frozenset({S.QUEUED, S.REFUSED, S.EXPIRED, S.DESTROYED}),
    S.READY: frozenset({S.QUEUED, S.WAITING, S.EXPIRED, S.DESTROYED}),
    # Nothing of what was turned down is kept.
    S.REFUSED: frozenset(),
    S.FAILED: frozenset({S.QUEUED, S.WAITING, S.EXPIRED, S.DESTROYED}),
    S.EXPIRED: frozenset({S.DESTROYED}),
    S.DESTROYED: frozenset(),
}
R = ReportState
# A report is asked for again rather than brought back: nothing follows one that failed or was replaced.
REPORT_TRANSITIONS: Mapping[str, frozenset[str]] = {
    R.QUEUED: frozenset({R.MAKING, R.FAILED}),
    R.MAKING: frozenset({R.MAKING, R.READY, R.FAILED}),
    R.READY: frozenset({R.REPLACED}),
    R.FAILED: frozenset(),
    R.REPLACED: frozenset(),
}
REPORT_PENDING = frozenset({R.QUEUED, R.MAKING})
PENDING = frozenset({S.QUEUED, S.BUILDING, S.WAITING})
HELD = frozenset(state for state, following in TRANSITIONS.items() if S.EXPIRED in following)


def may_become(state: str, following: str) -> bool:
    """Say whether a release in the first state may get the second."""
    return following in TRANSITIONS[state]
