"""The synthetic assessments into the tables of `risk`: forms, and the level held now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from numpy.random import Generator

from protocol.schema import StudyProtocol
from risk import models
from risk.models import Assessment, CurrentRisk, Lowering
from risk.queries import scale_rules
from risk.scale_file import Scale
from risk.scoring import alerts_due
from simulation.copying import copy_rows, reserve_ids
from simulation.loading import Loading
from simulation.risk_answers import Form
from simulation.world import World

LATE_MORNING = 11 * 60


@dataclass(frozen=True, slots=True)
class RiskRules:
    """What the study's scale and protocol say of an assessment; `scale_id` is the stored version's."""

    scale: Scale
    scale_id: int
    reassessment_days: dict[str, int]
    lowering_days: int


def risk_rules(scale: models.Scale, protocol: StudyProtocol) -> RiskRules:
    """Return what a stored scale and the protocol say of an assessment."""
    return RiskRules(
        scale=scale_rules(scale),
        scale_id=scale.pk,
        reassessment_days=dict(protocol.risk.reassessment_days),
        lowering_days=protocol.risk.lowering_days,
    )


def load_risk(rng: Generator, load: Loading, *, rules: RiskRules) -> list[int]:
    """Write assessments and levels held; return the ids of the assessments, by woman and day."""
    ids = reserve_ids(Assessment, len(load.world.risk.assessments.woman))
    copy_rows(
        Assessment,
        ("id", "participant_id", "scale_id", "assessed_at", "assessed_by_id", "answers", "overrides", "score",
         "is_complete", "missing", "computed_level", "officer_level", "reference", "level", "level_rank",
         "raised_reason", "own_rating", "content_hmac"),
        _assessments(rng, load, rules, ids),
    )  # fmt: skip
    copy_rows(
        Lowering,
        ("participant_id", "assessment_id", "from_level", "from_rank", "to_level", "to_rank", "state", "proposed_at",
         "due_at", "decided_at", "decided_by_id", "reason"),
        _lowerings(rng, load, rules, ids),
    )  # fmt: skip
    copy_rows(
        CurrentRisk,
        (
            "participant_id",
            "assessment_id",
            "level",
            "level_rank",
            "since",
            "reassess_due_on",
            "replan_pending",
            "escalated_to",
        ),
        _current_levels(load, rules, ids),
    )
    return ids


def _drawn(world: World) -> Iterator[tuple[int, int, int, Form]]:
    """Yield each assessment's woman, day, rank and form, by woman and day."""
    drawn, risk = world.risk.assessments, world.risk
    for woman, day, rank in zip(drawn.woman.tolist(), drawn.day.tolist(), drawn.rank.tolist(), strict=True):
        yield woman, day, rank, risk.forms[rank][risk.form_of[woman, rank]]


def _held(load: Loading) -> Iterator[tuple[int, int, int, Form, int, int]]:
    """Yield each assessment's woman, day, rank and form, then the rank held before it (-1: none) and after it.

    A form that comes to less lowers the level once a supervisor has confirmed it. Those of this week still wait.
    """
    this_monday = _monday(load.world)
    held: dict[int, int] = {}
    for woman, day, rank, form in _drawn(load.world):
        before = held.get(woman, -1)
        after = before if day >= this_monday and rank < before else rank
        held[woman] = after
        yield woman, day, rank, form, before, after


def _monday(world: World) -> int:
    return world.settings.today - world.settings.as_of.weekday()


def _assessments(rng: Generator, load: Loading, rules: RiskRules, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    overrides = {override.code: "no" for override in rules.scale.override}
    station, own = load.world.women.station.tolist(), load.world.risk.own_rating.tolist()
    officers = rng.random(len(ids)).tolist()
    for place, (woman, day, _rank, form, _before, after) in enumerate(_held(load)):
        at_station = load.team.officers[station[woman]]
        yield (
            ids[place], load.women[woman], rules.scale_id, load.clock.at(day, LATE_MORNING),
            at_station[int(officers[place] * len(at_station))], form.answers, overrides, form.score, True, 0,
            form.level, "", "", rules.scale.levels[after].code, after, "", own[woman], "",
        )  # fmt: skip


def _lowerings(rng: Generator, load: Loading, rules: RiskRules, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    """What was lowered was confirmed within hours; what waits does so until the protocol's days are over."""
    station, codes = load.world.women.station.tolist(), [band.code for band in rules.scale.levels]
    this_monday, state = _monday(load.world), Lowering.State
    reasons = [reason for reason in Lowering.ConfirmedReason.values if reason != Lowering.OTHER]
    newest: dict[int, int] = {woman: place for place, (woman, *_rest) in enumerate(_held(load))}
    for place, (woman, day, rank, _form, before, _after) in enumerate(_held(load)):
        if rank >= before:
            continue
        at = load.clock.at(day, LATE_MORNING)
        due_at = at + timedelta(days=rules.lowering_days)
        proposed = (load.women[woman], ids[place], codes[before], before, codes[rank], rank)
        if day >= this_monday:
            waits = newest[woman] == place
            decided_at = None if waits else at
            yield *proposed, (state.WAITING if waits else state.SUPERSEDED).value, at, due_at, decided_at, None, ""
        else:
            decided_at = at + timedelta(hours=float(rng.uniform(0.5, 4)))
            reason = reasons[int(rng.integers(len(reasons)))]
            yield (
                *proposed,
                state.CONFIRMED.value,
                at,
                due_at,
                decided_at,
                load.team.supervisors[station[woman]],
                reason,
            )


def _current_levels(load: Loading, rules: RiskRules, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    enrolled, this_monday = load.world.calendar.enrolled.tolist(), _monday(load.world)
    held: dict[int, tuple[int, int, int, int]] = {}
    for place, (woman, day, _rank, _form, before, after) in enumerate(_held(load)):
        since = held[woman][3] if before == after else day
        held[woman] = (place, day, after, since)
    for woman, (place, day, rank, since) in held.items():
        level = rules.scale.levels[rank].code
        due_on = load.clock.date(day) + timedelta(days=rules.reassessment_days[level])
        # Plans were made by the level of Monday: the planner itself takes in what changed since.
        pending = since > max(this_monday, enrolled[woman])
        yield load.women[woman], ids[place], level, rank, load.clock.at(since, LATE_MORNING), due_on, pending, ""


def warnings(world: World, scale: Scale) -> Iterator[tuple[int, int, int, str]]:
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
