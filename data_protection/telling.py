"""How a woman may be told that her data were in danger: never by a way that is not safe for her."""

IN_PERSON, CALL, MESSAGE = "in_person", "call", "message"
# By the channel of her safe-contact plan. Whoever stands before her alone may always tell her.
_WAYS: dict[str, frozenset[str]] = {
    "visit": frozenset({IN_PERSON}),
    "call": frozenset({IN_PERSON, CALL}),
    "message": frozenset({IN_PERSON, MESSAGE}),
}


def safe_ways(channel: str | None, *, takes_part: bool) -> frozenset[str]:
    """Return the ways to tell her; who has left, or has no plan, is told only if she comes by herself."""
    if channel is None or not takes_part:
        return frozenset({IN_PERSON})
    return _WAYS[channel]
