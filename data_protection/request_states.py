"""What may follow what in a request about a woman's own data."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "received": frozenset({"verified", "refused", "taken_back"}),
    "verified": frozenset({"answered", "refused", "taken_back"}),
    "answered": frozenset(),
    "refused": frozenset(),
    "taken_back": frozenset(),
}
UNDER_WAY = frozenset(status for status, following in TRANSITIONS.items() if following)


def may_become(status: str, following: str) -> bool:
    """Say whether a request of the first status may get the second; one that has ended stays so."""
    return following in TRANSITIONS[status]
