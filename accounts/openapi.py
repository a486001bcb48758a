"""What every address of the API may answer besides its own results, said once for the description of all."""

from typing import Any

_BODY = {"application/json": {"schema": {"type": "object", "additionalProperties": True}}}
_WORDS = {
    "400": "Something that was sent cannot be read; it is named",
    "401": "The key opens nothing: it is over, was ended, or is not written whole",
    "403": "Nobody is signed in, or the role or the key does not allow this",
    "404": "There is no such thing in the caller's scope",
    "406": "There is no such form of the answer",
    "413": "This is too much at once",
    "415": "The body is of a kind that is not read",
    "429": "The key asked too often in this minute; Retry-After says how many seconds are left of it",
}


def add_refusals(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add to each operation of the description the refusals that it may answer and does not name itself."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for status in _refusals(operation):
                operation["responses"].setdefault(status, {"description": _WORDS[status], "content": _BODY})
    return result


def _refusals(operation: dict[str, Any]) -> list[str]:
    takes_key = any("key" in scheme for scheme in operation.get("security", ()))
    has_body = "requestBody" in operation
    parts = operation.get("parameters", ())
    is_asked = has_body or any(part["in"] != "path" for part in parts)
    names_one = has_body or any(part.get("required") for part in parts)
    found = {
        "400": is_asked,
        "401": takes_key,
        "403": True,
        "404": names_one,
        "406": True,
        "413": has_body,
        "415": has_body,
        "429": takes_key,
    }
    return [status for status, may_be in found.items() if may_be]
