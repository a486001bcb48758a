"""What may follow what in a referral, what she can allow to be told, and what then may be done.

Nothing here depends on the woman's arm: the same offer and the same following in all of them.
"""

from collections.abc import Mapping

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "offered": frozenset({"accepted", "declined", "stopped"}),
    "accepted": frozenset({"sent", "declined", "stopped"}),
    "sent": frozenset({"taken_up", "not_taken_up", "no_answer", "stopped"}),
    # Asked again each time until somebody knows, or nobody will.
    "no_answer": frozenset({"taken_up", "not_taken_up", "no_answer", "closed", "stopped"}),
    "declined": frozenset(),
    "taken_up": frozenset(),
    "not_taken_up": frozenset(),
    "closed": frozenset(),
    "stopped": frozenset(),
}
OPEN = frozenset(status for status, following in TRANSITIONS.items() if following)

# By what she allows to be told of her, the ways in which she may be put in touch with a service.
WAYS_ALLOWED: Mapping[str, frozenset[str]] = {
    "nothing": frozenset({"told_her", "went_along"}),
    "telephone": frozenset({"told_her", "went_along", "called"}),
    "all_needed": frozenset({"told_her", "went_along", "called", "wrote"}),
}


def may_become(status: str, following: str) -> bool:
    """Say whether a referral of the first status may get the second."""
    return following in TRANSITIONS[status]


def may_send(sharing: str, way: str) -> bool:
    """Say whether what she agreed to be told of her allows this way of putting her in touch."""
    return way in WAYS_ALLOWED.get(sharing, frozenset())
