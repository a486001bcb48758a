"""A whole synthetic study as arrays: the same settings give the same world, byte for byte."""

import hashlib
import json
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, SeedSequence, default_rng

from participants.identity import Identity
from risk.scale_file import Scale
from simulation.histories import (
    DAYS_PER_MONTH,
    Assessments,
    RereportSettings,
    draw_assessments,
    draw_enrolment_days,
    draw_leaving,
    draw_rereports,
    rereport_rates,
)
from simulation.outcomes import (
    BINARY_OUTCOMES,
    DEFAULT_OUTCOMES,
    Outcomes,
    OutcomeSettings,
    draw_outcomes,
    true_effects,
)
from simulation.people import draw_people
from simulation.risk_answers import Form, draw_forms, level_ranks
from simulation.survey_answers import draw_item_answers
from simulation.survey_waves import SurveyWaves, draw_survey_waves
from surveys.ipv_scores import ACTS
from surveys.schedule import WaveRule, due_waves

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

CONSENT_SCOPES = {"visits": 1.0, "surveys": 1.0, "linkage": 0.97, "interview": 0.55, "audio": 0.40, "recontact": 0.70}
"""Scopes of consent and the share of women who give them; the first two are the condition of taking part."""

DEFAULT_WAVES = tuple(
    WaveRule(code, month, 14)
    for code, month in (("baseline", 0), ("month_3", 3), ("month_6", 6), ("month_9", 9), ("month_12", 12))
)

_FORMS_PER_LEVEL = 120
_AGES = (18, 75)
_WEEKDAYS = 7
_LARGEST_ICC = 0.3


class SettingsInvalid(ValueError):
    """The settings ask for a world that cannot be: one sentence that says what was expected."""


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """What the synthetic study is like. `as_of` is its today; attrition counts from wave 0 (baseline)."""

    seed: int
    as_of: date
    clusters: int = 16
    participants: int = 1600
    months: int = 12
    elapsed_months: int = 10
    scale: int = 1
    enrolment_months: int = 3
    icc: float = 0.02
    all_waves: tuple[WaveRule, ...] = DEFAULT_WAVES
    attrition: tuple[float, ...] = (0.0, 0.06, 0.09, 0.12, 0.15)
    missed_visits: float = 0.08
    attempted_visits: float = 0.12
    outcomes: tuple[OutcomeSettings, ...] = DEFAULT_OUTCOMES
    rereports: RereportSettings = field(default_factory=RereportSettings)

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated. Raises SettingsInvalid."""
        for name, value, low, high in (
            ("seed", self.seed, 0, 2**63 - 1),
            ("clusters", self.clusters, 4, 104),
            ("participants", self.participants, self.clusters, 200_000),
            ("months", self.months, 1, 60),
            ("elapsed months", self.elapsed_months, 1, 60),
            ("scale", self.scale, 1, 1000),
        ):
            if not low <= value <= high:
                message = f"{name}: expected a whole number from {low} to {high}, not {value}"
                raise SettingsInvalid(message)
        if not 0 <= self.icc <= _LARGEST_ICC:
            message = f"icc: expected a number from 0 to {_LARGEST_ICC}, not {self.icc}"
            raise SettingsInvalid(message)
        if self.clusters % 4:
            message = f"clusters: expected a multiple of 4 (four arms of the same size), not {self.clusters}"
            raise SettingsInvalid(message)

    @property
    def women(self) -> int:
        return self.participants * self.scale

    @property
    def today(self) -> int:
        """Return the study day of `as_of`; the first day is 0."""
        return round(self.elapsed_months * DAYS_PER_MONTH)

    @property
    def first_day(self) -> date:
        return self.as_of - timedelta(days=self.today)

    @property
    def followup_days(self) -> int:
        """Return how many days each woman is followed."""
        return round(self.months * DAYS_PER_MONTH)

    @property
    def waves(self) -> tuple[WaveRule, ...]:
        """Return the waves within `months`, the baseline first."""
        return tuple(wave for wave in self.all_waves if wave.month <= self.months)


@dataclass(frozen=True, slots=True)
class StationPlan:
    """Of each station: training given, visits by risk; and the days between assessments, by rank of the level."""

    training: Bools
    risk_scale: Bools
    reassess_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SafeTimes:
    """When each woman can be visited: women × 7 (Monday first), and the first and last safe hour."""

    weekdays: Bools
    from_hour: Ints
    until_hour: Ints


@dataclass(frozen=True, slots=True)
class Women:
    """Who takes part: station row, sealed card, age, safe times and the scopes of consent, one row a woman."""

    station: Ints
    age: Ints
    identities: tuple[Identity, ...]
    safe_times: SafeTimes
    consents: dict[str, Bools]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When, in days from the study's first: enrolled, left (and why), followed until (not including), waves due."""

    enrolled: Ints
    left: Ints
    left_for: list[str]
    until: Ints
    due: Ints


