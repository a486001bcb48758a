"""Which test goes with a module."""

from protocol.queries import current_protocol
from training.knowledge import KnowledgeTest
from training.knowledge_source import shipped_test


def knowledge_test_of(module: int) -> KnowledgeTest | None:
    """Return the test that the protocol names for a module, None if it names none or none of that code is shipped."""
    found = current_protocol().training.module(module)
    return shipped_test(found.test) if found and found.test else None
