"""What may become of an interview."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "selected": frozenset({"proposed", "refused", "lost", "stopped"}),
    # A new time is proposed when the first does not suit her.
    "proposed": frozenset({"proposed", "agreed", "refused", "lost", "stopped"}),
    "agreed": frozenset({"proposed", "done", "refused", "lost", "stopped"}),
    "done": frozenset(),
    "refused": frozenset(),
    "lost": frozenset(),
    # She left the study, or ended her consent to the interview.
    "stopped": frozenset(),
}
WAITING = frozenset(state for state, following in TRANSITIONS.items() if following)
DROPPED_OUT = frozenset({"refused", "lost", "stopped"})


def may_become(state: str, following: str) -> bool:
    """Say whether an interview in the first state may get the second."""
    return following in TRANSITIONS[state]
