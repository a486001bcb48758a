"""The report: shuffled arms that tell nothing, every table with its marks, and scripts that find the same outside."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from panel.allocation_file import candidate_set
from panel.analysis_plan import parse_plan
from panel.estimation_file import DataInvalid
from panel.plan_states import PlanStanding
from panel.reports.making import make_report, run_analysis
from panel.reports.page import report_body
from panel.reports.shuffling import donors_within, shuffled_candidates, with_arms_of
from panel.reports.table import Table, chance, csv_of, interval, latex_of, number
from panel.reports.tables import TableWriter
from tests.panel.reporting import PLAN, PLAN_OF_COUNTS, order, without_base, written_trial
from tests.panel.test_randomisation import eight_stations

ARM_OF = eight_stations("simple")["assignment"]


@pytest.fixture
def files(tmp_path):
    return written_trial(tmp_path)


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
        "trial_flow", "flow", "balance", "effects_y", "inference_y", "event_y", "family_answers", "attrition", "bounds",
        "weighted", "likeness", "subgroups", "distribution_y_training", "distribution_y_risk", "power_y",
    }  # fmt: skip
    assert {path.stem for path in (files / "out" / "tables").glob("*.tex")} == tables
    page = (files / "out" / "report.html").read_text()
    assert page.count("<svg") == 6
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


@pytest.mark.parametrize("has_certificate", [True, False])
@pytest.mark.parametrize("gap", ["0408", "0425", "0436", "0440"])
def test_a_gap_in_the_file_does_not_move_with_the_arm_of_its_station(files, gap, has_certificate):
    """A station without rows of a wave would leave its hole at those that got its arm, and so tell which arm it has."""
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    data.filter((pl.col("station") != gap) | (pl.col("wave") != "2")).write_csv(files / "panel.csv")
    asked = order(files, rng=np.random.default_rng(4))
    run = run_analysis(asked if has_certificate else replace(asked, candidates=None))
    arms = pl.read_csv(run.inputs["arms.csv"].encode(), infer_schema=False)
    assert arms.null_count().sum_horizontal().item() == 0
    later = [arms.filter(pl.col("wave") == wave).drop("wave") for wave in ("1", "2")]
    assert later[1].equals(later[0].filter(pl.col("station") != gap))
    assert [r.code for r in run.found.effects[0].estimate.remarks].count("value_missing") == 0


def test_arms_are_not_shuffled_where_no_station_tells_what_is_given_in_a_wave(files):
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    data = data.filter((pl.col("wave") != "2") | (pl.col("training") != "1.0") | (pl.col("risk") != "1.0"))
    data.write_csv(files / "panel.csv")
    with pytest.raises(DataInvalid, match=r"at 2 the rows of some stations are missing, and none tells"):
        run_analysis(order(files, rng=np.random.default_rng(5)))


def test_columns_of_the_file_are_not_mistaken_for_those_that_shuffling_adds(files):
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    data.with_columns(_donor=pl.lit("a"), _time=pl.lit("b")).write_csv(files / "panel.csv")
    assert run_analysis(order(files, rng=np.random.default_rng(5))).found.is_blinded


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (pl.concat_list("station").alias("station"), r"panel\.parquet: column station holds List\(String\), not texts"),
        (pl.lit(b"\xff").alias("station"), r"panel\.parquet: column station holds Binary, not texts"),
        (
            pl.when(pl.col("y").is_null()).then(None).otherwise(pl.col("wave")).alias("wave"),
            r"row \d+, column wave: no",
        ),
        ((pl.col("y") * 1e200).alias("y"), r"row 1, column y: expected a number of at most 1e\+100 in size, not '"),
    ],
)
def test_data_that_no_report_can_be_made_of_get_one_line(files, column, sentence):
    data = pl.read_csv(files / "panel.csv", schema_overrides={"station": pl.String})
    data.with_columns(column).write_parquet(files / "panel.parquet")
    with pytest.raises(DataInvalid, match=sentence) as refused:
        run_analysis(replace(order(files, rng=np.random.default_rng(5)), data=files / "panel.parquet"))
    assert "\n" not in str(refused.value)


def test_a_key_is_no_treatment(files):
    text = PLAN.replace('treatments = ["training", "risk"]', 'treatments = ["training", "station"]')
    with pytest.raises(DataInvalid, match=r"^station: a column of woman, wave or station is no treatment$"):
        run_analysis(order(files, text=text))


def test_treatment_that_differs_within_a_station_cannot_be_shuffled(files):
    frame = pl.read_csv(files / "panel.csv", infer_schema=False)
    mixed = frame.with_columns(training=pl.int_range(pl.len()) % 2)
    with pytest.raises(DataInvalid, match="has more than one treatment at wave"):
        with_arms_of(mixed, {}, ["training"], cluster="station", time="wave")


def test_what_the_plan_has_not_is_exploratory(files):
    make_report(order(files, also=["x"]), files / "out")
    text = (files / "out" / "tables" / "exploratory.csv").read_text()
    assert text.startswith("# Outside the plan\n# Exploratory: not in the plan.\n")
    assert "\nx,training," in text
    assert "By the plan." in (files / "out" / "tables" / "effects_y.csv").read_text()


def test_what_is_counted_between_waves_is_read_in_the_model_that_the_plan_names(files):
    without_base(files)
    run = run_analysis(order(files, text=PLAN_OF_COUNTS))
    effect = run.found.primary("z")
    assert effect.model.code == "after"
    family = [test for test in run.found.families if test.family == "counts"]
    assert [[m.estimate for m in test.members] for test in family] == [[c.estimate] for c in effect.coefficients]
    drawn = [one for one in run.found.distributions if one.outcome == "z"]
    assert [one.coefficients[0] for one in drawn] == pytest.approx([c.estimate for c in effect.coefficients])
    tables = {table.code: table for table in TableWriter(run.found, "en").every()}
    assert len(tables["inference_z"].rows) == 10
    assert "It is read in the model after, as the plan says of this outcome." in tables["inference_z"].notes
    assert [row[0] for row in tables["family_counts"].rows] == ["training", "risk"]


def test_outcome_that_is_read_in_another_model_after_unblinding_is_exploratory(files):
    without_base(files)
    late, confirmed = parse_plan(PLAN_OF_COUNTS, name="x"), PLAN_OF_COUNTS.replace('model = "after"', "")
    asked = replace(
        order(files), plan=late, standing=PlanStanding.LATE, confirmed=parse_plan(confirmed, name="x")
    )  # fmt: skip
    tables = {table.code: table for table in TableWriter(run_analysis(asked).found, "en").every()}
    sentence = "Exploratory, added to the plan after it was known which group is which: Another, after."
    assert [sentence in tables[f"{code}"].marks for code in ("inference_z", "family_counts", "inference_y")] == [
        True, True, False,
    ]  # fmt: skip


def test_balance_is_told_in_deviations_of_women_and_of_stations(files):
    run = run_analysis(order(files))
    found = next(one for one in run.found.balance if one.column == "trait")
    data = pl.read_csv(files / "panel.csv", schema_overrides={"station": pl.String})
    arm = pl.struct("station").map_elements(lambda row: ARM_OF[row["station"]], return_dtype=pl.String)
    base = data.filter(pl.col("wave") == 0).drop_nulls("trait").with_columns(arm=arm).to_pandas()
    stations = base.groupby(["arm", "station"]).trait.mean().reset_index()
    for frame, told in ((base, found.largest), (stations, found.largest_by_station)):
        groups = frame.groupby("arm").trait
        within = ((frame.trait - groups.transform("mean")) ** 2).sum() / (len(frame) - 4)
        assert told == pytest.approx((groups.mean().max() - groups.mean().min()) / within**0.5)
    assert found.largest_by_station != pytest.approx(found.largest)


def test_tables_say_of_how_many_rows_and_why_an_effect_has_no_randomisation(files):
    tables = {table.code: table for table in TableWriter(run_analysis(order(files)).found, "en").every()}
    assert "Answer & count, answering: 87 rows, 8 stations." in tables["attrition"].notes
    missing = "Where p by randomisation is missing, no other allocation of the set changes that effect alone."
    assert [missing in tables[code].notes for code in ("event_y", "attrition", "effects_y")] == [True, False, False]


@pytest.mark.parametrize(
    ("value", "told"), [(-0.0004, "0.000"), (-0.0006, "-0.001"), (0.0004, "0.000"), (-10.0, "-10.000"), (None, "")]
)
def test_what_is_rounded_to_nothing_has_no_sign(value, told):
    assert number(value) == told
    assert interval((value, 1.0)) == f"[{told}, 1.000]" if value is not None else True


def test_part_of_which_nothing_can_be_estimated_says_why(files):
    data = pl.read_csv(files / "panel.csv", infer_schema=False)
    data.with_columns(y=pl.when(pl.col("wave") != "2").then(pl.col("y"))).write_csv(files / "panel.csv")
    make_report(order(files), files / "out")
    page = (files / "out" / "report.html").read_text()
    why = "Answer &amp; count: an arm has no answer: there is nothing to bound"
    section = page[page.index('<section id="bounds">') :]
    assert section[: section.index("</section>")].count(why) == 1
    assert "<table>" not in section[: section.index("</section>")]
    assert "# Answer & count: an arm has no answer" in (files / "out" / "tables" / "bounds.csv").read_text()
    assert (files / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_two_models_by_wave_of_one_outcome_both_appear(files):
    again = '[[models]]\ncode = "waves"\nkind = "event"\ntreatments = ["training", "risk"]\n'
    assert again in PLAN
    more = parse_plan(
        PLAN.replace(again, again + again.replace('"waves"', '"alone"').replace(', "risk"', "")), name="x"
    )
    make_report(replace(order(files), plan=more), files / "out")
    tables = {path.stem: path.read_text() for path in (files / "out" / "tables").glob("event_*.csv")}
    assert tables.keys() == {"event_y_waves", "event_y_alone"}
    assert "risk" in tables["event_y_waves"]
    assert "risk" not in tables["event_y_alone"]
    page = (files / "out" / "report.html").read_text()
    assert {"event_y_waves", "event_y_alone"} <= set(re.findall(r'id="([^"]+)"', page))


def test_what_a_late_plan_adds_is_exploratory_and_the_rest_is_not(files):
    confirmed = parse_plan(PLAN, name="x")
    added = '[[models]]\ncode = "later"\nkind = "two-way"\ntreatments = ["training"]\n[[sensitivity]]\n'
    late = parse_plan(PLAN + added + 'kind = "lee_bounds"\noutcomes = ["y"]\n', name="x")
    asked = replace(order(files), plan=late, standing=PlanStanding.LATE, confirmed=confirmed)
    make_report(asked, files / "out")
    tables = {path.stem: path.read_text() for path in (files / "out" / "tables").glob("*.csv")}
    sentence = "# Exploratory, added to the plan after it was known which group is which: "
    assert f"{sentence}Answer & count, later.\n" in tables["effects_y"]
    assert f"{sentence}Answer & count.\n" in tables["bounds"]
    assert {name for name, text in tables.items() if sentence in text} == {"effects_y", "bounds"}


def test_report_on_a_bare_file_says_that_it_is_by_somebody_s_word(files):
    make_report(order(files), files / "out")
    assert "by the word of whoever holds the file" in (files / "out" / "report.html").read_text()


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
        ({"--plan": "panel.csv"}, "panel.csv: línea 1, columna 8: se esperaba TOML 1.0"),
        ({"--also": "mood"}, "panel.csv: no column mood; it has station"),
        ({"--certificate": "plan.toml"}, "plan.toml: no JSON, so no certificate"),
    ],
)
def test_bad_input_gets_one_line_and_status_2(files, changes, sentence):
    options = {"--data": "panel.csv", "--plan": "plan.toml", "--out": "out"} | changes
    paths = [part for name, value in options.items()
             for part in (name, value if name == "--also" else str(files / value))]  # fmt: skip
    with translation.override("es"), pytest.raises(CommandError, match=re.escape(sentence)) as refused:
        call_command("report", *paths)
    assert refused.value.returncode == 2


def test_latex_and_csv_escape_what_means_something_there():
    table = Table("t", "A & B", ("", "50 %"), (("x_1", "a,b"),), ("{p}",))
    assert r"\caption{A \& B}" in latex_of(table)
    assert r"x\_1 & a,b \\" in latex_of(table)
    few = replace(table, rows=(("p", chance(0.0002)),))
    assert r"p & \textless{}0.001 \\" in latex_of(few)
    assert r"\{p\}" in latex_of(table)
    assert csv_of(table) == '# A & B\n# {p}\n,50 %\nx_1,"a,b"\n'


class Cells(HTMLParser):
    """The texts of a page's table cells, by table and row; no other tag may have come in with them."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._section, self._depth = "", 0

    def handle_starttag(self, tag, attrs):
        if tag == "section":
            self._section = dict(attrs)["id"]
            self.tables[self._section] = []
        elif tag == "tr":
            self.tables[self._section].append([])
        elif tag in ("td", "th"):
            self.tables[self._section][-1].append("")
            self._depth = 1

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._depth = 0

    def handle_data(self, data):
        if self._depth:
            self.tables[self._section][-1][-1] += data


