"""What may become of a session."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "planned": frozenset({"held", "withdrawn"}),
    # A session recorded by mistake is taken back with a reason; the row stays.
    "held": frozenset({"withdrawn"}),
    "withdrawn": frozenset(),
}


def may_become(state: str, following: str) -> bool:
    """Say whether a session in the first state may get the second."""
    return following in TRANSITIONS[state]
