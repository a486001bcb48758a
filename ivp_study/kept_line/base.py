"""The database backend of the settings: Django finds it by this module's name."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection kept from one request to the next is asked only where something came on it meanwhile."""

    def is_usable(self) -> bool:
        """Say whether the connection works. A server that went away has closed it, and that can be read."""
        return _is_quiet(self.connection) or super().is_usable()


def _is_quiet(line: Any) -> bool:
    """Say whether nothing came on an open connection since its last answer: no farewell, no error, no notice."""
    if line.closed:
        return False
    looked_at = select.poll()
    looked_at.register(line.fileno(), select.POLLIN | select.POLLPRI)
    return not looked_at.poll(0)