@dataclass(frozen=True, slots=True)
class Risk:
    """Risk forms by level, the form that each woman has at each level, her assessments and her own rating (0–10)."""

    forms: tuple[tuple[Form, ...], ...]
    form_of: Ints
    assessments: Assessments
    own_rating: Ints


@dataclass(frozen=True, slots=True)
class World:
    """Everything that happened before today: on the day itself the study goes on by its real services."""

    settings: WorldSettings
    women: Women
    calendar: Calendar
    outcomes: Outcomes
    item_answers: dict[str, Ints]
    surveys: SurveyWaves
    rereports: tuple[Ints, Ints]
    risk: Risk


def generate_world(settings: WorldSettings, *, scale: Scale, stations: StationPlan) -> World:
    """Make the synthetic study of these settings at these stations.

    Every part draws from a stream of its own, so that adding to one does not shift the others.
    """
    streams = [default_rng(stream) for stream in SeedSequence(settings.seed).spawn(7)]
    women = _draw_women(streams[0], settings)
    calendar = _draw_calendar(streams[1], settings, women.station)
    training, by_risk = stations.training[women.station], stations.risk_scale[women.station]
    outcomes = draw_outcomes(
        streams[2],
        settings=settings.outcomes,
        icc=settings.icc,
        waves=len(settings.waves),
        station=women.station,
        training=training,
        risk_scale=by_risk,
    )
    rate = rereport_rates(settings.rereports, severity=outcomes.severity, training=training, risk_scale=by_risk)
    rereports = draw_rereports(streams[3], rate=rate, enrolled=calendar.enrolled, until=calendar.until)
    return World(
        settings=settings,
        women=women,
        calendar=calendar,
        outcomes=outcomes,
        item_answers=_draw_item_answers(streams[4], outcomes),
        surveys=draw_survey_waves(
            streams[5],
            due=calendar.due,
            window_days=max(wave.window_days for wave in settings.waves),
            left=calendar.left,
            today=settings.today,
            attrition=settings.attrition,
            severity=outcomes.severity,
        ),
        rereports=rereports,
        risk=_draw_risk(
            streams[6],
            scale=scale,
            severity=outcomes.severity,
            calendar=calendar,
            reassessed=by_risk,
            reassess_days=stations.reassess_days,
            rereports=rereports,
        ),
    )


def world_truth(settings: WorldSettings) -> dict[str, Any]:
    """Return what estimates should find: settings, effects by outcome (latent, marginal), re-report rate ratios."""
    effect = settings.rereports.effect
    codes = ("training", "risk_scale", "interaction")
    logs = {code: getattr(effect, code) for code in codes}
    return {
        "synthetic": True,
        "seed": settings.seed,
        "as_of": settings.as_of.isoformat(),
        "clusters": settings.clusters,
        "participants": settings.women,
        "months": settings.months,
        "elapsed_months": settings.elapsed_months,
        "icc": settings.icc,
        "attrition": list(settings.attrition),
        "outcomes": true_effects(settings.outcomes, settings.icc, len(settings.waves)),
        "police_rereports": {
            "monthly_rate_untreated": settings.rereports.monthly_rate,
            "log_rate": logs,
            "rate_ratio": {code: round(float(np.exp(value)), 4) for code, value in logs.items()},
        },
    }


