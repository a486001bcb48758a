"""Who may have what tells the groups apart."""

from accounts.actors import Actor
from accounts.permissions import PermissionMissing
from panel import queries


def require_arm(actor: Actor) -> None:
    """Let pass who knows the arms by role, or by it since unblinding is recorded, or raise PermissionMissing."""
    if not queries.reads_arm(actor):
        raise PermissionMissing
