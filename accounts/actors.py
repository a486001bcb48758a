"""Who acts: a person who signed in, or a named part of the system with the few permissions that it needs."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """What services need to know of whoever calls them."""

    @property
    def audit_name(self) -> str: ...

    @property
    def role(self) -> str: ...

    def has(self, permission: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """A part of the system, by name ("planner", "command"), allowed only what is listed."""

    name: str
    permissions: frozenset[str]
    role: str = "system"

    @property
    def audit_name(self) -> str:
        return f"system:{self.name}"

    def has(self, permission: str) -> bool:
        return permission in self.permissions
