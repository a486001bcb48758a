"""Recover known effects from simulated trials: bias, size at 5 %, coverage; writes docs/validation.md, .json and .svg.

`python scripts/validate.py` simulates 500 trials of the study's size for each intracluster correlation, without and
with effects, by the synthetic study's own outcomes, and allocates each within the best-balanced tenth. It takes
minutes, touches no database, and is no part of the tests.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from validation_report import report, svg  # noqa: E402

from panel.estimators.candidates import CandidateSet, ways_to_give  # noqa: E402 - found by the path above
from panel.estimators.clustered import PanelArrays, fit_panel  # noqa: E402
from panel.estimators.designs import saturated  # noqa: E402
from panel.estimators.randomisation import cells_of, randomisation_test  # noqa: E402
from panel.estimators.sandwich import cluster_errors  # noqa: E402
from panel.estimators.wild_bootstrap import draw_signs, share_of_draws, wild_statistics  # noqa: E402
from simulation.outcomes import DEFAULT_OUTCOMES, draw_outcomes, true_effects, without_effects  # noqa: E402
from stations.constrained import keep_best  # noqa: E402
from stations.partitions import Covariates, PartitionSpace  # noqa: E402

STATIONS, WOMEN, WAVES = 16, 100, 5
ICCS = (0.01, 0.05)
OUTCOMES = ("physical", "police_response")
MODELS = ("short", "saturated")
ARMS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
SIGNS = draw_signs(STATIONS, seed=0)[: 2 ** (STATIONS - 1)]  # a draw and its mirror image have the same |t|
SEED = 20_170_104


def main(words: list[str]) -> int:
    """Simulate, say how far it is, write the three files."""
    parser = argparse.ArgumentParser(prog="validate", description="Recover known effects from simulated trials.")
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--out", type=Path, default=CHECKOUT / "docs", help="folder of validation.md, .json and .svg")
    asked = parser.parse_args(words)
    began, candidates, worlds = time.perf_counter(), a_candidate_set(), []
    for icc in ICCS:
        for with_effects in (False, True):
            print(
                f"validate: ICC {icc}, {'with' if with_effects else 'without'} effects …", file=sys.stderr, flush=True
            )
            worlds += world(candidates, icc, asked.trials, with_effects=with_effects)
    found = {
        "trials": asked.trials,
        "seed": SEED,
        "minutes": round((time.perf_counter() - began) / 60, 1),
        "processor_minutes": round(sum(os.times()[:2]) / 60, 1),
        "worlds": worlds,
    }
    (asked.out / "validation.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (asked.out / "validation.md").write_text(report(found), encoding="utf-8")
    (asked.out / "validation.svg").write_text(svg(worlds), encoding="utf-8")
    return 0


def a_candidate_set() -> CandidateSet:
    """Return the best-balanced tenth of the allocations of 16 stations on three covariates."""
    values = np.round(np.random.default_rng(SEED).standard_normal((STATIONS, 3)) * 10_000).astype(np.int64)
    covariates = Covariates(values, np.full(3, 1000, dtype=np.int64))
    cutoff = keep_best(PartitionSpace(covariates, sets=len(ARMS)), pct=10).distribution.cutoff
    return CandidateSet(
        stations=tuple(f"E{number:02d}" for number in range(STATIONS)),
        arms=("control", "training", "risk", "both"),
        actual=np.arange(STATIONS) % len(ARMS),
        factors=ARMS,
        blocks=np.zeros(STATIONS, dtype=np.int64),
        values=values,
        weights=covariates.weights,
        cutoff=cutoff,
    )


def world(candidates: CandidateSet, icc: float, trials: int, *, with_effects: bool) -> list[dict[str, Any]]:
    """Return of each outcome and model what all trials of one kind of world found of training's effect."""
    settings = DEFAULT_OUTCOMES if with_effects else without_effects(DEFAULT_OUTCOMES)
    truths = true_effects(settings, icc, WAVES)
    found: dict[tuple[str, str], list[dict[str, float]]] = {(o, m): [] for o in OUTCOMES for m in MODELS}
    for number in range(trials):
        rng = np.random.default_rng([SEED, round(icc * 1000), int(with_effects), number])
        drawn = ways_to_give(candidates, [0] * len(ARMS), draws=1, seed=int(rng.integers(2**32))).allocations[1]
        trial = replace(candidates, actual=drawn)
        for outcome, panel in panels(rng, trial, settings, icc).items():
            for model in MODELS:
                truth = true_value(truths[outcome]["marginal"], model)
                own = panel if model == "short" else saturated(panel, "training", "risk")
                found[outcome, model].append(one_trial(own, trial, truth))
    return [
        {
            "icc": icc, "effects": with_effects, "outcome": outcome, "model": model,
            **summary(rows, true_value(truths[outcome]["marginal"], model)),
        }
        for (outcome, model), rows in found.items()
    ]  # fmt: skip


