"""What may follow what in a woman's time in the study."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "enrolled": frozenset({"paused", "moved", "lost", "withdrawn", "deceased", "completed"}),
    "paused": frozenset({"enrolled", "moved", "lost", "withdrawn", "deceased", "completed"}),
    "moved": frozenset({"enrolled", "lost", "withdrawn", "deceased", "completed"}),
    "lost": frozenset({"enrolled", "moved", "withdrawn", "deceased", "completed"}),
    "withdrawn": frozenset(),
    "deceased": frozenset(),
    "completed": frozenset(),
}
ENDED = frozenset(status for status, following in TRANSITIONS.items() if not following)


def may_become(status: str, following: str) -> bool:
    """Say whether a woman of the first status may get the second; a final status allows nothing."""
    return following in TRANSITIONS[status]