def cells_of_page(page: str) -> dict[str, list[list[str]]]:
    parser = Cells()
    parser.feed(page)
    return parser.tables


def test_numbers_of_the_page_are_those_of_the_results(files):
    make_report(order(files), files / "out")
    shown = cells_of_page((files / "out" / "report.html").read_text())
    found = json.loads((files / "out" / "results.json").read_text())
    primary = next(e for e in found["effects"] if e["model"] == "short" and e["subgroup"] is None)["estimate"]
    rows = iter(shown["inference_y"][1:])
    for one in primary["coefficients"]:
        errors, _freedom, chances, intervals, _detectable = (next(rows) for _ in range(5))
        assert errors[:2] == [one["name"], number(one["estimate"])]
        assert errors[3:6] == [number(one["se"][method]) for method in ("cr1", "cr2", "cr3")]
        methods = ("cr1", "cr2", "cr3", "wild", "ri", "ri_all")
        assert chances[3:] == [chance(one["p"][method]) for method in methods]
        assert intervals[3:8] == [interval(one["ci"][method]) for method in methods[:5]]
    assert next(rows, None) is None
    assert [row[1] for row in shown["effects_y"][-2:]] == [str(primary["n"]), str(primary["clusters"])]


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=4))
def test_page_says_what_a_table_says_whatever_its_texts_are(rows):
    # a page knows one sign for the end of a line, and none that cannot be printed
    rows = [[re.sub(r"[\r\x00]", "", cell).encode(errors="ignore").decode() for cell in row] for row in rows]
    table = Table("t", "<b>&", ("a", "b", "c"), tuple(map(tuple, rows)))
    shown = cells_of_page(report_body([], [table], [], "en", blinded=False))
    assert shown == {"t": [["a", "b", "c"], *rows]}
