"""`manage.py estimate` by its contract (design.md, section 5): JSON out, or one line that says what is wrong."""

import json
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from django.core.management import CommandError, call_command


def study(women=24, stations=8, waves=3):
    rng = np.random.default_rng(11)
    woman = np.repeat(np.arange(women), waves)
    wave = np.tile(np.arange(waves), women)
    station = woman % stations
    treated = (station % 2) * (wave > 0)
    return pl.DataFrame(
        {
            "woman": [f"W{n:03d}" for n in woman],
            "wave": wave,
            "station": [chr(65 + s) for s in station],
            "treated": treated,
            "age": rng.integers(18, 60, len(woman)),
            "y": 0.5 * treated + rng.normal(size=len(woman)),
        }
    )


@pytest.fixture
def estimate(tmp_path):
    def run(frame, *, name="panel.csv", treatment=("treated",), covariates=(), more=(), **columns):
        path = tmp_path / name
        if isinstance(frame, pl.DataFrame):
            frame.write_csv(path) if name.endswith(".csv") else frame.write_parquet(path)
        elif frame is not None:
            path.write_text(frame)
        keys = {"outcome": "y", "unit": "woman", "time": "wave", "cluster": "station", **columns}
        out = tmp_path / "found.json"
        options = [part for key, value in keys.items() for part in (f"--{key}", value)]
        if covariates:
            options += ["--covariates", *covariates]
        call_command("estimate", "--data", str(path), "--treatment", *treatment, *options, *more, "--out", str(out))
        return json.loads(out.read_text())

    return run


@pytest.mark.parametrize("name", ["panel.csv", "panel.parquet"])
def test_writes_the_contract(estimate, name):
    found = estimate(study(), name=name, covariates=("age",))

    assert list(found) == ["n", "clusters", "coefficients", "warnings", "remarks"]
    assert (found["n"], found["clusters"]) == (72, 8)
    assert [c["name"] for c in found["coefficients"]] == ["treated", "age"]
    first = found["coefficients"][0]
    assert list(first) == ["name", "estimate", "se", "df", "p", "ci"]
    assert list(first["se"]) == ["cr0", "cr1", "cr2", "cr3"]
    assert list(first["df"]) == ["cr2"]
    assert {"cr1", "cr2", "wild", "ri"} <= set(first["p"])
    assert first["p"]["ri"] is None
    assert any(text.startswith("ri: not computed") for text in found["warnings"])


def test_csv_and_parquet_agree(estimate):
    assert estimate(study()) == estimate(study(), name="panel.parquet")


def test_needs_no_database(estimate):
    # pytest-django refuses any query in a test without the db mark: running at all is the proof.
    assert estimate(study())["n"] == 72


def test_missing_outcomes_are_dropped_and_counted(estimate):
    frame = study().with_columns(y=pl.when(pl.col("wave") == 2).then(None).otherwise(pl.col("y")))
    found = estimate(frame)
    assert found["n"] == 48
    assert found["warnings"][0] == "24 rows left out: no value of the outcome y"


def with_cell(frame, row, column, value):
    texts = frame.with_columns(pl.col(column).cast(pl.String))
    values = texts[column].to_list()
    values[row] = value
    return texts.with_columns(pl.Series(column, values))


