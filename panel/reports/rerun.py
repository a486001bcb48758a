"""Scripts that run the planned averages again outside, in Python and in R, and compare them with the results.

Data do not come along: whoever runs them has the file. The arms of the report do, by station and period, so that a
blinded report is run again on the very groups that it shuffled. The set that was drawn from comes along only where the
file itself calls stations by their codes: of a file with letters it would tell, by how stations are balanced against
each other, which letter is which station.
"""

import json

from panel.estimators.candidates import CandidateSet

PYTHON = '''\
"""Run the planned models with unit and time effects, after baseline and ANCOVA again; needs numpy, pandas, scipy.

    python rerun.py DATA.csv|DATA.parquet

Prints each estimate, compared with the report's: its CR0 error, CR2 with Satterthwaite's degrees of freedom, p of the
wild cluster bootstrap (all draws, up to 16 stations) and, where candidates.json came along, p by randomisation. Exit
status 1 where one differs.
"""
import itertools
import json
import math
import os
import sys

import numpy as np
import pandas as pd
from scipy import stats

plan = json.load(open("results.json"))["plan"]
found = json.load(open("results.json"))["effects"]
unit, time, cluster = (plan["columns"][key] for key in ("unit", "time", "cluster"))
path = sys.argv[1]
texts = {unit: str, time: str, cluster: str}
data = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path, dtype=texts)
data[[cluster, time]] = data[[cluster, time]].astype(str)
arms = pd.read_csv("arms.csv", dtype={cluster: str, time: str})
given = [name for name in arms.columns if name not in (cluster, time)]
data = data.drop(columns=[name for name in given if name in data]).merge(arms, on=[cluster, time], how="left")
draw = json.load(open("candidates.json")) if os.path.exists("candidates.json") else None


def design(rows, model, outcome):
    """Return rows, outcome, regressors and effects, all beside the effects of units where the model has them."""
    rows = rows[rows[[outcome, *model["treatments"], *model["covariates"]]].notna().all(axis=1)]
    X = rows[[*model["treatments"], *model["covariates"]]].astype(float)
    if model["kind"] == "ancova":
        base = rows[rows[time] == plan["base"]].set_index(unit)[outcome]
        before = rows[unit].map(base)
        X = X.assign(baseline=before.fillna(base.mean()), baseline_missing=before.isna().astype(float))
    if model["kind"] != "two-way":
        after = rows[time] != plan["base"]
        rows, X = rows[after], X[after]
        X = X.loc[:, (X != 0).any()] if model["kind"] == "ancova" else X
    effects = pd.get_dummies(rows[time], dtype=float)
    if model["kind"] == "two-way":
        effects = effects.iloc[:, 1:]
    return rows, rows[outcome].astype(float), X, effects


def clear(rows, model, part):
    """Take units' means away where the model has their effects."""
    return part - part.groupby(rows[unit]).transform("mean") if model["kind"] == "two-way" else part


def fit(rows, model, y, X, effects):
    """Return by coefficient: estimate, CR0, CR2, degrees of freedom, and p of the wild bootstrap."""
    y, X, effects = (clear(rows, model, part).to_numpy() for part in (y, X, effects))
    basis, triangle = np.linalg.qr(np.column_stack([effects, X]))
    contrasts = np.linalg.inv(triangle)[effects.shape[1]:]
    left = y - basis @ (basis.T @ y)
    parts = [np.flatnonzero(rows[cluster] == name) for name in sorted(rows[cluster].unique())]
    for contrast in contrasts:
        estimate = contrast @ (basis.T @ y)
        scores = np.array([contrast @ (basis[own].T @ left[own]) for own in parts])
        p = wild(basis, contrast, left, parts, estimate)
        yield estimate, np.sqrt((scores**2).sum()), *cr2(basis, contrast, left, parts), p


def cr2(basis, contrast, left, parts):
    """Bell and McCaffrey's error, and Satterthwaite's degrees of freedom (Pustejovsky and Tipton 2018)."""
    variance, sizes, mixed = 0.0, [], []
    for own in parts:
        U, s, _ = np.linalg.svd(basis[own], full_matrices=False)
        factor = np.where(1 - s**2 > 1e-10, 1 / np.sqrt(np.maximum(1 - s**2, 1e-300)), 0.0)
        rows = basis[own] @ contrast
        adjusted = rows + U @ ((factor - 1) * (U.T @ rows))
        variance += (adjusted @ left[own]) ** 2
        sizes.append(adjusted @ adjusted)
        mixed.append(basis[own].T @ adjusted)
    products = np.diag(sizes) - np.array(mixed) @ np.array(mixed).T
    return np.sqrt(variance), np.trace(products) ** 2 / (products**2).sum()


def wild(basis, contrast, left, parts, estimate):
    """Every Rademacher draw with the null imposed; p counts draws at least as large, the data's own among them."""
    if len(parts) > 16:
        return None
    null = left + basis @ contrast * (estimate / (contrast @ contrast))
    scores = np.array([basis[own].T @ null[own] for own in parts])
    grams = np.array([basis[own].T @ basis[own] for own in parts])
    signs = np.array(list(itertools.product((1.0, -1.0), repeat=len(parts))))
    sums = signs @ scores
    refitted = signs * (scores @ contrast) - sums @ (grams @ contrast).T
    t = np.abs(sums @ contrast) / np.sqrt((refitted**2).sum(axis=1))
    return float(np.mean(np.nan_to_num(t, nan=0.0) >= t[0] * (1 - 1e-9)))


def randomisation(rows, model, y, X, effects):
    """Return p of each treatment by its own re-allocations (None with one way only), and by those of all arms."""
    k, periods, stations = len(model["treatments"]), sorted(rows[time].unique()), draw["stations"]
    actual = np.array(draw["actual"])
    place = rows[cluster].map({name: number for number, name in enumerate(stations)}).to_numpy()
    period = rows[time].map({name: number for number, name in enumerate(periods)}).to_numpy()
    arm = actual[place]
    exposure = np.zeros((len(draw["arms"]), len(periods), k))
    exposure[arm, period] = X.to_numpy()[:, :k]
    cells = pd.get_dummies(pd.Series(place * len(periods) + period, index=rows.index), dtype=float)
    cells = cells.reindex(columns=range(len(stations) * len(periods)), fill_value=0.0)
    nuisance = np.linalg.qr(np.column_stack([clear(rows, model, part) for part in (effects, X.iloc[:, k:])]))[0]
    cleared = [clear(rows, model, part).to_numpy() for part in (cells, y)]
    Z, out = (part - nuisance @ (nuisance.T @ part) for part in cleared)
    cross, sums = Z.T @ Z, Z.T @ out

    def coefficients(ways):
        columns = exposure[ways].reshape(len(ways), -1, k)
        squares = columns.transpose(0, 2, 1) @ (cross @ columns)
        return (np.linalg.pinv(squares, hermitian=True) @ (columns.transpose(0, 2, 1) @ sums)[:, :, None])[:, :, 0]

    every = ways_to_give([0] * len(draw["arms"]))
    together = coefficients(every)
    for j in range(k):
        ways = ways_to_give(interchangeable(exposure, j))
        yield None if len(ways) == 1 else share(coefficients(ways)[:, j]), share(together[:, j])


def share(statistics):
    sizes = np.abs(statistics)
    return float(np.mean(sizes >= sizes[0] * (1 - 1e-9)))


def interchangeable(exposure, j):
    """Number groups of arms that differ in one treatment's column alone, and not in a factor that it does not tell."""
    factors, arms_ = np.array(draw["factors"]), range(len(exposure))
    others = [np.delete(exposure[arm], j, axis=1).tobytes() for arm in arms_]
    own = [exposure[arm][:, j].tobytes() for arm in arms_]

    def untold(factor):
        pairs = [(a, b) for a, b in itertools.combinations(arms_, 2) if others[a] == others[b]
                 and np.flatnonzero(factors[a] != factors[b]).tolist() == [factor]]
        return bool(pairs) and all(own[a] == own[b] for a, b in pairs)

    kept = [factor for factor in range(factors.shape[1]) if untold(factor)]
    keys = [(others[arm], tuple(factors[arm, kept])) for arm in arms_]
    return [list(dict.fromkeys(keys)).index(key) for key in keys]


def ways_to_give(groups):
    """Give arms again within groups and blocks: every way up to 100,000, or else the draws of the report's seed."""
    actual, blocks = np.array(draw["actual"]), np.array(draw["blocks"])
    group = np.array(groups)[actual]
    parts = [np.flatnonzero((group == g) & (blocks == b)) for g in dict.fromkeys(groups) for b in np.unique(blocks)]
    parts = [part for part in parts if len(set(actual[part])) > 1]
    if math.prod(orders_of(actual[part]) for part in parts) > 100_000:
        return drawn(actual, parts)
    found = [actual]
    for part in parts:
        orders = arranged(tuple(sorted(actual[part])))
        found = [put(way, part, order) for way in found for order in orders]
    found = np.array(found)
    found = found[admitted(found)]
    return np.vstack([actual[None, :], found[(found != actual).any(axis=1)]])


def orders_of(labels):
    counts = np.unique(labels, return_counts=True)[1].tolist()
    return math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))


def arranged(labels):
    if not labels:
        return [()]
    return [(label, *rest) for label in dict.fromkeys(labels)
            for rest in arranged(tuple(labels[: labels.index(label)] + labels[labels.index(label) + 1:]))]


def put(way, part, order):
    way = way.copy()
    way[part] = order
    return way


def drawn(actual, parts):
    rng, found, missing = np.random.default_rng(plan["seed"]), [actual[None, :]], plan["ri_draws"]
    while missing:
        batch = np.repeat(actual[None, :], 20_000, axis=0)
        for part in parts:
            batch[:, part] = rng.permuted(batch[:, part], axis=1)
        kept = batch[admitted(batch)][:missing]
        found.append(kept)
        missing -= len(kept)
    return np.vstack(found)


def admitted(ways):
    """Say which allocations the balance constraint lets pass."""
    if draw["cutoff"] is None:
        return np.ones(len(ways), dtype=bool)
    values, weights, scores = np.array(draw["values"]), np.array(draw["weights"]), 0
    for arm in range(len(draw["arms"])):
        sums = (ways == arm).astype(np.int64) @ values
        scores = scores + (sums * sums) @ weights
    return scores <= draw["cutoff"]


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return bool(np.isclose(ours, theirs, rtol=1e-6, atol=1e-9))


differs = False
models = {model["code"]: model for model in plan["models"]}
for effect in found:
    model = models.get(effect["model"])
    if not model or not effect["estimate"] or effect["subgroup"] or model["by_time"]:
        continue
    if model["kind"] not in ("two-way", "ancova", "post"):
        continue
    parts = design(data, model, effect["outcome"])
    tests = list(randomisation(parts[0], model, *parts[1:])) if draw else []
    for place, ours in enumerate(fit(parts[0], model, *parts[1:])):
        theirs = effect["estimate"]["coefficients"][place]
        estimate, cr0, cr2_, freedom, p = ours
        pairs = {"estimate": (estimate, theirs["estimate"]), "cr0": (cr0, theirs["se"]["cr0"]),
                 "cr2": (cr2_, theirs["se"]["cr2"]), "df": (freedom, theirs["df"]["cr2"]),
                 "p cr2": (float(2 * stats.t.sf(abs(estimate / cr2_), freedom)), theirs["p"]["cr2"])}
        if p is not None:
            pairs["p wild"] = (p, theirs["p"]["wild"])
        if place < len(tests):
            pairs["p ri"] = (tests[place][0], theirs["p"]["ri"])
            pairs["p ri_all"] = (tests[place][1], theirs["p"]["ri_all"])
        wrong = [name for name, (a, b) in pairs.items() if not same(a, b)]
        differs = differs or bool(wrong)
        said = "same" if not wrong else "DIFFERS: " + ", ".join(f"{name} {pairs[name]}" for name in wrong)
        told = f"{estimate:.6f} ({cr2_:.6f})"
        print(effect["outcome"], effect["model"], theirs["name"], told, ", ".join(pairs), said)
sys.exit(int(differs))
'''

