"""A trial of eight stations in a file with its plan, for tests of the report."""

import json
from datetime import UTC, datetime

import polars as pl

from panel.allocation_file import candidate_set
from panel.analysis_plan import parse_plan
from panel.reports.making import Order
from tests.panel.test_randomisation import eight_stations, trial

PLAN = """
title = { es = "Prueba", en = "Trial" }
base = "0"
alpha = 0.05
seed = 7
ri_draws = 99
[columns]
unit = "woman"
time = "wave"
cluster = "station"
[[outcomes]]
code = "y"
source = "survey"
label = { es = "Respuesta & cuenta", en = "Answer & count" }
[[families]]
code = "answers"
outcomes = ["y"]
adjustment = "romano_wolf"
[[models]]
code = "short"
kind = "two-way"
is_primary = true
treatments = ["training", "risk"]
[[models]]
code = "adjusted"
kind = "ancova"
treatments = ["training", "risk"]
[[models]]
code = "after"
kind = "post"
treatments = ["training", "risk"]
[[models]]
code = "waves"
kind = "event"
treatments = ["training", "risk"]
[[models]]
code = "answering"
kind = "attrition"
treatments = ["training", "risk"]
[[subgroups]]
code = "trait"
column = "trait"
model = "short"
label = { es = "Rasgo", en = "Trait" }
"""


# Two outcomes in one family, the second with the first in it.
OUTCOME = """[[outcomes]]
code = "z"
source = "survey"
label = { es = "Otra", en = "Another" }
"""
PLAN_OF_TWO = PLAN.replace("[[families]]", f"{OUTCOME}[[families]]").replace(
    'outcomes = ["y"]', 'outcomes = ["y", "z"]'
)
# The second counted between waves, so that it has no value before the allocation, in a family of its own.
PLAN_OF_COUNTS = PLAN.replace(
    "[[families]]",
    f"""{OUTCOME.replace("survey", "police")}model = "after"
[[families]]
code = "counts"
outcomes = ["z"]
adjustment = "romano_wolf"
[[families]]""",
)


def written_trial(tmp_path):
    """A trial of a certificate's eight stations, some women gone, and its plan."""
    write_data(tmp_path, women=6)
    (tmp_path / "plan.toml").write_text(PLAN)
    (tmp_path / "certificate.json").write_text(json.dumps(eight_stations("simple")))
    return tmp_path


def write_data(folder, *, women):
    data = pl.from_pandas(trial(eight_stations("simple"), women=women, effect=2.0)).with_columns(
        trait=(pl.col("woman").cast(pl.String).hash(1) % 3).cast(pl.Int64)
    )
    data = data.with_columns(z=pl.col("y") + 2 * pl.col("x"))
    gone = (pl.col("wave") == 2) & (pl.col("x") > 1)
    seen = [pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in ("y", "z")]
    data.with_columns(seen).write_csv(folder / "panel.csv")


def without_base(files, name="z"):
    """Take an outcome's values before the allocation out of the file."""
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    after = pl.when(pl.col("wave") != "0").then(pl.col(name)).alias(name)
    data.with_columns(after).write_csv(files / "panel.csv")


def order(files, *, text=PLAN, **more):
    plan = parse_plan(text, name="plan.toml")
    candidates = candidate_set(eight_stations("simple"))
    return Order(
        data=files / "panel.csv", plan=plan, language="en", made_at=datetime(2026, 11, 29, tzinfo=UTC),
        candidates=candidates, **more,
    )  # fmt: skip
