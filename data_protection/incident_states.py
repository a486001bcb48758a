"""What may follow what in an incident with data."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "open": frozenset({"notified", "closed"}),
    "notified": frozenset({"closed"}),
    "closed": frozenset(),
}
UNDER_WAY = frozenset(status for status, following in TRANSITIONS.items() if following)


def may_become(status: str, following: str) -> bool:
    """Say whether an incident of the first status may get the second; a closed one stays closed."""
    return following in TRANSITIONS[status]
