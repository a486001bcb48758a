"""The outcomes of the synthetic women: a latent model with known effects, correlated within woman and station."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from scipy.special import ndtr, ndtri

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

BINARY_OUTCOMES = ("psychological", "physical", "sexual", "injury")
OUTCOMES = (*BINARY_OUTCOMES, "police_response")
RESPONSE_ITEMS = 12

_WOMAN_SHARE = 0.40
_STATION_WAVE_SHARE = 0.30
_AUTOCORRELATION = 0.45
_COMMON_SHARE = 0.50
_TRUTH_WOMEN = 80_000
_TRUTH_SEED = 20_170_104
_RESPONSE_SPREAD = 0.75
_RESPONSE_NOISE = 0.85


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of each part of the 2×2 on an outcome's latent scale, in its standard deviations."""

    training: float = 0.0
    risk_scale: float = 0.0
    interaction: float = 0.0


@dataclass(frozen=True, slots=True)
class OutcomeSettings:
    """One outcome: prevalence without treatment by wave (police response: mean item, 1–5), and its effects."""

    code: str
    baseline: float
    follow_up: tuple[float, ...]
    effect: Effect

    def level(self, wave: int) -> float:
        """Return the untreated prevalence (or mean) at a wave; the last one given holds for later waves."""
        if wave == 0:
            return self.baseline
        return self.follow_up[min(wave, len(self.follow_up)) - 1]


DEFAULT_OUTCOMES = (
    OutcomeSettings("psychological", 0.86, (0.60, 0.55, 0.52, 0.50), Effect(-0.20, -0.25, -0.05)),
    OutcomeSettings("physical", 0.70, (0.40, 0.35, 0.32, 0.30), Effect(-0.15, -0.35, -0.10)),
    OutcomeSettings("sexual", 0.27, (0.18, 0.16, 0.15, 0.14), Effect(-0.05, -0.20, 0.0)),
    OutcomeSettings("injury", 0.55, (0.42, 0.40, 0.38, 0.37), Effect(-0.10, -0.25, -0.10)),
    OutcomeSettings("police_response", 2.90, (3.00, 3.05, 3.05, 3.10), Effect(0.50, 0.20, 0.10)),
)
"""Injury is the share among women hit or forced at that wave; the instrument asks nobody else."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What the waves find: arrays women × waves; latent liabilities kept for the answers and for attrition."""

    latent: dict[str, Floats]
    present: dict[str, Bools]
    response_items: Ints
    severity: Floats


def observed_icc(latent_icc: float, prevalence: float) -> float:
    """Return the intra-cluster correlation of a 0/1 outcome cut from a normal liability with `latent_icc`."""
    nodes, weights = _quadrature()
    cut = ndtri(prevalence)
    given_station = ndtr((cut + np.sqrt(latent_icc) * nodes) / np.sqrt(1 - latent_icc))
    both = float(np.sum(weights * given_station**2) / np.sum(weights))
    return (both - prevalence**2) / (prevalence * (1 - prevalence))


@lru_cache(maxsize=256)
def latent_icc(icc: float, prevalence: float) -> float:
    """Return the liability's intra-cluster correlation that shows as `icc` (0 ≤ icc < .5) in the 0/1 outcome."""
    low, high = 0.0, 0.95
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if observed_icc(middle, prevalence) < icc else (low, middle)
    return (low + high) / 2


def draw_outcomes(
    rng: Generator,
    *,
    settings: tuple[OutcomeSettings, ...],
    icc: float,
    waves: int,
    station: Ints,
    training: Bools,
    risk_scale: Bools,
) -> Outcomes:
    """Draw every woman's outcomes at every wave.

    `station` is each woman's station index; `training` and `risk_scale` say which parts of the treatment her station
    has. Effects act from wave 1 on; wave 0 is before treatment, and high because only women who reported are in.
    The draws do not depend on the treatment, so that the same generator gives each woman's other outcomes too.
    """
    women, stations = len(station), int(station.max()) + 1 if len(station) else 0
    woman_common = rng.standard_normal(women)
    shock_common = _autoregressive(rng, women, waves)
    station_common = rng.standard_normal((stations, 2))
    latent: dict[str, Floats] = {}
    for outcome in settings:
        noise = _liability(
            rng,
            icc=_station_variance(outcome, icc),
            station=station,
            commons=(woman_common, shock_common, station_common),
        )
        latent[outcome.code] = noise + _means(outcome, waves)[None, :]
        latent[outcome.code][:, 1:] += _shift(outcome.effect, training, risk_scale)[:, None]
    present = _present(latent)
    items = _response_items(rng, latent["police_response"])
    severity = _COMMON_SHARE**0.5 * woman_common + (1 - _COMMON_SHARE) ** 0.5 * rng.standard_normal(women)
    return Outcomes(latent, present, items, severity)


