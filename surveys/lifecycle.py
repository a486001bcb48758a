"""What may become of a version of a questionnaire, and of a query about what was answered."""

INSTRUMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    "draft": frozenset({"published"}),
    "published": frozenset({"retired"}),
    "retired": frozenset(),
}
QUERY_TRANSITIONS: dict[str, frozenset[str]] = {
    "open": frozenset({"answered", "closed"}),
    "answered": frozenset({"open", "closed"}),
    "closed": frozenset(),
}


def instrument_may_become(status: str, following: str) -> bool:
    """Say whether a version of the first status may get the second."""
    return following in INSTRUMENT_TRANSITIONS[status]


def query_may_become(status: str, following: str) -> bool:
    """Say whether a query of the first status may get the second."""
    return following in QUERY_TRANSITIONS[status]