@pytest.mark.parametrize(
    ("frame", "options", "sentence"),
    [
        (None, {}, r"panel\.csv: no such file$"),
        ("", {}, r"panel\.csv: empty, without even a header$"),
        ("woman,wave,station,treated,y\n", {}, r"panel\.csv: no rows$"),
        (study(), {"outcome": "z"}, r"panel\.csv: no column z; it has woman, wave, station, treated, age, y$"),
        (study().with_columns(treated=pl.lit(1)), {}, "treated: the same value in every row"),
        (study().with_columns(treated=pl.col("wave")), {}, "treated: absorbed by the unit and time effects"),
        (study().with_columns(station=pl.lit("A")), {}, "there is one cluster only"),
        (
            study().with_columns(b=pl.col("age") * 2 + pl.col("treated")),
            {"covariates": ("age", "b")},
            "b: collinear with treated, age$",
        ),
        (
            pl.concat([study(), study()[4:5]]),
            {},
            r"panel\.csv, row 74: woman W001 is there twice at wave 1; expected one row a unit and time$",
        ),
        (
            with_cell(study(), 3, "y", "mucho"),
            {},
            r"panel\.csv, row 5, column y: expected a number, not 'mucho'$",
        ),
        (with_cell(study(), 0, "treated", "inf"), {}, r"panel\.csv, row 2, column treated: expected a number"),
        (with_cell(study(), 1, "station", ""), {}, r"panel\.csv, row 3, column station: no value"),
        (study().with_columns(y=pl.lit("NA")), {}, r"panel\.csv: no row has a value of y, treated all together$"),
        (study(), {"treatment": ("treated", "y")}, "y: named more than once"),
        (with_cell(study(), 3, "y", "1e308"), {}, r"row 5, column y: expected a number of at most 1e\+100 in size"),
        (study().rename({"y": "y\ny"}), {}, r"panel\.csv: no column y; it has woman, .*, age, y\\ny$"),
        (study().with_columns(**{f"c{n}": pl.lit(0) for n in range(99)}).drop("y"), {}, r"age, c0, .*, c24, …$"),
        (study().with_columns(woman=pl.lit("a\x1b\nb")), {}, r"row 5: woman a\\x1b\\nb is there twice at wave 0"),
        (study(), {"more": ("--seed", "-1")}, r"^--seed: expected a whole number of 0 or more, not -1$"),
        (study(), {"more": ("--moderator", "age")}, r"^age: not the same in all rows of a unit; effects can differ by"),
    ],
    ids=[
        "no file", "empty file", "no rows", "no column", "constant", "absorbed", "one cluster", "collinear",
        "duplicate", "not a number", "infinite", "no cluster", "all missing", "named twice", "too large",
        "line in a name", "many columns", "line in a key", "seed", "moderator",
    ],
)  # fmt: skip
def test_bad_input_gets_one_line_and_status_2(estimate, frame, options, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        estimate(frame, **options)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)


