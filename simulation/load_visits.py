"""The synthetic plans, visits and logs into the tables of `visits`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.random import Generator

from protocol.planning import Cadence
from simulation.copying import copy_rows, reserve_ids
from simulation.fieldwork import ANSWERS, MET, NOT_VISITED, OUTCOMES, VisitResults, draw_visit_results, space_out
from simulation.loading import Loading
from simulation.people import draw_uuids
from simulation.study_time import LIMA
from simulation.weeks import PlannedVisits, PlannedWeeks, place_visits, plan_past_weeks
from simulation.world import Bools, Ints
from visits.cadence import visit_window, weekly_target
from visits.models import Visit, VisitLog, WeekPlan
from visits.states import state_after
from visits.weeks import grace_end

_PLANNED_AT = 6 * 60
# A visit and the way to the next, in minutes.
_BETWEEN_VISITS = 25
# More days than any study has, to name a person's day by one number.
_DAYS = 100_000
_EXPLANATIONS = tuple(
    str(reason)
    for reason in (
        Visit.MissedReason.NO_STAFF,
        Visit.MissedReason.EMERGENCY,
        Visit.MissedReason.NO_TRANSPORT,
        Visit.MissedReason.SHIFT_CHANGE,
    )
)
_STATUS = Visit.Status
_NOT_EXPLAINED = ("", None)
_NO_WINDOW = (time(8), time(20))
_REASON = {"moved": "told_there", "refused": "no_time", "unsafe": "he_was_there", "aborted": "not_private"}
# All but one woman in eight.
_REVIEWED = """
    UPDATE participants_safecontactplan plan SET reviewed_at = met.last_at
    FROM (
        SELECT visit.participant_id, max(log.received_at) AS last_at
        FROM visits_visitlog log JOIN visits_visit visit ON visit.id = log.visit_id
        WHERE log.outcome = 'met' GROUP BY visit.participant_id
    ) met
    WHERE met.participant_id = plan.participant_id AND plan.participant_id % 8 <> 0
