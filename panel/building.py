"""Asks for a release, a report on one or its check to be made, by the task's name, once the transaction committed."""

from functools import partial

from django.db import transaction

from participants.replanning import send_task

BUILD_TASK = "panel.build_release"
REPORT_TASK = "panel.build_report"
CHECK_TASK = "panel.check_release"


def request_build(release_id: int) -> None:
    """Send the task that makes a release; with the queue away, its sweep does the same."""
    transaction.on_commit(partial(send_task, BUILD_TASK, release_id=release_id))


def request_report(report_id: int) -> None:
    """Send the task that makes a report; with the queue away, the sweep of releases does the same."""
    transaction.on_commit(partial(send_task, REPORT_TASK, report_id=report_id))


def request_check(check_id: int) -> None:
    """Send the task that makes a release again to compare it; with the queue away, the same sweep does."""
    transaction.on_commit(partial(send_task, CHECK_TASK, check_id=check_id))
