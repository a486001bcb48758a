"""The report: shuffled arms that tell nothing, every table with its marks, and scripts that find the same outside."""

import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from django.core.management import CommandError, call_command

from panel.allocation_file import candidate_set
from panel.analysis_plan import parse_plan
from panel.estimation_file import DataInvalid
from panel.reports.making import Order, make_report
from panel.reports.shuffling import donors_within, shuffled_candidates, with_arms_of
from panel.reports.table import Table, csv_of, latex_of
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


@pytest.fixture
def files(tmp_path):
    """A trial of a certificate's eight stations, some women gone, and its plan."""
    certificate = eight_stations("simple")
    data = pl.from_pandas(trial(certificate, women=6, effect=2.0)).with_columns(
        trait=(pl.col("woman").cast(pl.String).hash(1) % 3).cast(pl.Int64)
    )
    gone = (pl.col("wave") == 2) & (pl.col("x") > 1)
    data.with_columns(y=pl.when(gone).then(None).otherwise(pl.col("y"))).write_csv(tmp_path / "panel.csv")
    (tmp_path / "plan.toml").write_text(PLAN)
    (tmp_path / "certificate.json").write_text(json.dumps(certificate))
    return tmp_path


def order(files, **more):
    plan = parse_plan(PLAN, name="plan.toml")
    candidates = candidate_set(eight_stations("simple"))
    return Order(
        data=files / "panel.csv", plan=plan, language="en", made_at=datetime(2026, 11, 29, tzinfo=UTC),
        candidates=candidates, **more,
    )  # fmt: skip


