"""Releases whose panels are wide: what was frozen, spread each time alike, and described column by column."""

import csv
import io
import json
import zipfile

import polars as pl
import pyreadstat
import pytest
from django.db import IntegrityError, transaction
from frictionless import validate
from lxml import etree

from panel import services
from panel.models import Release
from panel.queries import datasets
from panel.release_files.headline import headline_source
from panel.tables import find
from panel.tables.wide import origins, widened
from tests.factories import NOW
from tests.panel.releasing import MAKER, ask, downloaded, made, make_team, manifest, opened, ready, renewed
from tests.panel.test_release_files import GRAMMAR

FORMS = ("csv", "parquet", "dta", "sav")


@pytest.fixture
def team(small_study):
    return make_team()


def names_in(files, folder="data/"):
    return {name.removeprefix(folder) for name in files if name.startswith(folder)}


def table(files, name) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(files[f"data/{name}.parquet"]))


def both(team, **more) -> tuple[Release, bytes]:
    asked = {"datasets": ("panel_wave", "panel_month", "surveys"), "forms": FORMS, "shape": "both", **more}
    release = ready(team.researcher, team.statistician, **asked)
    return release, downloaded(release, team.researcher)


@pytest.mark.requirement("F44", "N9")
def test_both_shapes_say_the_same_and_other_tables_have_one(team):
    _release, content = both(team)
    files = opened(content)
    assert names_in(files) == {
        f"{name}.{form}"
        for name in ("panel_wave", "panel_wave_wide", "panel_month", "panel_month_wide", "surveys")
        for form in FORMS
    }
    for name in ("panel_wave", "panel_month"):
        declared = find(datasets(reads_arm=False), name)
        long, wide = table(files, name), table(files, f"{name}_wide")
        for column, origin in origins(declared).items():
            if column not in wide.columns:  # what would tell the arm
                continue
            of_period = long.filter(pl.col(declared.period) == int(origin.period or "0"))
            assert wide[column].to_list() == of_period[origin.column].to_list(), column
    rows = list(csv.DictReader(io.StringIO(files["data/panel_wave_wide.csv"].decode())))
    assert [row["woman"] for row in rows] == table(files, "panel_wave_wide")["woman"].to_list()


@pytest.mark.requirement("F44")
def test_wide_columns_are_described_everywhere(team, tmp_path):
    _release, content = both(team)
    files = opened(content)
    declared = widened(find(datasets(reads_arm=False), "panel_wave"))
    columns = [column.name for column in declared.written(reads_arm=False)]
    assert files["data/panel_wave_wide.csv"].decode().splitlines()[0].split(",") == columns
    codebook = [row for row in csv.DictReader(io.StringIO(files["codebook.csv"].decode()))
                if row["dataset"] == "panel_wave_wide"]  # fmt: skip
    assert [row["name"] for row in codebook] == columns
    by_name = {row["name"]: row for row in codebook}
    found = by_name["physical_w1"]
    assert found["label_es"] == f"{wave_label('es')}: Agresión física en el período de referencia"
    assert (found["values_en"], found["missing"]) == ("0 = No; 1 = Yes", "empty, why: physical_why_w1")
    assert by_name["age_band"]["disclosure"] == "quasi-identifier"
    page = files["codebook.html"].decode()
    assert [column for column in columns if f"<code>{column}</code>" not in page] == []
    book = etree.fromstring(files["codebook.xml"])
    grammar = etree.RelaxNG(etree.parse(GRAMMAR))
    assert grammar.validate(book), grammar.error_log
    assert set(columns) <= {variable.get("name") for variable in book.iter("{ddi:codebook:2_5}var")}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(tmp_path)
    assert validate(str(tmp_path / "datapackage.json")).flatten(["type", "note"]) == []
    said = manifest(content)
    assert (said["shape"], said["rows"]["panel_wave_wide"], said["rows"]["panel_wave"]) == ("both", 22, 110)
    assert "data/panel_month_wide.sav" in said["sha256"]
    _found, meta = pyreadstat.read_dta(tmp_path / "data" / "panel_wave_wide.dta")
    kept = declared.labelled(reads_arm=False)
    assert meta.column_names == [column.name for column in kept]
    assert meta.column_labels == [column.label.es[:80] for column in kept]


