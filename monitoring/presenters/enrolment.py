"""Enrolment against the protocol's number: station by station and week by week, as lines and as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from monitoring.trend_chart import Trend, trend
from panel.small_cells import SMALLEST_SHOWN, shown_counts
from participants.recruitment import EnrolledWeek, Progress, enrolled_weeks, progress
from protocol.schema import Sampling


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station (or all, with an empty label) against the number wanted; None is not shown, nor then is `progress`."""

    label: str
    enrolled: int | None
    this_week: int | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week: women enrolled in it, and of all those wanted the per cent enrolled by its end and due by the pace."""

    label: str
    enrolled: int | None
    pct: int | None
    wanted_pct: int | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How far enrolment is: `wanted` women at each station, `wanted_a_week` of them each week."""

    wanted: int
    wanted_a_week: int | None
    stations: list[StationRow]
    weeks: list[WeekRow]
    chart: Trend | None
    finding: str


def enrolment(
    by_day: Mapping[int, Mapping[date, int]],
    codes: Mapping[int, str],
    sampling: Sampling,
    *,
    station: int | None,
    today: date,
    hides_small: bool,
) -> Enrolment:
    """Sum up the women enrolled on each day at the stations of `codes`; the weeks of one of them if `station` is given.

    A per cent of few wanted would tell how many came in a week: whoever may read no small cell gets none then.
    """
    chosen = list(codes) if station is None or station not in codes else [station]
    together = _together(by_day, chosen)
    wanted = sampling.women_per_station * len(chosen)
    a_week = None if sampling.women_per_week is None else sampling.women_per_week * len(chosen)
    weeks = enrolled_weeks(together, wanted=wanted, wanted_a_week=a_week, today=today)
    tells = wanted >= 100 * SMALLEST_SHOWN or not hides_small
    rows = _week_rows(weeks, wanted if tells else None, hides_small=hides_small)
    whole = progress(together, wanted=wanted, wanted_a_week=a_week, today=today)
    return Enrolment(
        wanted=sampling.women_per_station,
        wanted_a_week=sampling.women_per_week,
        stations=_station_rows(by_day, codes, sampling, today=today, hides_small=hides_small),
        weeks=rows[::-1],
        chart=trend([date_format(week.monday, "d/m") for week in weeks], _series(rows)),
        finding=_finding(whole) if tells else "",
    )


def _together(by_day: Mapping[int, Mapping[date, int]], stations: Sequence[int]) -> Counter[date]:
    found: Counter[date] = Counter()
    for station in stations:
        found.update(by_day[station])
    return found


def _station_rows(
    by_day: Mapping[int, Mapping[date, int]],
    codes: Mapping[int, str],
    sampling: Sampling,
    *,
    today: date,
    hides_small: bool,
) -> list[StationRow]:
    wanted, a_week = sampling.women_per_station, sampling.women_per_week
    found = {code: progress(by_day[pk], wanted=wanted, wanted_a_week=a_week, today=today) for pk, code in codes.items()}
    enrolled = _shown({code: one.enrolled for code, one in found.items()}, hides_small=hides_small)
    this_week = _shown({code: one.this_week for code, one in found.items()}, hides_small=hides_small)
    rows = [
        StationRow(code, enrolled[code], this_week[code], None if enrolled[code] is None else one)
        for code, one in found.items()
    ]
    stations = len(codes)
    whole = progress(
        _together(by_day, list(codes)),
        wanted=wanted * stations,
        wanted_a_week=None if a_week is None else a_week * stations,
        today=today,
    )
    sums = _shown({"enrolled": whole.enrolled, "week": whole.this_week}, hides_small=hides_small)
    return [*rows, StationRow("", sums["enrolled"], sums["week"], None if sums["enrolled"] is None else whole)]


def _week_rows(weeks: Sequence[EnrolledWeek], wanted: int | None, *, hides_small: bool) -> list[WeekRow]:
    """Return the weeks in their order; per cents of `wanted`, none without it."""
    enrolled = _shown({str(week.monday): week.enrolled for week in weeks}, hides_small=hides_small)
    return [
        WeekRow(
            date_format(week.monday, "SHORT_DATE_FORMAT"),
            enrolled[str(week.monday)],
            None if wanted is None else 100 * week.so_far // wanted,
            None if wanted is None or week.wanted_so_far is None else 100 * week.wanted_so_far // wanted,
        )
        for week in weeks
    ]


def _series(rows: Sequence[WeekRow]) -> dict[str, list[float | None]]:
    return {
        gettext("Women enrolled"): [row.pct for row in rows],
        gettext("At the pace wanted"): [row.wanted_pct for row in rows],
    }


def _finding(found: Progress) -> str:
    if found.is_full:
        return gettext("All women wanted are enrolled")
    if found.forecast is None:
        return gettext("%(share)s per cent of the women wanted are enrolled") % {"share": found.share}
    return gettext("%(share)s per cent of the women wanted are enrolled; at the pace of late all are about %(day)s") % {
        "share": found.share,
        "day": date_format(found.forecast.expected, "SHORT_DATE_FORMAT"),
    }


def _shown(counts: Mapping[str, int], *, hides_small: bool) -> dict[str, int | None]:
    return shown_counts(counts) if hides_small else {**counts}