R = """# Run the planned models with unit and time effects, after baseline and ANCOVA again: CR2 and Satterthwaite's
# degrees of freedom by clubSandwich; stops at the first estimate, error or degrees of freedom that differ.
#   Rscript rerun.R DATA.csv          needs jsonlite and clubSandwich
library(jsonlite); library(clubSandwich)
path <- commandArgs(trailingOnly = TRUE)[1]
results <- fromJSON("results.json", simplifyVector = FALSE)
plan <- results$plan; unit <- plan$columns$unit; time <- plan$columns$time; cluster <- plan$columns$cluster
texts <- setNames(rep("character", 2), c(cluster, time))
data <- read.csv(path, na.strings = c("", "NA"), colClasses = texts)
arms <- read.csv("arms.csv", colClasses = texts)
given <- setdiff(names(arms), c(cluster, time))
data <- merge(data[, setdiff(names(data), given)], arms, by = c(cluster, time))
models <- setNames(plan$models, sapply(plan$models, `[[`, "code"))
for (effect in results$effects) {
  model <- models[[effect$model]]
  if (is.null(model) || is.null(effect$estimate) || !is.null(effect$subgroup)) next
  if (!(model$kind %in% c("two-way", "ancova", "post")) || length(model$by_time) > 0) next
  named <- c(unlist(model$treatments), unlist(model$covariates))
  rows <- data[complete.cases(data[, c(effect$outcome, named)]), ]
  if (model$kind == "ancova") {
    base <- rows[rows[[time]] == plan$base, ]
    rows$baseline <- base[[effect$outcome]][match(rows[[unit]], base[[unit]])]
    rows$baseline_missing <- as.numeric(is.na(rows$baseline))
    rows$baseline[is.na(rows$baseline)] <- mean(base[[effect$outcome]])
  }
  if (model$kind != "two-way") rows <- rows[rows[[time]] != plan$base, ]
  if (model$kind == "ancova") named <- c(named, "baseline", if (any(rows$baseline_missing > 0)) "baseline_missing")
  factors <- sprintf("factor(%s)", c(if (model$kind == "two-way") unit, time))
  right <- paste(c(named, factors), collapse = " + ")
  fitted <- lm(as.formula(paste(effect$outcome, "~", right)), data = rows)
  tested <- coef_test(fitted, vcov = "CR2", cluster = rows[[cluster]], test = "Satterthwaite", coefs = named)
  cat(effect$outcome, effect$model, "\\n"); print(tested)
  for (theirs in effect$estimate$coefficients) {
    own <- tested[tested$Coef == theirs$name, ]
    ours <- c(own$beta, own$SE, own$df_Satt)
    stopifnot(isTRUE(all.equal(ours, c(theirs$estimate, theirs$se$cr2, theirs$df$cr2), tolerance = 1e-6)))
  }
}
"""


def candidates_json(candidates: CandidateSet) -> str:
    """Return the set that was drawn from, as the script reads it."""
    said = {
        "stations": list(candidates.stations),
        "arms": list(candidates.arms),
        "actual": candidates.actual.tolist(),
        "factors": candidates.factors.astype(int).tolist(),
        "blocks": candidates.blocks.tolist(),
        "values": candidates.values.tolist(),
        "weights": candidates.weights.tolist(),
        "cutoff": candidates.cutoff,
    }
    return json.dumps(said, indent=1) + "\n"