def write_truth(settings: WorldSettings, file: Path) -> None:
    """Write the truth of these settings as JSON. Raises OSError when the file cannot be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(world_truth(settings), indent=2) + "\n", encoding="utf-8")


def world_digest(world: World) -> str:
    """Return the SHA-256 over everything in the world: equal for equal settings, on any day and machine."""
    digest = hashlib.sha256()
    _feed(digest, world)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    if isinstance(value, Identity):
        digest.update(value.to_bytes())
    elif is_dataclass(value):
        for part in fields(value):
            _feed(digest, getattr(value, part.name))
    elif isinstance(value, dict):
        for key, part in value.items():
            digest.update(str(key).encode())
            _feed(digest, part)
    elif isinstance(value, tuple | list):
        for part in value:
            _feed(digest, part)
    elif isinstance(value, np.ndarray):
        digest.update(np.ascontiguousarray(value).tobytes())
    else:
        digest.update(repr(value).encode())


def _enrolment_days(settings: WorldSettings) -> int:
    """Return how long enrolment lasts: at most a third of the time gone by, so that something was followed up."""
    return max(1, min(round(settings.enrolment_months * DAYS_PER_MONTH), settings.today // 3))


def _draw_women(rng: Generator, settings: WorldSettings) -> Women:
    count = settings.women
    return Women(
        station=np.arange(count) % settings.clusters,
        age=np.clip(np.rint(18 + rng.gamma(3.0, 5.5, size=count)), *_AGES).astype(np.int16),
        identities=draw_people(rng, count),
        safe_times=_draw_safe_times(rng, count),
        consents={scope: rng.random(count) < share for scope, share in CONSENT_SCOPES.items()},
    )


def _draw_calendar(rng: Generator, settings: WorldSettings, station: Ints) -> Calendar:
    enrolled = draw_enrolment_days(rng, station=station, enrolment_days=_enrolment_days(settings))
    left, left_for = draw_leaving(rng, enrolled=enrolled, last_day=settings.today - 1)
    ends = np.minimum(left, enrolled + settings.followup_days)
    return Calendar(
        enrolled=enrolled,
        left=left,
        left_for=left_for,
        until=np.minimum(ends, settings.today),
        due=_due_days(settings, enrolled),
    )


def _due_days(settings: WorldSettings, enrolled: Ints) -> Ints:
    """Return the study day each wave is due, women × waves, by the study's own calendar."""
    first_day = settings.first_day
    by_day = {
        day: [(due.due_on - first_day).days for due in due_waves(first_day + timedelta(days=day), settings.waves)]
        for day in sorted(set(enrolled.tolist()))
    }
    return np.array([by_day[day] for day in enrolled.tolist()])


def _draw_item_answers(rng: Generator, outcomes: Outcomes) -> dict[str, Ints]:
    return {
        code: draw_item_answers(rng, latent=outcomes.latent[code], present=outcomes.present[code], items=ACTS[code])
        for code in BINARY_OUTCOMES
    }


def _draw_risk(
    rng: Generator,
    *,
    scale: Scale,
    severity: Floats,
    calendar: Calendar,
    reassessed: Bools,
    reassess_days: tuple[int, ...],
    rereports: tuple[Ints, Ints],
) -> Risk:
    women = len(severity)
    first_rank = level_ranks(severity + rng.normal(0, 0.6, size=women), len(scale.levels))
    return Risk(
        forms=draw_forms(rng, scale, per_level=_FORMS_PER_LEVEL),
        form_of=rng.integers(_FORMS_PER_LEVEL, size=(women, len(scale.levels))),
        assessments=draw_assessments(
            rng,
            first_rank=first_rank,
            enrolled=calendar.enrolled,
            until=calendar.until,
            reassessed=reassessed,
            interval_days=reassess_days,
            rereports=rereports,
        ),
        own_rating=np.clip(np.rint(rng.normal(3 + 1.8 * first_rank, 2.0)), 0, 10).astype(np.int8),
    )


def _draw_safe_times(rng: Generator, women: int) -> SafeTimes:
    """Draw safe weekdays (most women: all but one or two) and hours, at least four of them, between 8 and 20."""
    unsafe = rng.random((women, _WEEKDAYS)) < np.array([0.08, 0.08, 0.08, 0.08, 0.10, 0.20, 0.35])
    unsafe[unsafe.all(axis=1), 0] = False
    start = rng.integers(8, 13, size=women)
    return SafeTimes(~unsafe, start, np.minimum(start + rng.integers(4, 9, size=women), 20))
