"""Scripts that run the planned averages again outside, in Python and in R, and compare them with the results.

Data do not come along: whoever runs them has the file. The arms of the report do, by station and period, so that a
blinded report is run again on the very groups that it shuffled.
"""

PYTHON = '''"""Run the planned models with unit and time effects, after baseline and ANCOVA again; needs numpy, pandas.

    python rerun.py DATA.csv|DATA.parquet

Prints each estimate and its CR0 error beside the report's; exit status 1 where one differs.
"""
import json
import sys

import numpy as np
import pandas as pd

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


def design(rows, model, outcome):
    """Return outcome, regressors and effects, all beside the effects of units where the model has them."""
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
    y, effects = rows[outcome].astype(float), pd.get_dummies(rows[time], dtype=float)
    if model["kind"] == "two-way":
        y, X, effects = (part - part.groupby(rows[unit]).transform("mean") for part in (y, X, effects))
    return y.to_numpy(), X, effects.to_numpy(), rows[cluster]


def fit(y, X, effects, station):
    left = X.to_numpy() - effects @ np.linalg.lstsq(effects, X.to_numpy(), rcond=None)[0]
    out = y - effects @ np.linalg.lstsq(effects, y, rcond=None)[0]
    beta = np.linalg.lstsq(left, out, rcond=None)[0]
    scores = pd.DataFrame(left * (out - left @ beta)[:, None]).groupby(station.to_numpy()).sum().to_numpy()
    bread = np.linalg.inv(left.T @ left)
    return beta, np.sqrt(np.diag(bread @ scores.T @ scores @ bread))


differs = False
models = {model["code"]: model for model in plan["models"]}
for effect in found:
    model = models.get(effect["model"])
    if not model or not effect["estimate"] or effect["subgroup"] or model["by_time"]:
        continue
    if model["kind"] not in ("two-way", "ancova", "post"):
        continue
    y, X, effects, station = design(data, model, effect["outcome"])
    beta, error = fit(y, X, effects, station)
    for theirs, ours, se in zip(effect["estimate"]["coefficients"], beta, error):
        same = np.allclose([ours, se], [theirs["estimate"], theirs["se"]["cr0"]], rtol=1e-6, atol=1e-9)
        differs = differs or not same
        said = "same" if same else "DIFFERS"
        print(effect["outcome"], effect["model"], theirs["name"], f"{ours:.6f} ({se:.6f})", said)
sys.exit(int(differs))
'''

R = """# Run the planned models with woman and wave effects again, with CR2 and Satterthwaite's degrees of freedom.
#   Rscript rerun.R DATA.csv          needs jsonlite and clubSandwich
library(jsonlite); library(clubSandwich)
path <- commandArgs(trailingOnly = TRUE)[1]
results <- fromJSON("results.json", simplifyVector = FALSE)
plan <- results$plan
keys <- c(plan$columns$cluster, plan$columns$time)
texts <- setNames(rep("character", 2), keys)
data <- read.csv(path, na.strings = c("", "NA"), colClasses = texts)
arms <- read.csv("arms.csv", colClasses = texts)
given <- setdiff(names(arms), keys)
data <- merge(data[, setdiff(names(data), given)], arms, by = keys)
models <- setNames(plan$models, sapply(plan$models, `[[`, "code"))
for (effect in results$effects) {
  model <- models[[effect$model]]
  if (is.null(model) || is.null(effect$estimate) || !is.null(effect$subgroup)) next
  if (model$kind != "two-way" || length(model$by_time) > 0) next
  named <- c(unlist(model$treatments), unlist(model$covariates))
  right <- paste(c(named, sprintf("factor(%s)", c(plan$columns$unit, plan$columns$time))), collapse = " + ")
  rows <- data[complete.cases(data[, c(effect$outcome, named)]), ]
  fitted <- lm(as.formula(paste(effect$outcome, "~", right)), data = rows)
  tested <- coef_test(fitted, vcov = "CR2", cluster = rows[[plan$columns$cluster]], test = "Satterthwaite",
                      coefs = named)
  cat(effect$outcome, effect$model, "\\n"); print(tested)
  for (theirs in effect$estimate$coefficients)
    stopifnot(isTRUE(all.equal(unname(coef(fitted)[theirs$name]), theirs$estimate, tolerance = 1e-6)))
}
"""
