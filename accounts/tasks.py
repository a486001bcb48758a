"""How a task of the study is made: tried again, later and later, while the database is away."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from celery import shared_task
from django.db import OperationalError

if TYPE_CHECKING:
    from celery.app.task import Task

# The database restarts, or two transactions met: soon over, and every service is all or nothing.
LOST_DATABASE = (OperationalError,)

Said = ParamSpec("Said")
Answer = TypeVar("Answer")


def study_task(name: str) -> "Callable[[Callable[Said, Answer]], Task[Said, Answer]]":
    """Make a task of that name, which is sent again up to five times when it lost the database."""
    return shared_task(name=name, autoretry_for=LOST_DATABASE, retry_backoff=True, max_retries=5)
