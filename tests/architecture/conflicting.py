"""Logs that do not agree, for the tests that look at every page."""

from collections.abc import Iterable
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from visits.models import LogConflict, VisitLog
from visits.services.log_writing import written


def conflicting_logs(station_ids: Iterable[int], user: User) -> list[object]:
    """Return the id of a conflict of two logs at each station."""
    logs = [
        VisitLog.objects.filter(visit__station=station).select_related("visit").earliest("pk")
        for station in station_ids
    ]
    return [
        LogConflict.objects.create(
            visit=log.visit, log=log, first=written(log), first_sha256=log.content_sha256, second=written(log),
            second_by=user, second_id=uuid4(), second_sha256="0" * 64, received_at=timezone.now(),
        ).pk
        for log in logs
    ]  # fmt: skip
