"""Sweeps over many rows: each step by itself, so that one that always fails holds up none of those after it."""

import logging
from collections.abc import Callable, Iterable
from traceback import extract_tb
from typing import TypeVar

from django.db import OperationalError

Row = TypeVar("Row")
logger = logging.getLogger(__name__)


class StepsFailed(Exception):
    """Some steps of a sweep failed and all the others were done; the error names nothing but how many."""

    def __init__(self, failed: int, of: int) -> None:
        super().__init__(f"{failed} of {of} steps failed")
        self.failed = failed


def each_by_itself(rows: Iterable[Row], step: Callable[[Row], object], *, job: str, key: Callable[[Row], int]) -> None:
    """Take a step for each row, in order, each a transaction of its own, and go on past those that fail.

    The log has of a failure the row's id, the kind of error and the place in the code: its words may quote a woman's.
    A lost database stops the sweep and passes through, for the task is sent again. Raise StepsFailed at the end.
    """
    done = failed = 0
    for row in rows:
        done += 1
        try:
            step(row)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, those after it are not to wait for it
            failed += 1
            place = extract_tb(error.__traceback__)[-1]
            logger.error("%s: step %s failed: %s in %s", job, key(row), type(error).__name__, place.name)  # noqa: TRY400
    if failed:
        raise StepsFailed(failed, done)
