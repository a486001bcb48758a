"""The script in Python that runs a report's analysis again outside, with nothing of this program in it."""

from panel.reports.rerun_randomisation import RANDOMISATION

_EFFECTS = '''\
"""Run the planned analysis again: every effect, the weighted ones, bounds and families; needs numpy, pandas, scipy.

    python rerun.py DATA.csv|DATA.parquet

Prints each estimate, compared with the report's: CR0, CR2 with Satterthwaite's degrees of freedom, CR3, p of the wild
cluster bootstrap (all draws, up to 16 stations) and, where candidates.json came along, p by randomisation. Bounds take
the report's draws of stations (draws_*.csv). Exit status 1 where one differs.
"""
import itertools
import json
import math
import os
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy import optimize, stats

results = json.load(open("results.json"))
plan = results["plan"]
unit, time, cluster = (plan["columns"][key] for key in ("unit", "time", "cluster"))
path = sys.argv[1]
texts = {unit: str, time: str, cluster: str}
data = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path, dtype=texts, na_values=["."])
data[[cluster, time]] = data[[cluster, time]].astype(str)
arms = pd.read_csv("arms.csv", dtype={cluster: str, time: str})
given = [name for name in arms.columns if name not in (cluster, time)]
data = data.drop(columns=[name for name in given if name in data]).merge(arms, on=[cluster, time], how="left")
draw = json.load(open("candidates.json")) if os.path.exists("candidates.json") else None
models = {model["code"]: model for model in plan["models"]}
primary = next(model for model in plan["models"] if model["is_primary"])
read_in = {outcome["code"]: models.get(outcome["model"], primary) for outcome in plan["outcomes"]}
everybody = data[data[primary["treatments"]].notna().all(axis=1)]


def waves_of(rows):
    """Return the waves in their order: as numbers where all of them are."""
    found = rows[time].unique()
    numbers = pd.to_numeric(pd.Series(found), errors="coerce")
    return sorted(found) if numbers.isna().any() else [found[place] for place in np.argsort(numbers)]


def by_wave(rows, columns, waves):
    return {f"{name}@{wave}": columns[name] * (rows[time] == wave) for name in columns for wave in waves}


def design(model, outcome, trait=None):
    """Return an outcome's rows in a model: y, the columns X (k of them allocated), and whether units have effects."""
    kind = model["kind"]
    asked = [*model["treatments"], *model["covariates"], *model["by_time"], *([trait] if trait else [])]
    rows = data[data[asked + ([] if kind == "attrition" else [outcome])].notna().all(axis=1)]
    rows = rows[due(rows, outcome)] if kind == "attrition" else rows
    y = (rows[outcome].notna() if kind == "attrition" else rows[outcome]).astype(float)
    waves = [wave for wave in waves_of(rows) if wave != plan["base"]]
    X, centred = rows[model["treatments"]].astype(float), None
    more = {name: rows[name].astype(float) for name in model["covariates"]}
    more |= by_wave(rows, rows[model["by_time"]].astype(float), waves)
    if trait:
        centred = rows[[trait]].astype(float) - rows[trait].mean()
        X = X.assign(**{f"{name}:{trait}": X[name] * centred[trait] for name in X})
        more |= by_wave(rows, centred, waves)
    if kind == "event":
        X = pd.DataFrame(by_wave(rows, X.groupby(rows[unit]).transform("max"), waves))
    if kind == "ancova":
        more |= before(rows, outcome)
    by_unit = kind in ("two-way", "event")
    kept = (rows[time] != plan["base"]) | by_unit
    found = parts(rows[kept], y[kept], X[kept], pd.DataFrame(more, index=rows.index)[kept], by_unit)
    found.trait = None if centred is None else centred[trait][kept]
    return found


def due(rows, outcome):
    """Say of which rows the time has come, where the file says why an outcome is not there."""
    words = outcome.split("_")
    names = ["_".join([*words[:count], "why"]) for count in range(len(words), 0, -1)]
    said = next((name for name in names if name in rows), None)
    return pd.Series(True, rows.index) if said is None else rows[said] != "not_due"


def before(rows, outcome):
    base = rows[rows[time] == plan["base"]].set_index(unit)[outcome].astype(float)
    own = rows[unit].map(base)
    return {"baseline": own.fillna(base.mean()), "baseline_missing": own.isna().astype(float)}


def parts(rows, y, X, more, by_unit, root=None):
    more = more.drop(columns=[name for name in more if name == "baseline_missing" and not more[name].any()])
    effects = pd.get_dummies(rows[time], dtype=float)[waves_of(rows)]
    X, k = pd.concat([X, more], axis=1), X.shape[1]
    effects = effects.iloc[:, int(by_unit):]
    return SimpleNamespace(rows=rows, y=y, X=X, k=k, by_unit=by_unit, root=root, effects=effects, trait=None)


def weighted(outcome):
    """Return those who answered after baseline, each weighed by one over her chance to, wave by wave."""
    after = everybody[time] != plan["base"]
    rows = everybody[after]
    X = everybody[primary["treatments"]].astype(float)[after]
    more = pd.DataFrame(before(everybody, outcome))[after]
    told = parts(rows, rows[outcome], X, more, False).X
    answered, weights = rows[outcome].notna(), pd.Series(1.0, rows.index)
    for wave in waves_of(rows):
        own = rows[time] == wave
        if answered[own].any() and not answered[own].all():
            chance = logistic(told[own].to_numpy(), answered[own].to_numpy())
            one = 1 / chance[answered[own]]
            weights[own & answered] = np.minimum(one / one.mean(), 10.0)
    root = np.sqrt(weights[answered].to_numpy())[:, None]
    return parts(rows[answered], rows[outcome].astype(float)[answered], X[answered], more[answered], False, root)


def logistic(traits, answered):
    """Fit the chance by Newton's steps, until it moves no more."""
    Z = np.column_stack([np.ones(len(traits)), (traits - traits.mean(axis=0)) / traits.std(axis=0)])
    beta, chance = np.zeros(Z.shape[1]), np.full(len(Z), 0.5)
    for _ in range(50):
        curvature = (Z * (chance * (1 - chance))[:, None]).T @ Z
        beta = beta + np.linalg.lstsq(curvature, Z.T @ (answered - chance), rcond=None)[0]
        last, chance = chance, 1 / (1 + np.exp(-np.clip(Z @ beta, -30, 30)))
        if np.abs(chance - last).max() < 1e-10:
            break
    return chance


def clear(d, part):
    """Take units' means away where the model has their effects; scale by the root of the weights where it has those."""
    found = (part - part.groupby(d.rows[unit]).transform("mean") if d.by_unit else part).to_numpy()
    return found if d.root is None else (found if found.ndim > 1 else found[:, None]) * d.root


def but_rounding(d, left):
    """Return nothing where no more than rounding is left of the outcome."""
    size = np.linalg.norm(d.y.to_numpy().reshape(-1, 1) * (1.0 if d.root is None else d.root))
    return left * (np.linalg.norm(left) > 1e-13 * size)


def basis_of(d):
    """Return an orthonormal basis, each regressor's contrast, the estimates, the residuals and the stations' rows.

    The effects of units that move between stations cut through these, and stand behind the rest.
    """
    y, X, effects = (clear(d, part) for part in (d.y, d.X, d.effects))
    basis, triangle = np.linalg.qr(np.column_stack([effects, X]))
    contrasts = np.linalg.inv(triangle)[effects.shape[1]:]
    first = basis[:, :effects.shape[1]]
    y = but_rounding(d, y.reshape(-1) - first @ (first.T @ y.reshape(-1)))
    left = but_rounding(d, y - basis @ (basis.T @ y))
    estimates = contrasts @ (basis.T @ y)
    moves = d.rows.groupby(unit)[cluster].transform("nunique") > 1
    if d.by_unit and moves.any():
        own = pd.get_dummies(d.rows[unit].where(moves), dtype=float).to_numpy()
        basis = np.column_stack([basis, own / np.sqrt(own.sum(axis=0))])
        contrasts = np.pad(contrasts, ((0, 0), (0, own.shape[1])))
    where = [np.flatnonzero(d.rows[cluster] == name) for name in sorted(d.rows[cluster].unique())]
    return basis, contrasts, estimates, left, where


def fit(d):
    """Return by coefficient: estimate, CR0, CR2, degrees of freedom, CR3, and p of the wild bootstrap."""
    basis, contrasts, estimates, left, where = basis_of(d)
    drawn = wild(basis, contrasts, estimates, left, where)
    for j, contrast in enumerate(contrasts):
        scores = np.array([contrast @ (basis[own].T @ left[own]) for own in where])
        errors = adjusted(basis, contrast, left, where, 0.5), adjusted(basis, contrast, left, where, 1.0)
        p = None if drawn is None else float(np.mean(drawn[:, j] >= drawn[0, j] * (1 - 1e-9)))
        yield estimates[j], np.sqrt((scores**2).sum()), *errors[0], errors[1][0], p


def adjusted(basis, contrast, left, where, power):
    """Return CR2's (power .5) or CR3's (1) error, and Satterthwaite's freedom (Pustejovsky and Tipton 2018)."""
    variance, sizes, mixed = 0.0, [], []
    for own in where:
        U, s, _ = np.linalg.svd(basis[own], full_matrices=False)
        factor = np.where(1 - s**2 > 1e-10, 1 / np.maximum(1 - s**2, 1e-300) ** power, 0.0)
        rows = basis[own] @ contrast
        found = rows + U @ ((factor - 1) * (U.T @ rows))
        variance += (found @ left[own]) ** 2
        sizes.append(found @ found)
        mixed.append(basis[own].T @ found)
    products = np.diag(sizes) - np.array(mixed) @ np.array(mixed).T
    return np.sqrt(variance), np.trace(products) ** 2 / (products**2).sum()


def wild(basis, contrasts, estimates, left, where):
    """Return |t| of every Rademacher draw with the null imposed (draws × coefficients), the data's own first."""
    if len(where) > 16:
        return None
    signs = np.array(list(itertools.product((1.0, -1.0), repeat=len(where))))
    grams = np.array([basis[own].T @ basis[own] for own in where])
    found = []
    for contrast, estimate in zip(contrasts, estimates):
        null = left + basis @ contrast * (estimate / (contrast @ contrast))
        scores = np.array([basis[own].T @ null[own] for own in where])
        refitted = signs * (scores @ contrast) - signs @ scores @ (grams @ contrast).T
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(signs @ (scores @ contrast)) / np.sqrt((refitted**2).sum(axis=1))
        found.append(np.nan_to_num(t, nan=0.0, posinf=np.inf))
    return np.column_stack(found)


'''
_BESIDE = '''\
def bounds(outcome, treatment):
    """Return Lee's bounds at the last wave with errors by the report's draws of stations, and what was trimmed."""
    ever = everybody.groupby(unit)[treatment].transform("max") > 0
    last = everybody[time] == waves_of(everybody)[-1]
    y, treated = everybody[outcome][last].astype(float).to_numpy(), ever[last].to_numpy()
    order = np.argsort(np.where(np.isnan(y), np.inf, y), kind="stable")
    y, treated = y[order], treated[order]
    times = pd.read_csv(f"draws_{treatment}.csv")[everybody[cluster][last].to_numpy()[order]].to_numpy()
    lower, upper, trimmed = lee(y, treated, np.ones((1, len(y))))
    errors = [float(one[np.isfinite(one)].std(ddof=1)) for one in lee(y, treated, times)[:2]]
    return {"lower": lower[0], "upper": upper[0], "lower_se": errors[0], "upper_se": errors[1],
            "interval": imbens_manski(lower[0], upper[0], errors), "trimmed": abs(trimmed[0])}


def lee(y, treated, times):
    there, y = ~np.isnan(y), np.nan_to_num(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [(times * (there & own)).sum(axis=1) / (times * own).sum(axis=1) for own in (treated, ~treated)]
        trimmed = (shares[0] - shares[1]) / np.maximum(*shares)
        ends = [[kept_mean(y, times * (there & own), np.maximum(side * trimmed, 0), high) for high in (False, True)]
                for own, side in ((treated, 1), (~treated, -1))]
    return ends[0][0] - ends[1][1], ends[0][1] - ends[1][0], trimmed


def kept_mean(y, weights, cut, high):
    """Average the lowest (or highest) 1 − cut of an arm's answers; a value at the edge counts in part."""
    if high:
        y, weights = y[::-1], weights[:, ::-1]
    total = weights.sum(axis=1) * (1 - cut)
    kept = np.clip(total[:, None] - (np.cumsum(weights, axis=1) - weights), 0, weights)
    return (kept @ y) / total


def imbens_manski(lower, upper, errors, level=0.95):
    if not max(errors):
        return [lower, upper]
    most = stats.norm.ppf((1 + level) / 2) + 1e-9
    held = lambda width: stats.norm.cdf(width + (upper - lower) / max(errors)) - stats.norm.cdf(-width) - level
    width = optimize.brentq(held, 0.0, most)
    return [lower - width * errors[0], upper + width * errors[1]]


def family(outcomes, treatment):
    """Return by outcome: estimate, p of the bootstrap, and p by Holm, Benjamini and Hochberg, Romano and Wolf."""
    found, drawn_ = [], []
    for outcome in outcomes:
        d = design(read_in[outcome], outcome)
        basis, contrasts, estimates, left, where = basis_of(d)
        every = wild(basis, contrasts, estimates, left, where)
        if every is None:
            return None
        place = list(d.X).index(treatment)
        found.append(estimates[place])
        drawn_.append(every[:, place])
    t, m = np.column_stack(drawn_), len(outcomes)
    p = np.mean(t >= t[0] * (1 - 1e-9), axis=0)
    order, largest = np.argsort(p, kind="stable"), np.argsort(-t[0], kind="stable")
    holm, fdr, stepped = np.empty(m), np.empty(m), np.empty(m)
    holm[order] = np.minimum(np.maximum.accumulate((m - np.arange(m)) * p[order]), 1)
    fdr[order] = np.minimum(np.minimum.accumulate((m / np.arange(1, m + 1) * p[order])[::-1])[::-1], 1)
    steps = [np.mean(t[:, largest[place:]].max(axis=1) >= t[0, largest[place]] * (1 - 1e-9)) for place in range(m)]
    stepped[largest] = np.maximum.accumulate(steps)
    names = ("estimate", "p", "holm", "benjamini_hochberg", "romano_wolf")
    return [dict(zip(names, row)) for row in zip(found, p, holm, fdr, stepped)]


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return bool(np.allclose(ours, theirs, rtol=1e-6, atol=1e-9))


def say(label, pairs):
    """Print what was compared; remember what differs."""
    wrong = [name for name, (ours, theirs) in pairs.items() if not same(ours, theirs)]
    differing.extend(wrong)
    told = "DIFFERS: " + ", ".join(f"{name} {pairs[name]}" for name in wrong) if wrong else "same"
    print(label, ", ".join(pairs), told)


def compare(effect, d):
    coefficients = effect["estimate"]["coefficients"]
    has_ri = draw and coefficients[0]["p"]["ri_all"] is not None
    tests = list(randomisation(d)) if has_ri else []
    for place, (estimate, cr0, cr2, freedom, cr3, p) in enumerate(fit(d)):
        theirs = coefficients[place]
        freedom = freedom if (cr2 or not cr0) and np.isfinite(freedom) else None
        chance = None if freedom is None or not cr2 else float(2 * stats.t.sf(abs(estimate / cr2), freedom))
        pairs = {"estimate": (estimate, theirs["estimate"]), "cr0": (cr0, theirs["se"]["cr0"]),
                 "cr2": (cr2, theirs["se"]["cr2"]), "df": (freedom, theirs["df"]["cr2"]),
                 "cr3": (cr3, theirs["se"]["cr3"]), "p cr2": (chance, theirs["p"]["cr2"])}
        if p is not None:
            pairs["p wild"] = (p, theirs["p"]["wild"])
        if place < len(tests):
            pairs["p ri"] = (tests[place][0], theirs["p"]["ri"])
            pairs["p ri_all"] = (tests[place][1], theirs["p"]["ri_all"])
        label = " ".join(filter(None, (effect["outcome"], effect["model"], effect["subgroup"], theirs["name"])))
        say(f"{label} {estimate:.6f} ({cr2:.6f})", pairs)


differing = []
traits = {group["code"]: group["column"] for group in plan["subgroups"]}
for effect in results["effects"]:
    if effect["estimate"]:
        compare(effect, design(models[effect["model"]], effect["outcome"], traits.get(effect["subgroup"])))
for effect in results["weighted"]:
    if effect["estimate"]:
        compare(effect, weighted(effect["outcome"]))
for one in results["bounds"]:
    if one["bounds"]:
        ours = bounds(one["outcome"], one["treatment"])
        say(f"{one['outcome']} bounds {one['treatment']}", {n: (ours[n], one["bounds"][n]) for n in ours})
for test in results["families"]:
    members = test["members"]
    ours = family([member["outcome"] for member in members], test["treatment"]) if members else None
    for own, theirs in zip(ours or (), members):
        say(f"{theirs['outcome']} in {test['family']} {test['treatment']}", {n: (own[n], theirs[n]) for n in own})
sys.exit(int(bool(differing)))
'''
PYTHON = _EFFECTS + RANDOMISATION + _BESIDE