def wave_label(language) -> str:
    waves = find(datasets(reads_arm=False), "panel_wave")
    period = next(column for column in waves.columns if column.name == "wave")
    return dict(period.values)["1"].in_language(language)


@pytest.mark.requirement("N10", "F44")
def test_it_is_rebuilt_byte_for_byte_and_compared_with_a_long_one(team, tmp_path):
    release, _content = both(team, forms=("csv", "parquet"))
    folder = tmp_path / "again"
    folder.mkdir()
    assert services.rebuild_release(by=MAKER, release=release, folder=folder)
    long = ready(team.researcher, team.statistician, datasets=("panel_wave",), forms=("csv",))
    (changes,) = services.compare_releases(by=team.researcher, release=long, earlier=release, folder=tmp_path)
    assert (changes.dataset, changes.is_same) == ("panel_wave", True)


@pytest.mark.requirement("F44")
def test_wide_alone_has_its_table_and_scripts(team):
    release = ready(team.researcher, team.statistician, shape="wide", forms=("csv",), language="en")
    files = opened(downloaded(release, team.researcher))
    assert names_in(files) == {"panel_wave_wide.csv", "surveys.csv"}
    do, script = files["headline.do"].decode(), files["headline.R"].decode()
    assert "reshape long physical_w, i(woman) j(wave)" in do
    assert "keep woman group physical_w0 physical_w1 physical_w2 physical_w3 physical_w4" in do
    assert 'read.csv("data/panel_wave_wide.csv"' in script
    assert "lapply(c(0, 1, 2, 3, 4)" in script
    long = ready(team.other, team.statistician)
    assert files["headline.csv"] == opened(downloaded(long, team.other))["headline.csv"]
    assert "`data/panel_wave_wide.csv`: 22 rows. A woman;" in files["README.md"].decode()


@pytest.mark.requirement("F44")
def test_who_ends_her_consent_leaves_the_wide_form_too(team, tmp_path):
    release, content = both(team)
    before = table(opened(content), "panel_wave_wide")
    release.women.first().participant.consents.filter(scope="surveys").update(ended_at=NOW)
    files = opened(downloaded(renewed(release, tmp_path), team.researcher))
    after = table(files, "panel_wave_wide")
    assert (before.height, after.height) == (22, 21)
    assert set(after["woman"]) < set(before["woman"])
    assert json.loads(files["MANIFEST.json"])["rows"]["panel_month_wide"] == 21


@pytest.mark.requirement("F37")
def test_arm_is_in_no_column_without_permission(team):
    _release, content = both(team, forms=("csv",))
    tables = {name: file for name, file in opened(content).items() if name.endswith(".csv")}
    headers = {name: file.decode().splitlines()[0].split(",") for name, file in tables.items()}
    blinded = {
        column.name
        for dataset in datasets(reads_arm=True) if dataset.period in ("wave", "month")
        for column in widened(dataset).columns if column.is_blinded
    }  # fmt: skip
    assert len(blinded) > 40
    assert [(name, column) for name, header in headers.items() for column in header if column in blinded] == []


def test_coarser_columns_stay_coarser_in_the_wide_form(team):
    _release, content = both(team, datasets=("panel_wave",), generalised=("age_two_bands", "without_station"))
    wide = table(opened(content), "panel_wave_wide")
    assert set(wide["age_band"]) <= {1, 2}
    assert "station" not in wide.columns


def test_shape_is_one_of_those_that_there_are(team):
    with pytest.raises(services.ReleaseTermsUnclear):
        ask(team.researcher, shape="tall")
    release = made(ask(team.researcher))
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(shape="tall")


def test_without_the_panel_there_is_no_headline():
    assert headline_source(()) is None
