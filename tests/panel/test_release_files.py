"""What lies in a release's archive: each file by the rules of its kind, and the same bytes each time."""

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from frictionless import Package, validate
from lxml import etree

from panel.columns import Column, DataSet, Kind, Label
from panel.declarations import as_json, from_json
from panel.release_files.archive import write_archive
from panel.release_files.headline import shown
from tests.panel.releasing import downloaded, make_team, opened, ready

GRAMMAR = Path(__file__).with_name("ddi_codebook.rng")


@pytest.fixture
def archive(small_study) -> bytes:
    team = make_team()
    return downloaded(ready(team.researcher, team.statistician), team.researcher)


@pytest.fixture
def files(archive) -> dict[str, bytes]:
    return opened(archive)


@pytest.mark.requirement("N9")
def test_holds_data_codebooks_scripts_and_manifest(files):
    assert sorted(files) == [
        "MANIFEST.json",
        "README.md",
        "codebook.csv",
        "codebook.html",
        "codebook.xml",
        "data/panel_wave.csv",
        "data/panel_wave.parquet",
        "data/surveys.csv",
        "data/surveys.parquet",
        "datapackage.json",
        "headline.R",
        "headline.csv",
        "headline.do",
    ]


def test_is_a_data_package(archive, tmp_path):
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(tmp_path)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["type", "note"]) == []
    resources = Package(str(tmp_path / "datapackage.json")).resources
    assert [resource.name for resource in resources] == [
        "panel-wave-csv",
        "panel-wave-parquet",
        "surveys-csv",
        "surveys-parquet",
    ]


def test_changed_data_do_not_pass_for_the_package(archive, tmp_path):
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(tmp_path)
    panel = tmp_path / "data" / "panel_wave.csv"
    panel.write_bytes(panel.read_bytes().replace(b"done", b"gone", 1))
    kinds = {kind for (kind,) in validate(str(tmp_path / "datapackage.json")).flatten(["type"])}
    assert "hash-count" in kinds


def test_codebook_is_ddi(files):
    book = etree.fromstring(files["codebook.xml"])
    grammar = etree.RelaxNG(etree.parse(GRAMMAR))
    assert grammar.validate(book), grammar.error_log
    columns = [name.get("name") for name in book.iter("{ddi:codebook:2_5}var")]
    header = files["data/panel_wave.csv"].decode().splitlines()[0].split(",")
    assert columns[: len(header)] == header


def test_codebook_page_explains_every_column(files):
    page = files["codebook.html"].decode()
    header = files["data/surveys.csv"].decode().splitlines()[0].split(",")
    assert [column for column in header if f"<code>{column}</code>" not in page] == []
    assert "<script" not in page
    assert "http" not in page


def test_codebook_as_table_says_whose_column_it_is(files):
    rows = list(csv.DictReader(io.StringIO(files["codebook.csv"].decode())))
    assert {row["dataset"] for row in rows} == {"panel_wave", "surveys"}


def test_headline_table_counts_as_the_data_do_and_hides_small_cells(files):
    panel = list(csv.DictReader(io.StringIO(files["data/panel_wave.csv"].decode())))
    given: dict[tuple[str, str], list[int]] = {}
    for row in panel:
        if row["physical"]:
            given.setdefault((row["wave"], row["group"]), []).append(int(row["physical"]))
    expected = [[*key, *shown(len(found), sum(found))] for key, found in sorted(given.items())]
    table = list(csv.reader(io.StringIO(files["headline.csv"].decode())))
    assert table[0] == ["wave", "group", "answered", "yes", "share"]
    assert table[1:] == expected


@pytest.mark.parametrize(
    ("answered", "yes", "cells"),
    [
        (4, 2, ("", "", "")),
        (5, 0, ("5", "0", "0.0000")),
        (5, 5, ("5", "5", "1.0000")),
        (20, 4, ("20", "", "")),
        (20, 16, ("20", "", "")),
        (20, 5, ("20", "5", "0.2500")),
        (20, 15, ("20", "15", "0.7500")),
    ],
)
def test_cell_that_would_show_a_few_women_is_empty(answered, yes, cells):
    assert shown(answered, yes) == cells


def test_scripts_set_the_labels_of_the_language(files):
    assert 'label variable wave `"Ola"\'' in files["headline.do"].decode()
    assert 'attr(panel$wave, "label") <- "Ola"' in files["headline.R"].decode()


def test_archive_is_the_same_whatever_the_order_and_the_day(tmp_path):
    for name, members in (("a", [("x", b"1"), ("y", b"2")]), ("b", [("y", b"2"), ("x", b"1")])):
        write_archive(tmp_path / name, members)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_declaration_comes_back_as_it_was_frozen():
    column = Column(
        "wave", Kind.INTEGER, Label("Ola", "Wave"), "surveys", "g.wave", values=(("0", Label("Inicio", "Start")),)
    )
    dataset = DataSet("panel_wave", Label("Una fila", "A row"), (column,), (Label("Nota", "Note"),))
    again = from_json(as_json(dataset, dataset.columns))
    assert as_json(again, again.columns) == as_json(dataset, dataset.columns)
    assert (again.columns[0].values, again.notes, again.row) == (column.values, dataset.notes, dataset.row)


@pytest.mark.requirement("F37")
def test_no_byte_of_any_form_names_anybody_or_any_place(small_study):
    team = make_team()
    release = ready(team.researcher, team.statistician, forms=("csv", "parquet", "dta", "sav"))
    files = opened(downloaded(release, team.researcher))
    packed = [name for name in files if name.endswith(".parquet")]
    texts = [pl.read_parquet(io.BytesIO(files[name])).write_csv() for name in packed]
    told = b"".join(files.values()) + "".join(texts).encode()
    women = [woman.study_code for woman in small_study]
    places = [text for woman in small_study for text in (woman.station.name, woman.station.code)]
    people = [getattr(person, name) for person in vars(team).values() for name in ("username", "display_name")]
    days = [woman.enrolled_on.isoformat() for woman in small_study if woman.enrolled_on != release.as_of]
    assert [mark for mark in (*women, *places, *people, *days) if mark.encode() in told] == []
    assert len(packed) == 2