def panels(rng: np.random.Generator, trial: CandidateSet, settings: Any, icc: float) -> dict[str, PanelArrays]:
    """Draw the women of one trial; return the panel of each outcome, with both treatments."""
    station = np.repeat(np.arange(STATIONS), WOMEN)
    parts = ARMS[trial.actual[station]]
    drawn = draw_outcomes(
        rng, settings=settings, icc=icc, waves=WAVES, station=station, training=parts[:, 0], risk_scale=parts[:, 1]
    )
    tables = {"physical": drawn.present["physical"], "police_response": drawn.response_items.mean(axis=2)}
    wave = np.tile(np.arange(WAVES), len(station))
    exposed = np.repeat(parts, WAVES, axis=0) * (wave > 0)[:, None]
    return {
        outcome: PanelArrays(
            outcome=tables[outcome].astype(np.float64).reshape(-1),
            regressors=exposed.astype(np.float64),
            names=("training", "risk"),
            treatments=2,
            unit=np.repeat(np.arange(len(station)), WAVES),
            time=wave,
            cluster=np.repeat(station, WAVES),
            cluster_names=trial.stations,
        )
        for outcome in OUTCOMES
    }


def true_value(marginal: dict[str, Any], model: str) -> float:
    """Return training's effect: alone, or at the average of both levels of the other factor (short model)."""
    return float(marginal["training"] + (marginal["interaction"] / 2 if model == "short" else 0.0))


def one_trial(panel: PanelArrays, trial: CandidateSet, truth: float) -> dict[str, float]:
    """Return the estimate and the p of the truth by each method (a refusal of the truth is a false one)."""
    shifted = replace(panel, outcome=panel.outcome - truth * panel.regressors[:, 0])
    fit = fit_panel(shifted)
    errors, estimate = cluster_errors(fit), float(fit.coefficients[0])
    if errors.cr2 is None or errors.cr3 is None or errors.cr2_df is None:
        raise SystemExit("validate: women lie within stations, so that these errors are there")
    freedom = STATIONS - 1
    randomised = randomisation_test(cells_of(shifted, trial), trial, 0, draws=999, seed=SEED)
    return {
        "estimate": estimate + truth,
        "normal": 2 * stats.norm.sf(abs(estimate / errors.cr1[0])),
        "cr1": 2 * stats.t.sf(abs(estimate / errors.cr1[0]), freedom),
        "cr2": 2 * stats.t.sf(abs(estimate / errors.cr2[0]), errors.cr2_df[0]),
        "cr3": 2 * stats.t.sf(abs(estimate / errors.cr3[0]), freedom),
        "wild": share_of_draws(wild_statistics(fit, 0, SIGNS)),
        "ri": 1.0 if randomised.p is None else randomised.p,
    }


def summary(rows: list[dict[str, float]], truth: float) -> dict[str, Any]:
    """Return bias with its Monte-Carlo error, and how often each method refuses the truth at 5 %."""
    estimates = np.array([row["estimate"] for row in rows])
    methods = [name for name in rows[0] if name != "estimate"]
    return {
        "truth": round(truth, 4),
        "bias": round(float(estimates.mean() - truth), 5),
        "bias_error": round(float(estimates.std(ddof=1) / np.sqrt(len(rows))), 5),
        "spread": round(float(estimates.std(ddof=1)), 5),
        "refused": {name: round(float(np.mean([row[name] <= 0.05 for row in rows])), 4) for name in methods},  # noqa: PLR2004
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
