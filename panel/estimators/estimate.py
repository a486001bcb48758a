"""One estimate with all that is known about its error, as the study's contract writes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import ClusteredFit, DesignInvalid, PanelArrays, fit_panel
from panel.estimators.randomisation import (
    DEFAULT_DRAWS,
    RandomisationTest,
    cells_of,
    coefficients_by_way,
    randomisation_test,
    refuse_unknown_stations,
    share_as_large,
    ways_for_all,
)
from panel.estimators.remarks import Remark, remark
from panel.estimators.sandwich import ClusterErrors, cluster_errors
from panel.estimators.wild_bootstrap import ALL_DRAWS_UP_TO, RANDOM_DRAWS, WildTest, draw_signs, wild_test

Interval = tuple[float, float]

FEW_CLUSTERS = 50
OUT_OF_REACH = 0.05
DEFAULT_SEED = 20_170_104


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate, and its standard errors, degrees of freedom, p-values and 95 % intervals by method."""

    name: str
    estimate: float
    se: dict[str, float | None]
    df: dict[str, float | None]
    p: dict[str, float | None]
    ci: dict[str, Interval | None]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "estimate": self.estimate,
            "se": self.se,
            "df": self.df,
            "p": self.p,
            "ci": {method: None if ends is None else list(ends) for method, ends in self.ci.items()},
        }


@dataclass(frozen=True, slots=True)
class Estimate:
    """All coefficients of a model, the rows and clusters it used, and what the reader must know."""

    n: int
    clusters: int
    coefficients: tuple[Coefficient, ...]
    remarks: tuple[Remark, ...] = field(default=())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return the remarks in English."""
        return tuple(remark.english for remark in self.remarks)

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "clusters": self.clusters,
            "coefficients": [coefficient.as_json() for coefficient in self.coefficients],
            "warnings": list(self.warnings),
            "remarks": [remark.as_json() for remark in self.remarks],
        }


@dataclass(frozen=True, slots=True)
class Randomisation:
    """What randomisation inference looks at: the set that the allocation was drawn from, and how many draws of it."""

    candidates: CandidateSet
    draws: int = DEFAULT_DRAWS


def estimate_effects(
    panel: PanelArrays,
    *,
    seed: int = DEFAULT_SEED,
    randomisation: Randomisation | None = None,
    remarks: Sequence[Remark] = (),
) -> Estimate:
    """Estimate beside the panel's effects and infer by cluster, every method side by side.

    `seed` matters for more than 16 clusters and for allocations that are drawn rather than all looked at. `remarks`
    of earlier steps come first in the result's own. Raise DesignInvalid.
    """
    if panel.clusters < 2:  # noqa: PLR2004 (between one cluster and itself there is no variation)
        raise DesignInvalid(remark("one_cluster"))
    fit = fit_panel(panel)
    errors = cluster_errors(fit)
    signs = draw_signs(fit.clusters, seed) if fit.is_whole else None
    randomised = _randomised(panel, randomisation, seed)
    found = [
        _coefficient(fit, errors, j, None if signs is None else wild_test(fit, j, signs), randomised)
        for j in range(len(fit.names))
    ]
    return Estimate(fit.n, fit.clusters, tuple(found), (*remarks, *_cautions(fit, found), *randomised.cautions))


@dataclass(frozen=True, slots=True)
class _Randomised:
    tests: tuple[RandomisationTest, ...] = ()
    p_all: tuple[float, ...] = ()
    cautions: tuple[Remark, ...] = ()


def _randomised(panel: PanelArrays, randomisation: Randomisation | None, seed: int) -> _Randomised:
    if randomisation is None:
        return _Randomised(cautions=(remark("ri_no_set"),))
    candidates, draws = randomisation.candidates, randomisation.draws
    refuse_unknown_stations(panel, candidates)
    try:
        cells = cells_of(panel, candidates)
        columns = range(panel.treatments)
        tests = tuple(randomisation_test(cells, candidates, j, draws=draws, seed=seed) for j in columns)
        ways = ways_for_all(candidates, draws=draws, seed=seed)
    except DesignInvalid as error:
        return _Randomised(cautions=(remark("ri_not_computed", why=error.remark),))
    found = coefficients_by_way(cells, ways.allocations, cells.outcome[:, None])[:, :, 0]
    p_all = tuple(share_as_large(found[:, j]) for j in columns)
    told = [_about(panel.names[j], test) for j, test in enumerate(tests)]
    if panel.moderator is not None:
        told.append(remark("ri_by_trait"))
    return _Randomised(tests, p_all, (*told, remark("ri_all", ways=ways.told)))


def _about(name: str, test: RandomisationTest) -> Remark:
    if test.p is None:
        return remark("ri_one_way", name=name)
    least, arms = 2 / test.ways, ", ".join(test.arms)
    if test.is_exact and least > OUT_OF_REACH:
        return remark("ri_ways_least", name=name, ways=test.told, arms=arms, least=f"{least:.3f}")
    return remark("ri_ways", name=name, ways=test.told, arms=arms)


def _coefficient(
    fit: ClusteredFit, errors: ClusterErrors, j: int, wild: WildTest | None, randomised: _Randomised
) -> Coefficient:
    estimate = float(fit.coefficients[j])
    all_errors = {"cr0": errors.cr0, "cr1": errors.cr1, "cr2": errors.cr2, "cr3": errors.cr3}
    se = {method: None if values is None else float(values[j]) for method, values in all_errors.items()}
    cr2_df = None if errors.cr2_df is None else _finite(float(errors.cr2_df[j]))
    freedom = {"cr1": float(fit.clusters - 1), "cr2": cr2_df, "cr3": float(fit.clusters - 1)}
    p: dict[str, float | None] = {m: _p_of_t(estimate, se[m], df) for m, df in freedom.items()}
    ci: dict[str, Interval | None] = {m: _interval_of_t(estimate, se[m], df) for m, df in freedom.items()}
    test = randomised.tests[j] if j < len(randomised.tests) else None
    p |= {"wild": None if wild is None else wild.p, "ri": None if test is None else test.p}
    p["ri_all"] = randomised.p_all[j] if test is not None else None
    ci |= {"wild": None if wild is None else wild.interval, "ri": None if test is None else test.interval}
    return Coefficient(fit.names[j], estimate, se, {"cr2": cr2_df}, p, ci)


def _p_of_t(estimate: float, se: float | None, df: float | None) -> float | None:
    if not se or df is None:
        return None
    return float(2 * stats.t.sf(abs(estimate / se), df))


def _interval_of_t(estimate: float, se: float | None, df: float | None) -> Interval | None:
    if not se or df is None:
        return None
    half = float(stats.t.ppf(0.975, df)) * se
    return estimate - half, estimate + half


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _cautions(fit: ClusteredFit, found: Sequence[Coefficient]) -> list[Remark]:
    cautions = []
    if fit.clusters < FEW_CLUSTERS:
        cautions.append(remark("few_clusters", clusters=fit.clusters))
    if not fit.is_whole:
        cautions.append(remark("not_nested", why=remark("many_move", units=fit.moving)))
    elif fit.clusters > ALL_DRAWS_UP_TO:
        cautions.append(remark("wild_drawn", draws=RANDOM_DRAWS, clusters=ALL_DRAWS_UP_TO))
    elif any(coefficient.ci["wild"] is None for coefficient in found):
        cautions.append(remark("wild_open"))
    if any(coefficient.se["cr0"] == 0 for coefficient in found):
        cautions.append(remark("no_error"))
    return cautions
