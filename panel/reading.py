"""Who may read a data set."""

from accounts.actors import Actor
from accounts.permissions import Permission, require
from panel.columns import DataSet


def require_readable(by: Actor, dataset: DataSet) -> None:
    """Let whoever may read the data set pass, or raise PermissionMissing."""
    require(by, Permission.EXPORT_PANEL)
    if dataset.is_blinded:
        require(by, Permission.READ_ARM)
