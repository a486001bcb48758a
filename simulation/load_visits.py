"""The synthetic plans, visits and logs into the tables of `visits`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.random import Generator

from simulation.copying import copy_rows, reserve_ids
from simulation.fieldwork import ANSWERS, MET, NOT_VISITED, OUTCOMES, VisitResults, draw_visit_results
from simulation.loading import Loading
from simulation.people import draw_uuids
from simulation.weeks import PlannedVisits, PlannedWeeks
from visits.models import Visit, VisitLog, WeekPlan

_PLANNED_AT = 6 * 60
_EXPLANATIONS = (
    "No hubo personal disponible",
    "Atención de una emergencia",
    "Sin movilidad",
    "Cambio de turno sin relevo",
)
_STATUS = Visit.Status
_NOT_EXPLAINED = ("", None)


@dataclass(frozen=True, slots=True)
class DrawnVisits:
    """The planned visits with what became of them, and the ids that their plans and they themselves got."""

    weeks: PlannedWeeks
    visits: PlannedVisits
    results: VisitResults
    plan_ids: list[int]
    uuids: list[str]


@dataclass(frozen=True, slots=True)
class _Logged:
    outcome: int
    occurred_at: datetime
    received_at: datetime


def load_visits(
    rng: Generator,
    load: Loading,
    *,
    weeks: PlannedWeeks,
    visits: PlannedVisits,
    grace_ends: Callable[[date], datetime],
) -> int:
    """Write the plans, their visits, and a log for each visit made or tried in vain; return how many visits."""
    drawn = _drawn(rng, load, weeks, visits)
    copy_rows(
        WeekPlan,
        ("id", "participant_id", "monday", "revision", "target", "shortfall", "level", "reason", "planned_at"),
        _plans(load, drawn),
    )
    total = copy_rows(
        Visit,
        ("id", "plan_id", "participant_id", "station_id", "planned_on", "window_from", "window_until",
         "grace_ends_at", "status", "status_changed_at", "missed_reason", "missed_explained_by_id"),
        _visits(load, drawn, grace_ends),
    )  # fmt: skip
    copy_rows(
        VisitLog,
        ("id", "visit_id", "outcome", "occurred_at", "received_at", "logged_by_id", "content_sha256", "in_private",
         "new_incident", "measures_obeyed", "safety_concern", "referral_offered", "reason"),
        _logs(rng, load, drawn),
    )  # fmt: skip
    return total


def _drawn(rng: Generator, load: Loading, weeks: PlannedWeeks, visits: PlannedVisits) -> DrawnVisits:
    women, times, settings = weeks.woman[visits.week], load.world.women.safe_times, load.world.settings
    results = draw_visit_results(
        rng,
        station=load.world.women.station[women],
        severity=load.world.outcomes.severity[women],
        window_minutes=(60 * (times.until_hour - times.from_hour))[women],
        missed=settings.missed_visits,
        attempted=settings.attempted_visits,
        officers=min(map(len, load.team.officers)),
    )
    return DrawnVisits(weeks, visits, results, reserve_ids(WeekPlan, len(weeks.woman)), draw_uuids(rng, len(women)))


def _plans(load: Loading, drawn: DrawnVisits) -> Iterator[tuple[Any, ...]]:
    levels = [forms[0].level for forms in load.world.risk.forms]
    placed = np.bincount(drawn.visits.week, minlength=len(drawn.plan_ids)).tolist()
    weeks = drawn.weeks
    rows = zip(
        drawn.plan_ids, weeks.woman.tolist(), weeks.monday.tolist(), weeks.target.tolist(), weeks.rank.tolist(),
        weeks.first_day.tolist(), placed, strict=True,
    )  # fmt: skip
    for plan_id, woman, monday, target, rank, first_day, visits in rows:
        yield (
            plan_id, load.women[woman], load.clock.date(monday), 1, target, max(target - visits, 0), levels[rank],
            str(WeekPlan.Reason.WEEKLY), load.clock.at(first_day - 1, _PLANNED_AT),
        )  # fmt: skip


def _visits(load: Loading, drawn: DrawnVisits, grace_ends: Callable[[date], datetime]) -> Iterator[tuple[Any, ...]]:
    station, hours, women = load.world.women.station.tolist(), _safe_hours(load), drawn.weeks.woman.tolist()
    first_days = drawn.weeks.first_day.tolist()
    grace = {day: grace_ends(load.clock.date(day)) for day in set(drawn.visits.day.tolist())}
    explanations = drawn.results.explained.tolist()
    for place, (uuid, week, day, logged) in enumerate(_with_logs(load, drawn)):
        woman = women[week]
        missed_reason, explained_by = _NOT_EXPLAINED
        if logged is not None:
            status, changed = (_STATUS.DONE if logged.outcome == MET else _STATUS.ATTEMPTED), logged.received_at
        elif grace[day] <= load.now:
            status, changed = _STATUS.MISSED, grace[day]
            if explanations[place]:
                missed_reason, explained_by = _EXPLANATIONS[place % 4], load.team.supervisors[station[woman]]
        else:
            status, changed = _STATUS.PLANNED, load.clock.at(first_days[week] - 1, _PLANNED_AT)
        yield (
            uuid, drawn.plan_ids[week], load.women[woman], load.stations[station[woman]], load.clock.date(day),
            *hours[woman], grace[day], str(status), changed, missed_reason, explained_by,
        )  # fmt: skip


def _logs(rng: Generator, load: Loading, drawn: DrawnVisits) -> Iterator[tuple[Any, ...]]:
    station, women, found = load.world.women.station.tolist(), drawn.weeks.woman.tolist(), drawn.results
    answers = zip(
        draw_uuids(rng, len(drawn.uuids)), found.officer.tolist(), found.in_private.tolist(),
        found.new_incident.tolist(), found.measures_obeyed.tolist(), found.safety_concern.tolist(),
        found.referral_offered.tolist(), strict=True,
    )  # fmt: skip
    for (uuid, week, _day, logged), (log_id, officer, private, incident, measures, concern, referral) in zip(
        _with_logs(load, drawn), answers, strict=True
    ):
        if logged is None:
            continue
        met = logged.outcome == MET
        yield (
            log_id, uuid, OUTCOMES[logged.outcome], logged.occurred_at, logged.received_at,
            load.team.officers[station[women[week]]][officer], "",
            ANSWERS[private] if met else "", ANSWERS[incident] if met else "", ANSWERS[measures] if met else "",
            met and concern, met and referral, "",
        )  # fmt: skip


def _with_logs(load: Loading, drawn: DrawnVisits) -> Iterator[tuple[str, int, int, _Logged | None]]:
    """Yield each visit's id, week and day, and its log if that came in before the study's morning."""
    starts, women = (60 * load.world.women.safe_times.from_hour).tolist(), drawn.weeks.woman.tolist()
    results = drawn.results
    rows = zip(
        drawn.uuids, drawn.visits.week.tolist(), drawn.visits.day.tolist(), results.outcome.tolist(),
        results.minutes_in.tolist(), results.minutes_to_log.tolist(), strict=True,
    )  # fmt: skip
    today = load.world.settings.today
    for uuid, week, day, outcome, minutes_in, minutes_to_log in rows:
        if outcome == NOT_VISITED or day >= today:
            yield uuid, week, day, None
            continue
        occurred = load.clock.at(day, starts[women[week]] + minutes_in)
        received = occurred + timedelta(minutes=minutes_to_log)
        yield uuid, week, day, _Logged(outcome, occurred, received) if received <= load.now else None


def _safe_hours(load: Loading) -> list[tuple[time, time]]:
    times = load.world.women.safe_times
    return [
        (time(start), time(end)) for start, end in zip(times.from_hour.tolist(), times.until_hour.tolist(), strict=True)
    ]
