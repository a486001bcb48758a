"""What was observed, replaced as the study replaces it: the former content is kept first."""

from typing import Any
from uuid import uuid4

from surveys.models import Submission, SubmissionVersion
from surveys.services.versions import keep_version
from tests.factories import NOW, UserFactory
from visits.models import LogConflict, VisitLog
from visits.services.log_writing import written


def replace(row: VisitLog | Submission, **fields: Any) -> None:
    """Let a log or a survey say something else, as after a supervisor's decision or a correction."""
    if isinstance(row, VisitLog):
        _keep_log(row)
    elif "answers" in fields:
        keep_version(row, SubmissionVersion.Reason.SLIP, author=UserFactory(), now=NOW)
    type(row).objects.filter(pk=row.pk).update(**fields)


def _keep_log(log: VisitLog) -> None:
    LogConflict.objects.create(
        visit=log.visit, log=log, first=written(log), first_sha256=log.content_sha256, second=written(log),
        second_by=UserFactory(), second_id=uuid4(), second_sha256="0" * 64, received_at=NOW, correction="slip",
        decision="second", decided_at=NOW, decided_by=UserFactory(),
    )  # fmt: skip
