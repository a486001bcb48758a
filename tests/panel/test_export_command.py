"""`manage.py export_panel` by its contract, and the whole way from export to estimate."""

import json
import subprocess
import sys

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from tests.factories import ProtocolVersionFactory


def test_writes_data_and_codebook(small_study, tmp_path, capsys):
    call_command("export_panel", "--dataset", "panel_wave", "--format", "csv", "--out", str(tmp_path / "new"))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["panel_wave.csv", "panel_wave_codebook.csv"]
    assert capsys.readouterr().out == f"{tmp_path}/new/panel_wave.csv: 110 rows\n"
    columns = pl.read_csv(tmp_path / "new" / "panel_wave.csv").columns
    assert columns[:7] == ["woman", "station", "wave", "group", "stratum", "weight", "weight_why"]
    assert "training" not in columns


def test_wide_form_comes_with_its_own_codebook(small_study, tmp_path):
    call_command("export_panel", "--dataset", "panel_wave", "--wide", "--out", str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["panel_wave_wide.csv", "panel_wave_wide_codebook.csv"]
    codebook = pl.read_csv(tmp_path / "panel_wave_wide_codebook.csv")
    assert codebook["name"].to_list() == pl.read_csv(tmp_path / "panel_wave_wide.csv").columns
    assert "physical_w4" in codebook["name"]


def test_parquet_equals_csv(small_study, tmp_path):
    for file_format in ("csv", "parquet"):
        call_command(
            "export_panel",
            "--dataset",
            "all",
            "--format",
            file_format,
            "--with-arm",
            "--out",
            str(tmp_path / file_format),
        )
    parquet = pl.read_parquet(tmp_path / "parquet" / "panel_wave.parquet")
    table = pl.read_csv(tmp_path / "csv" / "panel_wave.csv", schema=parquet.schema)
    assert parquet.equals(table)
    assert parquet.schema["wave"] == pl.Int64
    assert "training_x_risk_scale" in parquet.columns


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--dataset", "visitas"],
            "^visitas: no such data set; there is panel_wave, panel_month, panel_week, participants, stations, surveys",
        ),
        (["--dataset", "all", "--format", "xls"], "^xls: not a format that exists; there are csv, parquet, dta, sav$"),
        (["--dataset", "all", "--language", "qu"], "^qu: not a language that exists; there are es, en$"),
        (["--dataset", "surveys", "--wide"], "^surveys: there are no periods to spread over columns$"),
        (["--dataset", "panel_week", "--wide"], "^panel_week: more columns than Stata and the database take; "),
    ],
)
def test_bad_input_gets_one_line_and_status_2(tmp_path, options, sentence):
    ProtocolVersionFactory()
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("export_panel", *options, "--out", str(tmp_path))
    assert refused.value.returncode == 2


def test_blinded_export_goes_straight_into_the_estimate(small_study, tmp_path):
    call_command("export_panel", "--dataset", "panel_wave", "--out", str(tmp_path))
    call_command(
        "estimate", "--data", str(tmp_path / "panel_wave.csv"), "--outcome", "police_response",
        "--treatment", "group_2", "group_3", "group_4", "--unit", "woman", "--time", "wave", "--cluster", "station",
        "--out", str(tmp_path / "found.json"),
    )  # fmt: skip
    found = json.loads((tmp_path / "found.json").read_text())
    assert [c["name"] for c in found["coefficients"]] == ["group_2", "group_3", "group_4"]
    assert found["clusters"] == 4


def test_csv_does_without_the_libraries_of_other_forms():
    loaded = "import django, sys; django.setup(); import panel.management.commands.export_panel; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True)
    assert not {"polars", "pyarrow", "pandas"} & set(done.stdout.split())
