"""The synthetic safety cases: what the risk sheets warn of, and what was done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from numpy.random import Generator

from protocol.schema import StudyProtocol
from risk.scale_file import Scale
from safety.events import is_serious
from safety.models import AdverseEvent, SafetyAction, SafetyCase
from safety.rules import rule_of
from simulation.copying import copy_rows, reserve_ids
from simulation.load_risk import LATE_MORNING, warnings
from simulation.loading import Loading

_KIND, _OUTCOME, _STATE = SafetyAction.Kind, SafetyCase.Outcome, SafetyCase.State
# What was done, how it ended, and how often.
_ANSWERS = (
    (_KIND.SPOKE_TO_HER, _OUTCOME.SAFE_FOR_NOW),
    (_KIND.REFERRED, _OUTCOME.IN_CARE),
    (_KIND.VISIT_BROUGHT_FORWARD, _OUTCOME.PLAN_CHANGED),
    (_KIND.NOT_REACHED, _OUTCOME.NOT_REACHED),
)
_SHARES = (0.70, 0.14, 0.10, 0.06)
_OPEN_SHARE, _AT_WORK_SHARE = 0.5, 0.3
_EVENT_KINDS = (AdverseEvent.Kind.DISTRESS, AdverseEvent.Kind.HOSPITAL, AdverseEvent.Kind.SUICIDALITY)
_RELATED = (AdverseEvent.Relatedness.NOT, AdverseEvent.Relatedness.POSSIBLY)
_CASES_AN_EVENT = 60
_RECENT_DAYS, _AT_WORK_DAYS = 2, 6


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A case's row without its id, and what was done: "" and None while nobody has answered."""

    row: tuple[Any, ...]
    kind: str
    raised_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


def load_cases(rng: Generator, load: Loading, *, scale: Scale, forms: list[int], protocol: StudyProtocol) -> None:
    """Write a case for each warning that was new at an assessment (`forms`: their ids)."""
    hours = protocol.safety.alert_hours
    raised = list(warnings(load.world, scale))
    ids = reserve_ids(SafetyCase, len(raised))
    cases = list(_cases(rng, load, raised, forms=forms, hours=hours))
    copy_rows(
        SafetyCase,
        ("id", "participant_id", "station_id", "rule", "severity", "origin", "origin_id", "raised_at", "raised_by_id",
         "times", "duty_person_id", "first_response_due_at", "first_response_at", "state", "escalation_level",
         "closed_at", "closed_by_id", "outcome"),
        ((case_id, *case.row) for case_id, case in zip(ids, cases, strict=True)),
    )  # fmt: skip
    copy_rows(SafetyAction, ("case_id", "kind", "at", "by_id"), _actions(ids, cases, load.team.safety_officer))
    copy_rows(
        AdverseEvent,
        ("case_id", "kind", "is_serious", "is_expected", "relatedness", "occurred_on", "discovered_at", "recorded_at",
         "recorded_by_id"),
        _events(rng, ids, cases, load),
    )  # fmt: skip


def _cases(
    rng: Generator, load: Loading, raised: list[tuple[int, int, int, str]], *, forms: list[int], hours: int
) -> Iterator[_Drawn]:
    latest = max((day for _, _, day, _ in raised), default=0)
    today, station = load.world.settings.today, load.world.women.station.tolist()
    stays_open = rng.random(len(raised)) < _OPEN_SHARE
    stays_at_work = rng.random(len(raised)) < _AT_WORK_SHARE
    answered_after = rng.uniform(0.5, hours * 0.95, size=len(raised))
    answers = rng.choice(len(_ANSWERS), size=len(raised), p=_SHARES)
    officer, nothing = load.team.safety_officer, (None, None, "")
    for number, (place, woman, day, rule) in enumerate(raised):
        at = load.clock.at(day, LATE_MORNING)
        # The newest stay open, so that there is something to answer on whatever day it is looked at.
        is_open = day == latest or (day > today - _RECENT_DAYS and bool(stays_open[number]))
        kind, outcome = _ANSWERS[answers[number]]
        answered: datetime | None = None if is_open else at + timedelta(hours=float(answered_after[number]))
        at_work = not is_open and day > today - _AT_WORK_DAYS and bool(stays_at_work[number])
        state = _STATE.OPEN if is_open else _STATE.IN_PROGRESS if at_work else _STATE.CLOSED
        end = (answered, officer, str(outcome)) if state == _STATE.CLOSED else nothing
        row = (
            load.women[woman], load.stations[station[woman]], rule, str(rule_of(rule).severity),
            str(SafetyCase.Origin.ASSESSMENT), str(forms[place]), at, None, 1, officer, at + timedelta(hours=hours),
            answered, str(state), 0, *end,
        )  # fmt: skip
        yield _Drawn(row, "" if is_open else str(kind), at, answered, end[0])


def _actions(ids: list[int], cases: list[_Drawn], officer: int) -> Iterator[tuple[Any, ...]]:
    for case_id, case in zip(ids, cases, strict=True):
        if case.kind:
            yield case_id, case.kind, case.answered_at, officer
        if case.closed_at is not None:
            yield case_id, str(_KIND.CLOSED), case.closed_at, officer


def _events(rng: Generator, ids: list[int], cases: list[_Drawn], load: Loading) -> Iterator[tuple[Any, ...]]:
    """Yield one closed case in so many as an adverse event."""
    for case_id, case in zip(ids, cases, strict=True):
        if case.closed_at is None or rng.integers(_CASES_AN_EVENT):
            continue
        kind = _EVENT_KINDS[int(rng.integers(len(_EVENT_KINDS)))]
        related = _RELATED[int(rng.integers(len(_RELATED)))]
        yield (
            case_id, str(kind), is_serious(kind, judged_serious=False), False, str(related), case.raised_at.date(),
            case.raised_at, case.closed_at, load.team.safety_officer,
        )  # fmt: skip
