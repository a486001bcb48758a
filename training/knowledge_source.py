"""The tests that are shipped, by the code that a module of the protocol names."""

from functools import lru_cache
from pathlib import Path

from training.knowledge import KnowledgeTest, parse_test

SHIPPED = {path.stem: path for path in sorted((Path(__file__).parent / "data").glob("*.json"))}


@lru_cache(maxsize=16)
def shipped_test(code: str) -> KnowledgeTest | None:
    """Return the test of that code, None if none is shipped. Raises KnowledgeTestInvalid."""
    path = SHIPPED.get(code)
    return parse_test(path.read_text(encoding="utf-8"), name=path.name) if path else None
