"""Who was trained: coverage of the stations whose arm includes training."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from stations.models import AllocatedStation, Officer, Posting
from stations.queries import study_stations, trained_station_ids
from training.models import Attendance, Session


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a station's officers of today attended each module."""

    station: AllocatedStation
    officers: int
    attended: dict[int, int]


def sessions() -> QuerySet[Session]:
    """Return every session, newest first, with the number who attended."""
    return Session.objects.select_related("station").annotate(attended=Count("attendances")).order_by("-held_on", "-id")


def coverage(*, on: date) -> list[Coverage]:
    """Return the coverage of each training station on a day, in three queries whatever the number of stations."""
    stations = list(study_stations().filter(station_id__in=trained_station_ids()))
    serving = Posting.objects.serving(on).filter(station__in=[drawn.station_id for drawn in stations])
    officers = dict(serving.values_list("station").annotate(n=Count("officer", distinct=True)).order_by("station"))
    attended = {
        (station, module): number
        for station, module, number in Attendance.objects.filter(officer__in=serving.values("officer"))
        .filter(Q(officer__postings__in=serving))
        .values_list("officer__postings__station", "session__module")
        .annotate(n=Count("officer", distinct=True))
        .order_by("officer__postings__station", "session__module")
    }
    return [
        Coverage(
            drawn,
            officers.get(drawn.station_id, 0),
            {int(module): attended.get((drawn.station_id, int(module)), 0) for module in Session.Module},
        )
        for drawn in stations
    ]


def roster(station_id: int, *, on: date) -> QuerySet[Officer]:
    """Return the officers who served at a station on a day, by code."""
    return Officer.objects.filter(postings__in=Posting.objects.serving(on).filter(station=station_id)).order_by("code")
