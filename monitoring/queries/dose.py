"""The visits of each station and week, as they were last counted."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Max

from monitoring.dose import Dose, StationWeek
from monitoring.models import DoseWeek
from training.queries.coverage import coverage, coverage_by_day


def station_weeks(*, until: date) -> list[StationWeek]:
    """Return the counted station-weeks that began until a day, by week and station; one query."""
    return [
        StationWeek(
            row.station_id,
            row.monday,
            Dose(
                done=row.done,
                refused=row.refused,
                unsafe=row.unsafe,
                not_met=row.not_met,
                missed=row.missed,
                to_come=row.to_come,
                on_time=row.on_time,
                without_officers=row.without_officers,
                beside_plan=row.beside_plan,
                women=row.women,
                women_above_usual=row.women_above_usual,
                short=row.short,
            ),
        )
        for row in DoseWeek.objects.filter(monday__lte=until)
    ]


def counted_at() -> datetime | None:
    """Return when the visits were last counted; None if never."""
    latest: datetime | None = DoseWeek.objects.aggregate(at=Max("counted_at"))["at"]
    return latest


def trained_by_station(*, on: date) -> dict[int, tuple[int, int]]:
    """Return, of each station whose arm includes the training, its officers with all modules, and all its officers."""
    return {line.station.station_id: (line.complete, line.officers) for line in coverage(on=on)}


def trained_by_week(weeks: Sequence[StationWeek], *, today: date) -> dict[tuple[int, date], tuple[int, int]]:
    """Return, by training station and Monday, its officers of that Sunday (or today) who were trained, and all."""
    ends = {week.monday: min(week.monday + timedelta(days=6), today) for week in weeks}
    by_day = coverage_by_day(sorted(set(ends.values())))
    stations = {station for station, _day in by_day}
    return {(station, monday): by_day[station, day] for monday, day in ends.items() for station in stations}
