"""What may be locked, and what may become of a lock."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LockKind(TextChoices):
    """What a lock holds still."""

    SURVEYS = "surveys", _("Surveys of a wave")
    VISITS = "visits", _("Logs of visits until a day")
    SHEETS = "sheets", _("Sheets until a day")
    EVERYTHING = "everything", _("Everything until a day")


class LockState(TextChoices):
    """Where a lock stands. It holds its data still from the moment it is proposed."""

    PROPOSED = "proposed", _("Waiting for signatures")
    LOCKED = "locked", _("Locked")
    LIFTED = "lifted", _("Lifted")
    CALLED_OFF = "called_off", _("Called off")


class LiftingState(TextChoices):
    """Where a request to lift a lock stands."""

    ASKED = "asked", _("Waiting for a second person")
    CALLED_OFF = "called_off", _("Called off")
    DONE = "done", _("Lifted")


S, L = LockState, LiftingState
LOCK_TRANSITIONS: Mapping[str, frozenset[str]] = {
    S.PROPOSED: frozenset({S.LOCKED, S.CALLED_OFF}),
    S.LOCKED: frozenset({S.LIFTED}),
    S.LIFTED: frozenset(),
    S.CALLED_OFF: frozenset(),
}
LIFTING_TRANSITIONS: Mapping[str, frozenset[str]] = {
    L.ASKED: frozenset({L.CALLED_OFF, L.DONE}),
    L.CALLED_OFF: frozenset(),
    L.DONE: frozenset(),
}
HOLDING = frozenset({S.PROPOSED, S.LOCKED})
# The tables that each kind of lock counts, in this order.
PARTS_OF: Mapping[str, tuple[str, ...]] = {
    LockKind.SURVEYS: (LockKind.SURVEYS,),
    LockKind.VISITS: (LockKind.VISITS,),
    LockKind.SHEETS: (LockKind.SHEETS,),
    LockKind.EVERYTHING: (LockKind.SURVEYS, LockKind.VISITS, LockKind.SHEETS),
}
