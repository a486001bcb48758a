"""The synthetic assessments into the tables of `risk`: forms, the level held now, alerts and their answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from numpy.random import Generator

from risk.models import Alert, Assessment, CurrentRisk
from risk.scale_file import Scale
from risk.scoring import alerts_due
from simulation.copying import copy_rows, reserve_ids
from simulation.loading import Loading
from simulation.risk_answers import Form
from simulation.world import World

_LATE_MORNING = 11 * 60
_ANSWERED = (
    Alert.Response.SPOKE_TO_HER,
    Alert.Response.REFERRED,
    Alert.Response.VISIT_BROUGHT_FORWARD,
    Alert.Response.NOT_REACHED,
)
_ANSWERED_SHARES = (0.70, 0.14, 0.10, 0.06)
_OPEN_SHARE = 0.5
_RECENT_DAYS = 2


@dataclass(frozen=True, slots=True)
class RiskRules:
    """What the study's scale and protocol say of an assessment; `scale_id` is the stored version's."""

    scale: Scale
    scale_id: int
    reassessment_days: dict[str, int]
    alert_hours: int


def load_risk(rng: Generator, load: Loading, *, rules: RiskRules) -> None:
    """Write assessments, levels held and alerts."""
    ids = reserve_ids(Assessment, len(load.world.risk.assessments.woman))
    copy_rows(
        Assessment,
        ("id", "participant_id", "scale_id", "assessed_at", "assessed_by_id", "answers", "overrides", "score",
         "is_complete", "computed_level", "level", "level_rank", "raised_reason", "own_rating"),
        _assessments(rng, load, rules, ids),
    )  # fmt: skip
    copy_rows(
        CurrentRisk,
        ("participant_id", "assessment_id", "level", "level_rank", "since", "reassess_due_on", "replan_pending"),
        _current_levels(load, rules, ids),
    )
    copy_rows(
        Alert,
        ("participant_id", "assessment_id", "rule", "raised_at", "due_at", "responsible_id", "answered_at",
         "answered_by_id", "response"),
        _alerts(rng, load, rules, ids),
    )  # fmt: skip


def _drawn(world: World) -> Iterator[tuple[int, int, int, Form]]:
    """Yield each assessment's woman, day, rank and form, by woman and day."""
    drawn, risk = world.risk.assessments, world.risk
    for woman, day, rank in zip(drawn.woman.tolist(), drawn.day.tolist(), drawn.rank.tolist(), strict=True):
        yield woman, day, rank, risk.forms[rank][risk.form_of[woman, rank]]


def _assessments(rng: Generator, load: Loading, rules: RiskRules, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    overrides = {override.code: "no" for override in rules.scale.override}
    station, own = load.world.women.station.tolist(), load.world.risk.own_rating.tolist()
    officers = rng.random(len(ids)).tolist()
    for place, (woman, day, rank, form) in enumerate(_drawn(load.world)):
        at_station = load.team.officers[station[woman]]
        yield (
            ids[place], load.women[woman], rules.scale_id, load.clock.at(day, _LATE_MORNING),
            at_station[int(officers[place] * len(at_station))], form.answers, overrides, form.score, True, form.level,
            form.level, rank, "", own[woman],
        )  # fmt: skip


def _current_levels(load: Loading, rules: RiskRules, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    settings, enrolled = load.world.settings, load.world.calendar.enrolled.tolist()
    this_monday = settings.today - settings.as_of.weekday()
    held: dict[int, tuple[int, int, str, int, int]] = {}
    for place, (woman, day, rank, form) in enumerate(_drawn(load.world)):
        since = held[woman][4] if woman in held and held[woman][3] == rank else day
        held[woman] = (place, day, form.level, rank, since)
    for woman, (place, day, level, rank, since) in held.items():
        due_on = load.clock.date(day) + timedelta(days=rules.reassessment_days[level])
        # Plans were made by the level of Monday: the planner itself takes in what changed since.
        pending = since > max(this_monday, enrolled[woman])
        yield load.women[woman], ids[place], level, rank, load.clock.at(since, _LATE_MORNING), due_on, pending


def _alerts(rng: Generator, load: Loading, rules: RiskRules, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    raised = list(_raised(load.world, rules.scale))
    latest = max((day for _, _, day, _ in raised), default=0)
    stays_open = rng.random(len(raised)) < _OPEN_SHARE
    hours = rng.uniform(0.5, rules.alert_hours * 0.95, size=len(raised))
    responses = rng.choice(len(_ANSWERED), size=len(raised), p=_ANSWERED_SHARES)
    officer = load.team.safety_officer
    for number, (place, woman, day, rule) in enumerate(raised):
        at = load.clock.at(day, _LATE_MORNING)
        # The newest stay open, so that there is something to answer on whatever day it is looked at.
        is_open = day == latest or (day > load.world.settings.today - _RECENT_DAYS and stays_open[number])
        yield (
            load.women[woman], ids[place], rule, at, at + timedelta(hours=rules.alert_hours), officer,
            None if is_open else at + timedelta(hours=float(hours[number])), None if is_open else officer,
            "" if is_open else str(_ANSWERED[responses[number]]),
        )  # fmt: skip


def _raised(world: World, scale: Scale) -> Iterator[tuple[int, int, int, str]]:
    """Yield (assessment's place, woman, day, rule) for what was new at an assessment."""
    before: tuple[int, Form] | None = None
    for place, (woman, day, _rank, form) in enumerate(_drawn(world)):
        last = before[1] if before and before[0] == woman else None
        if form is not last:
            known = frozenset() if last is None else _rules_met(scale, last)
            for rule in sorted(_rules_met(scale, form) - known):
                yield place, woman, day, rule
        before = (woman, form)


def _rules_met(scale: Scale, form: Form) -> frozenset[str]:
    return frozenset(rule.code for rule in alerts_due(scale, level=form.level, answers=form.answers, previous={}))
