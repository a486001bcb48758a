"""The scripts of a report find the same outside, in Python and in R, and name no station that the file does not."""

import json
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import polars as pl
import pytest

from panel.allocation_file import candidate_set
from panel.reports.making import make_report
from tests.panel.reporting import PLAN, PLAN_OF_COUNTS, PLAN_OF_TWO, order, without_base, write_data, written_trial
from tests.panel.test_randomisation import eight_stations


@pytest.fixture
def files(tmp_path):
    return written_trial(tmp_path)


def run_again(files, *command):
    """Run a script of a report's archive on the data file."""
    with zipfile.ZipFile(files / "out" / "rerun.zip") as archive:
        archive.extractall(files / "again")
    return subprocess.run(
        [*command, str(files / "panel.csv")], cwd=files / "again", capture_output=True, text=True, check=False,
    )  # fmt: skip


def effects_of(*outcomes):
    """What a script compares, a line each: two treatments in each model, with the baseline in the second."""
    models = [
        *(f"{model} {name}" for model, more in (
            ("short", ()), ("adjusted", ("baseline", "baseline_missing")), ("after", ()),
        ) for name in ("training", "risk", *more)),
        *(f"waves {name}@{wave}" for name in ("training", "risk") for wave in (1, 2)),
        *(f"answering {name}" for name in ("training", "risk")),
        *(f"short trait {name}" for name in ("training", "risk", "training:trait", "risk:trait", "trait@1", "trait@2")),
    ]  # fmt: skip
    weighted = [f"weighted {name}" for name in ("training", "risk", "baseline", "baseline_missing")]
    parts = (models, weighted, ["bounds training", "bounds risk"])
    families = [f"{outcome} in answers {name}" for name in ("training", "risk") for outcome in outcomes]
    return [f"{outcome} {line}" for part in parts for outcome in outcomes for line in part] + families


@pytest.mark.requirement("F46")
@pytest.mark.parametrize("is_blinded", [False, True])
def test_script_outside_finds_the_same(files, is_blinded):
    make_report(order(files, text=PLAN_OF_TWO, rng=np.random.default_rng(5) if is_blinded else None), files / "out")
    with zipfile.ZipFile(files / "out" / "rerun.zip") as archive:
        assert archive.namelist() == [
            "arms.csv", "candidates.json", "draws_risk.csv", "draws_training.csv", "rerun.R", "rerun.py",
            "results.json",
        ]  # fmt: skip
    run = run_again(files, sys.executable, "rerun.py")
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["same"] * len(lines)
    assert [line.startswith(f"{name} ") for line, name in zip(lines, effects_of("y", "z"), strict=True)] == [
        True
    ] * len(lines)
    assert run.stdout.count("p cr2, p wild, p ri, p ri_all same") == 36


@pytest.mark.parametrize("before", ["0450", "9"], ids=["some lost", "nobody lost"])
def test_script_outside_reads_an_outcome_in_the_model_that_the_plan_names(files, before):
    without_base(files)
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    is_early = pl.col("z").is_null() & (pl.col("wave") == "2") & (pl.col("station") < before)
    data.with_columns(z_why=pl.when(is_early).then(pl.lit("not_due"))).write_csv(files / "panel.csv")
    make_report(order(files, text=PLAN_OF_COUNTS), files / "out")
    run = run_again(files, sys.executable, "rerun.py")
    assert (run.returncode, run.stderr) == (0, "")
    results = json.loads((files / "out" / "results.json").read_text())
    who = {e["outcome"]: e["estimate"]["n"] for e in results["effects"] if e["kind"] == "attrition" and e["estimate"]}
    assert who["z"] == who["y"] - data.filter(is_early).height
    assert [line.split(" (")[0] for line in run.stdout.splitlines() if " in counts " in line] == [
        "z in counts training estimate, p, holm, benjamini_hochberg, romano_wolf same",
        "z in counts risk estimate, p, holm, benjamini_hochberg, romano_wolf same",
    ]


def test_script_outside_tells_what_differs(files):
    make_report(order(files), files / "out")
    data = pl.read_csv(files / "panel.csv", schema_overrides={"station": pl.String})
    other = pl.when((pl.col("wave") == 2) & (pl.col("x") > 0)).then(0.01).otherwise(0.0)
    data.with_columns(y=pl.col("y") + other).write_csv(files / "panel.csv")
    run = run_again(files, sys.executable, "rerun.py")
    assert (run.returncode, run.stderr) == (1, "")
    told = [line.split(" ") for line in run.stdout.splitlines() if "DIFFERS:" in line]
    assert {"short", "adjusted", "after", "waves", "weighted", "bounds", "in"} == {words[1] for words in told}


R_PACKAGES = ("jsonlite", "clubSandwich")


def can_run_r() -> bool:
    """Say whether R is here with what the script loads."""
    if shutil.which("Rscript") is None:
        return False
    asked = "; ".join(f"library({name})" for name in R_PACKAGES)
    return subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("women", [6, 26])
def test_script_for_r_finds_the_same_by_another_hand(files, women):
    """With dummies of few women, and of many by their means."""
    if not can_run_r():
        pytest.skip("R with jsonlite and clubSandwich is not here")
    if women > 6:
        write_data(files, women=women)
    outcomes, text = (("y",), PLAN) if women > 6 else (("y", "z"), PLAN_OF_TWO)
    make_report(order(files, text=text, rng=np.random.default_rng(5)), files / "out")
    run = run_again(files, "Rscript", "rerun.R")
    assert (run.returncode, run.stderr) == (0, "")
    lines = [line.strip() for line in run.stdout.splitlines()]
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["same"] * len(lines)
    assert [line.split(" estimate, ")[0].split(" lower, ")[0] for line in lines] == effects_of(*outcomes)


def test_set_that_was_drawn_from_stays_inside_where_stations_have_letters(files):
    letters = dict(zip("ABCDEFGH", candidate_set(eight_stations("simple")).stations, strict=True))
    codes = {code: letter for letter, code in letters.items()}
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    data.with_columns(pl.col("station").replace_strict(codes)).write_csv(files / "panel.csv")
    make_report(order(files, station_names=letters, rng=np.random.default_rng(2)), files / "out")
    with zipfile.ZipFile(files / "out" / "rerun.zip") as archive:
        assert "candidates.json" not in archive.namelist()
        stations = {line.split(",")[0] for line in archive.read("arms.csv").decode().splitlines()[1:]}
        drawn = archive.read("draws_training.csv").decode().splitlines()[0].split(",")
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    assert stations == set(letters) == set(drawn)
    found = {
        (code, name) for code in codes for name, text in members.items() if re.search(rf"(?<![\d.]){code}(?!\d)", text)
    }
    assert found == set()