def true_effects(
    settings: tuple[OutcomeSettings, ...], icc: float, waves: int
) -> dict[str, dict[str, dict[str, float | list[float]]]]:
    """Return the population's effects, outcome by outcome: latent, and marginal (share or mean-item units).

    The marginal effects compare 80,000 women with themselves in the four arms, over the follow-up waves, each wave
    with the same weight (`by_wave` gives them apart). `interaction` is the saturated model's product term.
    Their Monte-Carlo error is about .001.
    """
    codes = ("training", "risk_scale", "interaction")
    means = {arms: _arm_means(settings, icc, waves, *arms) for arms in ((0, 0), (1, 0), (0, 1), (1, 1))}
    truth: dict[str, dict[str, dict[str, float | list[float]]]] = {}
    for row, outcome in enumerate(settings):
        none, first, second, both = (means[arms][row] for arms in ((0, 0), (1, 0), (0, 1), (1, 1)))
        by_wave = dict(zip(codes, (first - none, second - none, both - first - second + none), strict=True))
        truth[outcome.code] = {
            "latent": {code: getattr(outcome.effect, code) for code in codes},
            "marginal": {code: round(float(by_wave[code][1:].mean()), 4) for code in codes},
            "by_wave": {code: [round(float(value), 4) for value in by_wave[code][1:]] for code in codes},
        }
    return truth


def without_effects(settings: tuple[OutcomeSettings, ...]) -> tuple[OutcomeSettings, ...]:
    """Return the same outcomes in a world where treatment does nothing."""
    return tuple(replace(outcome, effect=Effect()) for outcome in settings)


@lru_cache(maxsize=64)
def _arm_means(
    settings: tuple[OutcomeSettings, ...], icc: float, waves: int, training: int, risk_scale: int
) -> tuple[Floats, ...]:
    station = np.arange(_TRUTH_WOMEN)
    outcomes = draw_outcomes(
        np.random.default_rng(_TRUTH_SEED),
        settings=settings,
        icc=icc,
        waves=waves,
        station=station,
        training=np.full(_TRUTH_WOMEN, bool(training)),
        risk_scale=np.full(_TRUTH_WOMEN, bool(risk_scale)),
    )
    return tuple(
        outcomes.present[outcome.code].mean(axis=0)
        if outcome.code in outcomes.present
        else outcomes.response_items.mean(axis=(0, 2))
        for outcome in settings
    )


@lru_cache(maxsize=1)
def _quadrature() -> tuple[Floats, Floats]:
    """Return nodes and weights of the Gauss–Hermite rule for a standard normal variable."""
    return np.polynomial.hermite_e.hermegauss(64)


def _station_variance(outcome: OutcomeSettings, icc: float) -> float:
    if outcome.code == "police_response":
        reliable = _RESPONSE_SPREAD**2 / (_RESPONSE_SPREAD**2 + _RESPONSE_NOISE**2 / RESPONSE_ITEMS)
        return min(icc / reliable, 0.95)
    return latent_icc(icc, outcome.level(2))


def _means(outcome: OutcomeSettings, waves: int) -> Floats:
    levels = np.array([outcome.level(wave) for wave in range(waves)])
    if outcome.code == "police_response":
        return (levels - 3.0) / _RESPONSE_SPREAD
    return np.asarray(ndtri(levels))


def _shift(effect: Effect, training: Bools, risk_scale: Bools) -> Floats:
    return effect.training * training + effect.risk_scale * risk_scale + effect.interaction * (training & risk_scale)


def _liability(rng: Generator, *, icc: float, station: Ints, commons: tuple[Floats, Floats, Floats]) -> Floats:
    """Draw unit-variance liabilities women × waves: station (lasting and by wave), woman, and a fading shock."""
    woman_common, shock_common, station_common = commons
    women, waves = shock_common.shape
    shared, own = _COMMON_SHARE**0.5, (1 - _COMMON_SHARE) ** 0.5
    lasting = shared * station_common[:, 0] + own * rng.standard_normal(len(station_common))
    by_wave = rng.standard_normal((len(station_common), waves))
    of_station = (1 - _STATION_WAVE_SHARE) ** 0.5 * lasting[:, None] + _STATION_WAVE_SHARE**0.5 * by_wave
    of_woman = shared * woman_common + own * rng.standard_normal(women)
    shock = shared * shock_common + own * _autoregressive(rng, women, waves)
    within = _WOMAN_SHARE**0.5 * of_woman[:, None] + (1 - _WOMAN_SHARE) ** 0.5 * shock
    return icc**0.5 * of_station[station] + (1 - icc) ** 0.5 * within


def _autoregressive(rng: Generator, women: int, waves: int) -> Floats:
    shocks = rng.standard_normal((women, waves))
    for wave in range(1, waves):
        shocks[:, wave] = _AUTOCORRELATION * shocks[:, wave - 1] + (1 - _AUTOCORRELATION**2) ** 0.5 * shocks[:, wave]
    return shocks


def _present(latent: dict[str, Floats]) -> dict[str, Bools]:
    present = {code: latent[code] > 0 for code in BINARY_OUTCOMES}
    present["injury"] &= present["physical"] | present["sexual"]
    return present


def _response_items(rng: Generator, latent: Floats) -> Ints:
    """Answer the twelve police-response items, 1–5, from the latent quality: women × waves × 12."""
    difficulty = np.linspace(-0.35, 0.35, RESPONSE_ITEMS)
    noise = rng.standard_normal((*latent.shape, RESPONSE_ITEMS), dtype=np.float32)
    raw = 3.0 + difficulty + _RESPONSE_SPREAD * latent[:, :, None] + _RESPONSE_NOISE * noise
    return np.clip(np.rint(raw), 1, 5).astype(np.int8)
