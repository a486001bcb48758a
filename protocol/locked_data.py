"""What the database refuses because data are locked, as an error that a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError

# The name that the database gives the rule; its triggers lie with the locks (`data_lock`).
CONSTRAINT = "data_lock_stands"


class DataIsLocked(StudyError):
    """Two people signed that these data stand as they are."""

    code = "data_is_locked"
    message = _("These data are locked: nothing was changed. Two people may lift the lock, with a reason.")
    http_status = 409


@contextmanager
def locked_data_told() -> Iterator[None]:
    """Raise DataIsLocked where the database refuses a change for a lock; whatever was begun is rolled back by then."""
    try:
        yield
    except IntegrityError as error:
        if _constraint_of(error) == CONSTRAINT:
            raise DataIsLocked from error
        raise


def _constraint_of(error: IntegrityError) -> str | None:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
