"""What may become of a visit."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "planned": frozenset({"done", "attempted", "missed", "superseded"}),
    # A log that comes late still counts: what an officer wrote is never dropped.
    "missed": frozenset({"done", "attempted"}),
    "done": frozenset(),
    "attempted": frozenset(),
    # Only by a phone that did not know of the new plan: the visit then counts beside the plan.
    "superseded": frozenset({"done", "attempted"}),
}
# What a page may log, where the new plan can be looked up.
LOGGABLE = frozenset({"planned", "missed"})


def may_become(state: str, following: str) -> bool:
    """Say whether a visit in the first state may get the second."""
    return following in TRANSITIONS[state]


def state_after(outcome: str) -> str:
    """Return the state of a visit that was logged with this outcome: only a visit where she was met is done."""
    return "done" if outcome == "met" else "attempted"