def test_file_that_is_no_parquet_is_refused(estimate):
    with pytest.raises(CommandError, match=r"panel\.parquet: cannot be read as Parquet: "):
        estimate("not a table", name="panel.parquet")


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("woman", [[n // 3] for n in range(72)], "List"),
        ("woman", [bytes([200 + n // 3]) for n in range(72)], "Binary"),
        ("wave", [timedelta(days=n % 3) for n in range(72)], "Duration"),
    ],
)
def test_a_parquet_key_that_is_no_text_is_refused(estimate, column, values, kind):
    frame = study().with_columns(pl.Series(column, values))
    with pytest.raises(CommandError, match=f"column {column} holds {kind}.*not texts or numbers") as refused:
        estimate(frame, name="panel.parquet")
    assert refused.value.returncode == 2


def test_a_header_that_names_a_column_twice_is_refused(estimate):
    """Which of the two is meant nobody can know: the first would be taken in silence."""
    lines = study().write_csv().splitlines()
    text = "\n".join([f"{lines[0]},y", *(f"{line},7" for line in lines[1:])])
    with pytest.raises(CommandError, match=r"panel\.csv: y stands twice in the header") as refused:
        estimate(text)
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("more", "n", "names"),
    [
        (("--model", "two-way"), 72, ["treated"]),
        (("--model", "post"), 48, ["treated"]),
        (("--model", "ancova"), 48, ["treated", "baseline"]),
        (("--model", "event"), 72, ["treated@1", "treated@2"]),
        (("--model", "event", "--base", "2"), 72, ["treated@0", "treated@1"]),
        (("--by-time", "poverty"), 72, ["treated", "poverty@1", "poverty@2"]),
        (("--moderator", "poverty"), 72, ["treated", "treated:poverty", "poverty@1", "poverty@2"]),
    ],
)
def test_models_by_name(estimate, more, n, names):
    found = estimate(study().with_columns(poverty=pl.col("woman").str.slice(1).cast(pl.Int64) % 5), more=more)
    assert (found["n"], [c["name"] for c in found["coefficients"]]) == (n, names)


@pytest.mark.parametrize("more", [(), ("--base", "0")])
def test_what_is_counted_between_waves_is_compared_after_the_first(estimate, more):
    frame = study().with_columns(y=pl.when(pl.col("wave") > 0).then(pl.col("y")))
    found = estimate(frame, more=("--model", "post", *more))
    assert found["n"] == 48
    assert found["coefficients"] == estimate(study(), more=("--model", "post"))["coefficients"]
    for model in ("ancova", "event"):
        with pytest.raises(CommandError, match="no row of the base period 0; there are 1, 2"):
            estimate(frame, more=("--model", model, *more))


def test_a_very_small_unit_of_measure_is_no_constant(estimate):
    small, usual = (
        estimate(study().with_columns(age=pl.col("age") * unit), covariates=("age",)) for unit in (1e-12, 1.0)
    )
    assert small["coefficients"][0]["se"] == pytest.approx(usual["coefficients"][0]["se"])
    assert small["coefficients"][1]["estimate"] * 1e-12 == pytest.approx(usual["coefficients"][1]["estimate"])


def test_categories_that_are_numbers_are_read_as_such(estimate):
    frame = study().with_columns(treated=pl.col("treated").cast(pl.String).cast(pl.Categorical))
    assert estimate(frame, name="panel.parquet") == estimate(study(), name="panel.parquet")


def test_attrition_asks_who_answered(estimate):
    """Of 12 women in each arm, at the last wave none of the treated answered and all of the others."""
    gone = (pl.col("wave") == 2) & (pl.col("station").is_in(["B", "D", "F", "H"]))
    found = estimate(
        study().with_columns(y=pl.when(gone).then(None).otherwise(pl.col("y"))), more=("--model", "attrition")
    )
    assert found["n"] == 48
    assert found["coefficients"][0]["estimate"] == pytest.approx(-0.5)


def test_who_is_not_due_yet_is_not_taken_for_lost(estimate):
    gone, early = (pl.col("wave") == 2) & (pl.col("station") == "B"), (pl.col("wave") == 2) & (pl.col("station") == "C")
    why = pl.when(gone).then(pl.lit("lost")).when(early).then(pl.lit("not_due"))
    frame = study().with_columns(y=pl.when(~gone & ~early).then(pl.col("y")), y_why=why)
    found = estimate(frame, more=("--model", "attrition"))
    assert found["n"] == 45
    assert found["warnings"][0] == "3 rows left out: their time has not come"
    # Of 24 treated women-waves 3 were lost, of 21 others none; wave by wave, 0 and 3 of 12.
    assert found["coefficients"][0]["estimate"] == pytest.approx(-(0.25 * 12 * 9 / 21) / (12 * 12 / 24 + 12 * 9 / 21))


def test_waves_stand_in_the_order_of_their_numbers(estimate):
    frame = study().with_columns(wave=pl.col("wave").replace_strict({0: 0, 1: 2, 2: 10}))
    found = estimate(frame, more=("--model", "event"))
    assert [c["name"] for c in found["coefficients"]] == ["treated@2", "treated@10"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--base", "9"), r"no row of the base period 9; there are 0, 1, 2$"),
        (("--by-time", "wave"), r"wave@1: absorbed by the unit and time effects"),
        (("--model", "event", "--moderator", "age"), r"age: a moderator does not go with effects by wave$"),
        (("--moderator", "y"), r"y: named more than once"),
        (("--model", "probit"), r"argument --model: invalid choice: 'probit'"),
    ],
)
def test_model_that_cannot_be_gets_one_line(estimate, more, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        estimate(study(), more=more)
    assert "\n" not in str(refused.value)
