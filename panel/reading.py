"""Who may read a data set, and by what."""

from accounts.actors import Actor
from accounts.permissions import Permission, PermissionMissing, require
from panel.columns import DataSet


def require_readable(by: Actor, dataset: DataSet, *, reads_arm: bool) -> None:
    """Let whoever may read the data set pass, or raise PermissionMissing."""
    require(by, Permission.EXPORT_PANEL)
    if dataset.is_blinded and not reads_arm:
        raise PermissionMissing


def by_key(token_id: int | None) -> dict[str, int]:
    """Return what the audit says of a program's key; nothing of a person's own asking."""
    return {} if token_id is None else {"key": token_id}
