"""One question asked of several outcomes: p-values that hold for the family, not for each alone.

Survey outcomes and police re-reports are separate families: what is adjusted together is chosen in the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from panel.estimators.clustered import DesignInvalid, Floats, PanelArrays, fit_panel
from panel.estimators.remarks import remark
from panel.estimators.sandwich import cluster_errors
from panel.estimators.wild_bootstrap import draw_signs, share_of_draws, wild_statistics

_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """An outcome's estimate of one treatment: its own p by the wild bootstrap, and those adjusted for the family."""

    outcome: str
    estimate: float
    cr2: float | None
    p: float
    holm: float
    benjamini_hochberg: float
    romano_wolf: float


def family_of(panels: Mapping[str, PanelArrays], treatment: str, *, seed: int) -> tuple[FamilyMember, ...]:
    """Estimate one treatment's effect on each outcome and adjust; the bootstrap's signs are the same for all outcomes.

    Raise DesignInvalid for outcomes of different stations, whose signs would not go together, and what fitting raises.
    """
    if len({(panel.clusters, panel.cluster_names) for panel in panels.values()}) > 1:
        raise DesignInvalid(remark("family_clusters"))
    fits = {outcome: fit_panel(panel) for outcome, panel in panels.items()}
    if moving := [fit.moving for fit in fits.values() if not fit.is_whole]:
        raise DesignInvalid(remark("many_move", units=max(moving)))
    columns = {outcome: fit.names.index(treatment) for outcome, fit in fits.items()}
    signs = draw_signs(next(iter(fits.values())).clusters, seed)
    drawn = np.column_stack([wild_statistics(fit, columns[outcome], signs) for outcome, fit in fits.items()])
    p = [share_of_draws(column) for column in drawn.T]
    errors = [cluster_errors(fit).cr2 for fit in fits.values()]
    return tuple(
        FamilyMember(
            outcome, float(fit.coefficients[columns[outcome]]), None if cr2 is None else cr2[columns[outcome]], *rest
        )
        for (outcome, fit), cr2, *rest in zip(
            fits.items(), errors, p, holm(p), benjamini_hochberg(p), romano_wolf(drawn), strict=True
        )
    )


def holm(p: Sequence[float]) -> list[float]:
    """Adjust so that the chance of any false finding stays below alpha, whatever the dependence (Holm 1979)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = np.maximum.accumulate((len(values) - np.arange(len(values))) * values[order])
    return _in_place(np.minimum(steps, 1.0), order)


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjust so that the expected share of false findings among the findings stays below alpha (1995)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = len(values) / np.arange(1, len(values) + 1) * values[order]
    return _in_place(np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0), order)


def romano_wolf(statistics: Floats) -> list[float]:
    """Adjust by the largest of the statistics still in question, step by step down (Romano and Wolf 2005, 2016).

    `statistics` (draws × outcomes) are sizes, the observed ones first, each row of one draw of the whole clusters, so
    that the outcomes' dependence is that of the data. p counts ties and the observed row, and is never 0.
    """
    observed = statistics[0]
    order = np.argsort(-observed, kind="stable")
    largest = np.maximum.accumulate(statistics[:, order[::-1]], axis=1)[:, ::-1]
    steps = np.mean(largest >= observed[order] * (1 - _TIE), axis=0)
    return _in_place(np.maximum.accumulate(steps), order)


def standardised_sizes(coefficients: Floats) -> Floats:
    """Bring coefficients by way (W × outcomes) to one scale, for `romano_wolf` by randomisation."""
    spread = np.sqrt((coefficients**2).mean(axis=0))
    return np.abs(coefficients) / np.where(spread > 0, spread, 1.0)


def _in_place(steps: Floats, order: np.ndarray) -> list[float]:
    found = np.empty(len(steps))
    found[order] = steps
    return [float(value) for value in found]
