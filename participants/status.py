"""What may follow what in a woman's time in the study, and for which reasons."""

# Before she is enrolled her reports are screened; from then on her status counts.
ENTRY: dict[str, frozenset[str]] = {"screened": frozenset({"enrolled"})}
TRANSITIONS: dict[str, frozenset[str]] = {
    "enrolled": frozenset({"paused", "moved", "lost", "withdrawn", "deceased", "completed"}),
    "paused": frozenset({"enrolled", "moved", "lost", "withdrawn", "deceased", "completed"}),
    "moved": frozenset({"enrolled", "lost", "withdrawn", "deceased", "completed"}),
    "lost": frozenset({"enrolled", "moved", "withdrawn", "deceased", "completed"}),
    "withdrawn": frozenset(),
    "deceased": frozenset(),
    "completed": frozenset(),
}
# By what she becomes, the codes of why. Withdrawal asks its own question, which she need not answer.
REASONS: dict[str, tuple[str, ...]] = {
    "enrolled": ("returned",),
    "paused": ("safety", "travel", "health", "other"),
    "moved": ("moved",),
    "lost": ("not_found",),
    "deceased": ("deceased",),
    "completed": ("end",),
}
# A pause for any other reason ends by itself on its day; whether she is safe again, a person decides.
STAYS_PAUSED = frozenset({"safety"})
ENDED = frozenset(status for status, following in TRANSITIONS.items() if not following)


def may_become(status: str, following: str) -> bool:
    """Say whether a woman of the first status may get the second; a final status allows nothing."""
    return following in TRANSITIONS[status]
