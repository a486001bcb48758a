"""The flow of the report: it adds up, tells why women did not answer, and gives each station the arm it was given."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from panel.allocation_file import candidate_set
from panel.columns import MISSING
from panel.enrolment import Enrolment
from panel.reports.flow_chart import WORDS as FLOW_WORDS
from panel.reports.making import make_report
from participants.recruitment import Flow as Reports
from stations.eligibility import Exclusion
from tests.panel.reporting import order, write_data, written_trial
from tests.panel.test_randomisation import eight_stations

ARM_OF = eight_stations("simple")["assignment"]


@pytest.fixture
def files(tmp_path):
    return written_trial(tmp_path)


def test_flow_adds_up_at_each_stage_and_begins_with_the_frame(files):
    letters = candidate_set(eight_stations("simple")).stations
    before = Enrolment(
        12, ((("too_few_officers",), 2),), 10, 8, dict.fromkeys(letters, Reports(to_screen=5, enrolled=6))
    )
    make_report(order(files, enrolment=before), files / "out")
    flow = json.loads((files / "out" / "results.json").read_text())["trial_flow"]
    assert flow["stations"] == {
        "assessed": 12, "excluded": [{"reasons": ["too_few_officers"], "stations": 2}], "eligible": 10, "drawn": 8,
    }  # fmt: skip
    stages = {stage["name"]: stage for stage in flow["stages"]}
    assert list(stages) == ["reports", "0", "1", "2", "analysis"]
    assert stages["reports"]["table"][-1][-1] == 8 * 11
    data = pl.read_csv(files / "panel.csv")
    at_base = data.filter(pl.col("wave") == 0)["woman"].n_unique()
    assert [stages[name]["table"][-1][-1] for name in ("0", "analysis")] == [at_base, data["woman"].n_unique()]
    assert [arm["stations"] for arm in flow["arms"]] == [2, 2, 2, 2]
    text = (files / "out" / "report.html").read_text()
    assert "Few officers" in text
    assert "Stations drawn" in text


def flow_of(files):
    return json.loads((files / "out" / "results.json").read_text())["trial_flow"]


@pytest.mark.requirement("F49")
def test_flow_tells_apart_why_women_did_not_answer(files):
    write_data(files, women=40)
    told = pl.when(pl.col("wave") != "2").then(None).when(pl.col("x").cast(float) > 0.4).then(pl.lit("refused"))
    data = pl.read_csv(files / "panel.csv", infer_schema=False).with_columns(
        y_why=told.when(pl.col("x").cast(float) < -0.4).then(pl.lit("lost"))
    )
    gone = pl.col("y_why").is_not_null() | ((pl.col("wave") == "1") & (pl.col("x").cast(float) > 0))
    data = data.with_columns(y=pl.when(gone).then(None).otherwise(pl.col("y").fill_null("1")))
    data.write_csv(files / "panel.csv")
    make_report(order(files), files / "out")

    stages = {stage["name"]: stage for stage in flow_of(files)["stages"]}
    lines = ["answered", "why_refused", "why_lost", "not_answered"]
    assert [stages[wave]["lines"] for wave in ("0", "1", "2")] == [lines] * 3
    last = data.filter(pl.col("wave") == "2")
    counts = [last["y"].is_not_null().sum(), *((last["y_why"] == why).sum() for why in ("refused", "lost")), 0]
    assert [row[-1] for row in stages["2"]["table"]] == [*counts, len(last)]
    page = (files / "out" / "report.html").read_text()
    assert "Not reached, or gone" in page
    every = {f"why_{code}" for code in MISSING}
    assert every <= FLOW_WORDS.keys()


def test_a_reason_of_few_women_hides_nobody_who_answered(files):
    """Two who refused in one arm: alone they could be hidden only beside those who answered there."""
    write_data(files, women=40)
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    station = candidate_set(eight_stations("simple")).stations[0]
    place = pl.int_range(pl.len()).over("station", "wave")
    lost, refused = place < 10, (place < 12) & (pl.col("station") == station)
    why = pl.when(lost).then(pl.lit("lost")).when(refused).then(pl.lit("refused"))
    data = data.with_columns(y=pl.col("y").fill_null("1"), y_why=pl.when(pl.col("wave") == "2").then(why))
    gone = pl.col("y_why").is_not_null()
    data.with_columns(y=pl.when(gone).then(None).otherwise(pl.col("y"))).write_csv(files / "panel.csv")
    make_report(order(files), files / "out")
    stage = next(stage for stage in flow_of(files)["stages"] if stage["name"] == "2")
    assert None not in stage["table"][0]
    assert "why_refused" not in stage["lines"]


def without_a_station(files):
    stations = candidate_set(eight_stations("simple")).stations
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    data.filter(pl.col("station") != stations[2]).write_csv(files / "panel.csv")
    return Enrolment(12, (), 12, 8, dict.fromkeys(stations, Reports(to_screen=5, enrolled=6)))


@pytest.mark.requirement("F49")
@pytest.mark.parametrize("is_blinded", [False, True])
def test_drawn_station_without_a_woman_belongs_to_the_arm_that_it_was_given(files, is_blinded):
    before = without_a_station(files)
    rng = np.random.default_rng(5) if is_blinded else None
    make_report(order(files, enrolment=before, rng=rng), files / "out")
    flow = flow_of(files)
    assert flow["armless"] == 0
    assert [arm["stations"] for arm in flow["arms"]] == [2, 2, 2, 2]
    assert sorted(arm["empty"] for arm in flow["arms"]) == [0, 0, 0, 1]
    reports = flow["stages"][0]
    assert reports["table"][-1] == [22, 22, 22, 22, 88]
    assert "No woman in the data</" in (files / "out" / "report.html").read_text()


def test_drawn_station_of_which_nothing_tells_the_arm_is_said_to_be_in_none(files):
    before = without_a_station(files)
    make_report(replace(order(files, enrolment=before), candidates=None), files / "out")
    flow = flow_of(files)
    assert flow["armless"] == 1
    assert sum(arm["stations"] for arm in flow["arms"]) == 7
    assert flow["stages"][0]["table"][-1][-1] == 77
    assert "No woman in the data, no arm known" in (files / "out" / "report.html").read_text()


def test_every_reason_against_a_station_has_its_words():
    assert [reason for reason in Exclusion if reason not in FLOW_WORDS] == []