"""
# What the synthetic officers leave open.
_WITHOUT: dict[str, Any] = {
    "present": [],
    "breaches": [],
    "child_in_danger": False,
    **dict.fromkeys(("incident_type", "incident_injury", "incident_weapon", "next_contact"), ""),
}


@dataclass(frozen=True, slots=True)
class DrawnVisits:
    """The planned visits with what became of them, and the ids that their plans and they themselves got."""

    weeks: PlannedWeeks
    visits: PlannedVisits
    results: VisitResults
    plan_ids: list[int]
    uuids: list[str]
    windows: list[tuple[time, time] | None]
    # Minute of the day at which each visit began, had it taken place.
    minutes: list[int]


@dataclass(frozen=True, slots=True)
class _Logged:
    outcome: int
    occurred_at: datetime
    received_at: datetime


_VisitAndLog = tuple[str, int, int, _Logged | None]


def load_visits(rng: Generator, load: Loading, *, by_risk: Bools, cadence: Cadence) -> int:
    """Write the plans to this week's Sunday, their visits, and a log for each visit made or tried in vain.

    `by_risk` says of each station whether the level decides. Return how many visits there are.
    """
    drawn = _draw(rng, load, _plan(load, by_risk=by_risk, cadence=cadence), cadence)
    copy_rows(
        WeekPlan,
        ("id", "participant_id", "monday", "revision", "target", "shortfall", "level", "reason", "planned_at"),
        _plans(load, drawn),
    )
    logged = list(_with_logs(load, drawn))
    total = copy_rows(
        Visit,
        ("id", "plan_id", "participant_id", "station_id", "planned_on", "window_from", "window_until",
         "grace_ends_at", "status", "status_changed_at", "missed_reason", "missed_explained_by_id",
         "first_officer_id", "second_officer_id", "officers_chosen", "day_chosen"),
        _visits(load, drawn, logged, cadence.grace_hours),
    )  # fmt: skip
    copy_rows(
        VisitLog,
        ("id", "visit_id", "outcome", "reason", "occurred_at", "received_at", "logged_by_id", "content_sha256",
         "in_private", "new_incident", "measures_obeyed", "safety_concern", "referral_offered", *_WITHOUT),
        _logs(rng, load, drawn, logged),
    )  # fmt: skip
    _review_safe_contact()
    return total


def _review_safe_contact() -> None:
    """Let most women have said, when they were last met, that the way they are reached is still right."""
    with connection.cursor() as cursor:
        cursor.execute(_REVIEWED)


def _plan(load: Loading, *, by_risk: Bools, cadence: Cadence) -> PlannedWeeks:
    calendar, settings = load.world.calendar, load.world.settings
    this_monday = settings.today - settings.as_of.weekday()
    levels = [forms[0].level for forms in load.world.risk.forms]
    still_in = calendar.left >= settings.today
    return plan_past_weeks(
        enrolled=calendar.enrolled,
        until=np.where(still_in, calendar.enrolled + settings.followup_days, calendar.until),
        first_weekday=settings.first_day.weekday(),
        last_monday=this_monday,
        assessments=load.world.risk.assessments,
        by_risk=by_risk[load.world.women.station],
        usual=weekly_target(cadence, uses_risk_levels=False, level="", week=cadence.front_weeks),
        # The invented past loads nothing early.
        by_rank=tuple(
            weekly_target(cadence, uses_risk_levels=True, level=level, week=cadence.front_weeks) for level in levels
        ),
    )


def _draw(rng: Generator, load: Loading, weeks: PlannedWeeks, cadence: Cadence) -> DrawnVisits:
    settings, windows = load.world.settings, _windows(load, cadence)
    safe_days = [
        frozenset((row.nonzero()[0] + 1).tolist()) if window else frozenset()
        for row, window in zip(load.world.women.safe_times.weekdays, windows, strict=True)
    ]
    visits = place_visits(weeks, safe_days=safe_days, phases=load.women)
    women = weeks.woman[visits.week]
    minutes = np.array([_minutes(end) - _minutes(start) for start, end in (w or _NO_WINDOW for w in windows)])
    results = draw_visit_results(
        rng,
        station=load.world.women.station[women],
        severity=load.world.outcomes.severity[women],
        window_minutes=minutes[women],
        missed=settings.missed_visits,
        attempted=settings.attempted_visits,
        officers=min(map(len, load.team.officers)),
    )
    plan_ids = reserve_ids(WeekPlan, len(weeks.woman))
    hours = _hours(load, visits, women, results, windows)
    return DrawnVisits(weeks, visits, results, plan_ids, draw_uuids(rng, len(women)), windows, hours.tolist())


def _hours(
    load: Loading, visits: PlannedVisits, women: Ints, results: VisitResults, windows: list[tuple[time, time] | None]
) -> Ints:
    """Return when each visit began: in her hours, and while both who go are at no other door."""
    begins, ends = np.array([[_minutes(start), _minutes(end)] for start, end in (w or _NO_WINDOW for w in windows)]).T
    crews = np.array([_pair(load, at, woman) for woman, at in enumerate(load.world.women.station.tolist())])
    starts = begins[women] + results.minutes_in
    took_place = results.outcome != NOT_VISITED
    starts[took_place] = space_out(
        starts[took_place],
        earliest=begins[women][took_place],
        latest=ends[women][took_place] - 1,
        person_days=crews[women].astype(np.int64)[took_place] * _DAYS + visits.day[took_place, None],
        gap=_BETWEEN_VISITS,
    )
    return starts


def _windows(load: Loading, cadence: Cadence) -> list[tuple[time, time] | None]:
    times = load.world.women.safe_times
    return [
        visit_window(safe_from=time(start), safe_until=time(end), earliest=cadence.earliest, latest=cadence.latest)
        for start, end in zip(times.from_hour.tolist(), times.until_hour.tolist(), strict=True)
    ]


def _pair(load: Loading, station: int, woman: int) -> tuple[int, int]:
    """Return the accounts of the two officers who go to a woman."""
    group = load.team.officers[station]
    return group[woman % len(group)], group[(woman + 1) % len(group)]


def _minutes(moment: time) -> int:
    return 60 * moment.hour + moment.minute


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


def _visits(
    load: Loading, drawn: DrawnVisits, logs: Iterable[_VisitAndLog], grace_hours: int
) -> Iterator[tuple[Any, ...]]:
    station, women = load.world.women.station.tolist(), drawn.weeks.woman.tolist()
    first_days = drawn.weeks.first_day.tolist()
    dates = {day: load.clock.date(day) for day in sorted(set(drawn.visits.day.tolist()))}
    grace = {day: grace_end(on, grace_hours=grace_hours, zone=LIMA) for day, on in dates.items()}
    crews = [
        tuple(sorted(load.team.officer_ids[user] for user in _pair(load, at, woman)))
        for woman, at in enumerate(station)
    ]
    explanations, today = drawn.results.explained.tolist(), load.world.settings.today
    for place, (uuid, week, day, logged) in enumerate(logs):
        woman = women[week]
        missed_reason, explained_by = _NOT_EXPLAINED
        if logged is not None:
            status, changed = state_after(OUTCOMES[logged.outcome]), logged.received_at
        elif grace[day] <= load.now:
            status, changed = _STATUS.MISSED, grace[day]
            if explanations[place]:
                missed_reason, explained_by = _EXPLANATIONS[place % 4], load.team.supervisors[station[woman]]
        else:
            status, changed = _STATUS.PLANNED, load.clock.at(first_days[week] - 1, _PLANNED_AT)
        yield (
            uuid, drawn.plan_ids[week], load.women[woman], load.stations[station[woman]], dates[day],
            *(drawn.windows[woman] or _NO_WINDOW), grace[day], str(status), changed, missed_reason, explained_by,
            *(crews[woman] if day < today else (None, None)), False, False,
        )  # fmt: skip


def _logs(rng: Generator, load: Loading, drawn: DrawnVisits, logs: Iterable[_VisitAndLog]) -> Iterator[tuple[Any, ...]]:
    station, women, found = load.world.women.station.tolist(), drawn.weeks.woman.tolist(), drawn.results
    answers = zip(
        draw_uuids(rng, len(drawn.uuids)), found.officer.tolist(), found.in_private.tolist(),
        found.new_incident.tolist(), found.measures_obeyed.tolist(), found.safety_concern.tolist(),
        found.referral_offered.tolist(), strict=True,
    )  # fmt: skip
    for (uuid, week, _day, logged), (log_id, officer, private, incident, measures, concern, referral) in zip(
        logs, answers, strict=True
    ):
        if logged is None:
            continue
        met = logged.outcome == MET
        yield (
            log_id, uuid, OUTCOMES[logged.outcome], _REASON.get(OUTCOMES[logged.outcome], ""), logged.occurred_at,
            logged.received_at, _pair(load, station[women[week]], women[week])[officer % 2], "",
            ANSWERS[private] if met else "", ANSWERS[incident] if met else "", ANSWERS[measures] if met else "",
            met and concern, met and referral, *_WITHOUT.values(),
        )  # fmt: skip


def _with_logs(load: Loading, drawn: DrawnVisits) -> Iterator[_VisitAndLog]:
    """Yield each visit's id, week and day, and its log if that came in before the study's morning."""
    results = drawn.results
    rows = zip(
        drawn.uuids, drawn.visits.week.tolist(), drawn.visits.day.tolist(), results.outcome.tolist(),
        drawn.minutes, results.minutes_to_log.tolist(), strict=True,
    )  # fmt: skip
    today = load.world.settings.today
    for uuid, week, day, outcome, minute, minutes_to_log in rows:
        if outcome == NOT_VISITED or day >= today:
            yield uuid, week, day, None
            continue
        occurred = load.clock.at(day, minute)
        received = occurred + timedelta(minutes=minutes_to_log)
        yield uuid, week, day, _Logged(outcome, occurred, received) if received <= load.now else None
