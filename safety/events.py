"""Adverse events: which kinds are serious whatever anybody thinks of them, and which day one can have."""

from datetime import date

ALWAYS_SERIOUS = frozenset({"death", "hospital", "suicidality"})


def is_serious(kind: str, *, judged_serious: bool) -> bool:
    """Say whether an event counts as serious: some kinds always, the others by the safety officer's word."""
    return judged_serious or kind in ALWAYS_SERIOUS


def may_have_occurred(on: date, *, today: date) -> bool:
    """Say whether an event can have happened on a day: not after today in Lima."""
    return on <= today
