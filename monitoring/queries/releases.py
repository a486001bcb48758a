"""Whom to write to about releases of data and reports on them: owners of theirs, others of what waits."""

from datetime import datetime

from monitoring.queries.readers import Due, due, people_told, reader_of
from monitoring.telling import TELL_WITHIN, Kind
from panel.models import Release, ReleaseReport
from panel.release_states import ReleaseState, ReportState

_NEWS = (ReleaseState.READY, ReleaseState.REFUSED, ReleaseState.FAILED)
_REPORT_NEWS = (ReportState.READY, ReportState.FAILED)


def release_news_due(now: datetime) -> list[Due]:
    """Return who asked for a release that is ready, was turned down or failed of late."""
    rows = Release.objects.filter(state__in=_NEWS, state_changed_at__gt=now - TELL_WITHIN)
    own = rows.filter(requested_by__in=people_told(Kind.RELEASE_NEWS)).select_related("requested_by").order_by("pk")
    return [due(Kind.RELEASE_NEWS, f"{one.pk}.{one.revision}.{one.state}", reader_of(one.requested_by)) for one in own]


def report_news_due(now: datetime) -> list[Due]:
    """Return who asked for a report that is ready or failed of late."""
    rows = ReleaseReport.objects.filter(state__in=_REPORT_NEWS, state_changed_at__gt=now - TELL_WITHIN)
    own = rows.filter(release__requested_by__in=people_told(Kind.REPORT_NEWS))
    return [
        due(Kind.REPORT_NEWS, f"{one.pk}.{one.state}", reader_of(one.release.requested_by))
        for one in own.select_related("release__requested_by").order_by("pk")
    ]


def releases_to_decide_due(_now: datetime) -> list[Due]:
    """Return who may decide about each release that waits, never who asked for it."""
    waiting = Release.objects.filter(state=ReleaseState.WAITING)
    if not waiting.exists():
        return []
    return [
        due(Kind.RELEASE_WAITING, f"{number}.{revision}", reader_of(user))
        for user in people_told(Kind.RELEASE_WAITING)
        for number, revision in Release.objects.visible_to(user).to_decide(user).values_list("pk", "revision")
    ]