@pytest.mark.requirement("F46")
def test_report_has_every_part_and_finds_what_was_put_in(files):
    make_report(order(files), files / "out")

    found = json.loads((files / "out" / "results.json").read_text())
    primary = next(e for e in found["effects"] if e["model"] == "short" and e["subgroup"] is None)
    training = primary["estimate"]["coefficients"][0]
    assert training["name"] == "training"
    assert training["estimate"] == pytest.approx(2.0, abs=0.6)
    assert training["p"]["wild"] < 0.05
    assert [e["problem"] for e in found["effects"] + found["weighted"]] == [""] * 7
    assert found["is_blinded"] is False
    tables = {path.stem for path in (files / "out" / "tables").glob("*.csv")}
    assert tables == {
        "flow", "balance", "effects_y", "inference_y", "event_y", "family_answers", "attrition", "bounds", "weighted",
        "likeness", "subgroups", "distribution_y_training", "distribution_y_risk", "power_y",
    }  # fmt: skip
    assert {path.stem for path in (files / "out" / "tables").glob("*.tex")} == tables
    page = (files / "out" / "report.html").read_text()
    assert page.count("<svg") == 5
    assert "BLINDED" not in page
    assert "CR1 (not enough)" in page
    assert not re.search(r"<script|https?://|src=", page)
    assert (files / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_shuffled_report_says_so_on_every_table_and_finds_no_such_effect(files):
    candidates = candidate_set(eight_stations("simple"))
    make_report(order(files, rng=np.random.default_rng(5)), files / "out")

    page = (files / "out" / "report.html").read_text()
    assert page.count('class="mark">BLINDED') == page.count("<table>")
    for path in (files / "out" / "tables").iterdir():
        assert "BLINDED" in path.read_text()
    found = json.loads((files / "out" / "results.json").read_text())
    assert found["is_blinded"] is True
    assert found["effects"][0]["estimate"]["coefficients"][0]["estimate"] < 1.5
    assert candidates.admits(shuffled_candidates(candidates, np.random.default_rng(5)).actual[None, :]).all()


def test_each_station_gets_the_arm_of_the_shuffled_allocation(files):
    candidates = candidate_set(eight_stations())
    shuffled = shuffled_candidates(candidates, np.random.default_rng(3))
    donors = donors_within(candidates, shuffled, {}, candidates.stations)
    arm = dict(zip(candidates.stations, candidates.actual, strict=True))
    assert [arm[donors[station]] for station in candidates.stations] == shuffled.actual.tolist()
    assert candidates.admits(shuffled.actual[None, :]).all()
    assert (shuffled.actual != candidates.actual).any()


def test_shuffling_moves_treatments_and_nothing_else(files):
    frame = pl.read_csv(files / "panel.csv", infer_schema=False)
    stations = frame["station"].unique().sort().to_list()
    donors = dict(zip(stations, stations[1:] + stations[:1], strict=True))
    moved = with_arms_of(frame, donors, ["training", "risk"], cluster="station", time="wave")
    rest = [name for name in frame.columns if name not in ("training", "risk")]
    assert moved.select(rest).equals(frame.select(rest))
    before = {row[0]: row[1] for row in frame.filter(pl.col("wave") == "1").select("station", "training").rows()}
    after = {row[0]: row[1] for row in moved.filter(pl.col("wave") == "1").select("station", "training").rows()}
    assert after == {station: before[donors[station]] for station in stations}


def test_treatment_that_differs_within_a_station_cannot_be_shuffled(files):
    frame = pl.read_csv(files / "panel.csv", infer_schema=False)
    mixed = frame.with_columns(training=pl.int_range(pl.len()) % 2)
    with pytest.raises(DataInvalid, match="has more than one treatment at wave"):
        with_arms_of(mixed, {}, ["training"], cluster="station", time="wave")


@pytest.mark.parametrize("is_blinded", [False, True])
def test_script_outside_finds_the_same(files, is_blinded):
    make_report(order(files, rng=np.random.default_rng(5) if is_blinded else None), files / "out")
    with zipfile.ZipFile(files / "out" / "rerun.zip") as archive:
        assert archive.namelist() == ["arms.csv", "rerun.R", "rerun.py", "results.json"]
        archive.extractall(files / "again")
    run = subprocess.run(
        [sys.executable, "rerun.py", str(files / "panel.csv")],
        cwd=files / "again", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    # Two treatments in three models, and the baseline (with its mark where one is missing) in the second.
    assert run.stdout.count("same") == len(run.stdout.splitlines()) >= 7


def test_what_the_plan_has_not_is_exploratory(files):
    make_report(order(files, also=["x"]), files / "out")
    text = (files / "out" / "tables" / "exploratory.csv").read_text()
    assert text.startswith("# Outside the plan\n# Exploratory: not in the plan.\n")
    assert "\nx,training," in text
    assert "By the plan." in (files / "out" / "tables" / "effects_y.csv").read_text()


def test_command_shuffles_unless_told_otherwise(files, capsys):
    base = ["report", "--data", files / "panel.csv", "--plan", files / "plan.toml", "--language", "en"]
    call_command(*map(str, [*base, "--out", files / "shuffled"]))
    call_command(*map(str, [*base, "--unblinded", "--out", files / "true"]))
    assert json.loads((files / "shuffled" / "results.json").read_text())["is_blinded"] is True
    found = json.loads((files / "true" / "results.json").read_text())
    assert found["is_blinded"] is False
    assert found["effects"][0]["estimate"]["coefficients"][0]["p"]["ri"] is None
    assert [line.rsplit("/", 1)[1] for line in capsys.readouterr().out.splitlines()] == [
        "report.html", "report.pdf", "results.json", "rerun.zip",
    ] * 2  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--data": "gone.csv"}, "gone.csv: no such file"),
        ({"--plan": "panel.csv"}, "panel.csv: not valid TOML"),
        ({"--also": "mood"}, "panel.csv: no column mood; it has station"),
        ({"--certificate": "plan.toml"}, "plan.toml: no JSON, so no certificate"),
    ],
)
def test_bad_input_gets_one_line_and_status_2(files, changes, sentence):
    options = {"--data": "panel.csv", "--plan": "plan.toml", "--out": "out"} | changes
    paths = [part for name, value in options.items()
             for part in (name, value if name == "--also" else str(files / value))]  # fmt: skip
    with pytest.raises(CommandError, match=re.escape(sentence)) as refused:
        call_command("report", *paths)
    assert refused.value.returncode == 2


def test_latex_and_csv_escape_what_means_something_there():
    table = Table("t", "A & B", ("", "50 %"), (("x_1", "a,b"),), ("{p}",))
    assert r"\caption{A \& B}" in latex_of(table)
    assert r"x\_1 & a,b \\" in latex_of(table)
    assert r"\{p\}" in latex_of(table)
    assert csv_of(table) == '# A & B\n# {p}\n,50 %\nx_1,"a,b"\n'
