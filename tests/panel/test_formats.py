"""Every format gives back the same values, labels and reasons; the same rows give the same bytes; memory stays flat."""

import csv
import dataclasses

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from panel.columns import MISSING, Kind, Label
from panel.formats import Form, spss_file, stata_file, write
from panel.formats.rewriting import rewrite
from panel.formats.wide_file import widen
from panel.queries import datasets
from panel.release_terms import LARGEST_SHIFT_DAYS, ReleaseTerms
from panel.tables import find
from panel.tables.wide import TooWide, has_wide_form, origins, widened
from tests.factories import TODAY

LETTERS = {reason.stata: code for code, reason in MISSING.items()}
NUMBERS = {reason.spss: code for code, reason in MISSING.items()}
TABLES = (
    "panel_wave", "panel_month", "panel_week", "participants", "stations", "surveys", "visits", "risk", "training",
)  # fmt: skip
KEY = b"k" * 32


def named(name):
    return find(datasets(reads_arm=True), name)


def made(name, form, folder, *, language="es", reads_arm=True, terms=None, wide=False):
    return write(
        named(name), form=form, language=language, today=TODAY, reads_arm=reads_arm, terms=terms, wide=wide,
        out=folder / f"{name}_{language}.{form}",
    )  # fmt: skip


def codes_of(column):
    return column.values  # noqa: PD011 (a declaration, no data frame)


def told(frame, column):
    """What a Parquet column says row by row: a value, or the code of its reason."""
    values = frame[column.name].to_list()
    reasons = frame[column.why].to_list() if column.why else [None] * len(values)
    return [reason if value is None else value for value, reason in zip(values, reasons, strict=True)]


def read_back(cell, column, reasons):
    if isinstance(cell, str) and cell in reasons:
        return reasons[cell]
    if column.kind == Kind.TEXT and not codes_of(column):
        return cell
    if cell in reasons:
        return reasons[cell]
    if column.kind == Kind.TEXT:
        return codes_of(column)[int(cell) - 1][0]
    return int(cell) if column.kind == Kind.INTEGER else cell


@pytest.mark.requirement("F43")
@pytest.mark.parametrize("name", TABLES)
def test_stata_and_spss_give_back_values_labels_and_reasons(small_study, tmp_path, name):
    frame = pl.read_parquet(made(name, Form.PARQUET, tmp_path).path)
    readers = {
        Form.DTA: (lambda file: pyreadstat.read_dta(file, user_missing=True), LETTERS),
        Form.SAV: (lambda file: pyreadstat.read_sav(file, user_missing=True), NUMBERS),
    }
    for form, (read, reasons) in readers.items():
        for language in ("es", "en"):
            found, meta = read(made(name, form, tmp_path, language=language).path)
            columns = named(name).labelled(reads_arm=True)
            assert meta.column_names == [column.name for column in columns]
            longest = stata_file.LONGEST_LABEL if form == Form.DTA else spss_file.LONGEST_LABEL
            assert meta.column_labels == [column.label.in_language(language)[:longest] for column in columns]
            for column in columns:
                cells = [read_back(cell, column, reasons) for cell in found[column.name]]
                assert cells == told(frame, column), (form, column.name)
                assert_labels(meta, column, language, reasons)


def assert_labels(meta, column, language, reasons):
    labels = meta.variable_value_labels.get(column.name, {})
    expected = [text.in_language(language) for _code, text in codes_of(column)]
    if column.why:
        expected += [MISSING[code].label.in_language(language) for code in reasons.values()]
    assert sorted(labels.values()) == sorted(expected), column.name


@pytest.mark.requirement("F43")
def test_pandas_and_polars_read_what_was_written(small_study, tmp_path):
    frame = pl.read_parquet(made("panel_wave", Form.PARQUET, tmp_path).path)
    rows = pl.read_csv(made("panel_wave", Form.CSV, tmp_path).path, schema=frame.schema)
    stata = pd.read_stata(made("panel_wave", Form.DTA, tmp_path).path, convert_categoricals=False)
    assert frame.equals(rows)
    for column in named("panel_wave").labelled(reads_arm=True):
        if column.kind != Kind.TEXT:
            expected = frame[column.name].cast(pl.Float64).to_numpy()
            assert np.array_equal(stata[column.name].to_numpy(dtype=float), expected, equal_nan=True)


@pytest.mark.parametrize("name", TABLES)
def test_empty_values_have_their_reason_and_others_none(small_study, tmp_path, name):
    frame = pl.read_parquet(made(name, Form.PARQUET, tmp_path).path)
    for column in named(name).labelled(reads_arm=True):
        empty = frame.filter(pl.col(column.name).is_null())
        if not column.why:
            assert empty.is_empty(), f"{column.name} is never empty by its declaration"
            continue
        assert set(empty[column.why]) <= set(MISSING), column.name
        if column.missing:
            assert frame[column.why].count() == len(empty)


@pytest.mark.requirement("N10")
@pytest.mark.parametrize("form", list(Form))
def test_same_rows_give_the_same_bytes(small_study, tmp_path, form):
    parquet = made("panel_wave", Form.PARQUET, tmp_path).path
    again = [
        rewrite(parquet, named("panel_wave"), form=form, language="en", out=tmp_path / f"{number}.{form}")
        for number in range(2)
    ]
    assert again[0].sha256 == again[1].sha256
    assert (again[0].rows, again[0].columns) == (again[1].rows, again[1].columns)
    if form != Form.CSV:  # the database writes 4.5000 where Parquet has 4.5
        assert made("panel_wave", form, tmp_path, language="en").sha256 == again[0].sha256


@pytest.mark.parametrize("form", list(Form))
def test_without_women_there_is_a_header(stations, tmp_path, form):
    written = made("panel_wave", form, tmp_path)
    assert written.rows == 0
    assert written.path.stat().st_size > 0


@pytest.mark.requirement("F44")
@pytest.mark.parametrize(("name", "period", "periods"), [("panel_wave", "wave", 5), ("panel_month", "month", 12)])
def test_wide_form_has_a_row_a_woman_and_says_the_same(small_study, tmp_path, name, period, periods):
    long_file = made(name, Form.PARQUET, tmp_path).path
    long = pl.read_parquet(long_file)
    wide = pl.read_parquet(made(name, Form.PARQUET, tmp_path, wide=True).path)
    assert len(wide) == 22
    for column in named(name).written(reads_arm=True):
        if column.name == period:
            continue
        if column.is_fixed:
            assert wide[column.name].to_list() == long.filter(pl.col(period) == 0)[column.name].to_list()
            assert len(set(zip(long["woman"], long[column.name], strict=True))) == len(wide)
            continue
        for number in range(periods):
            spread = spread_name(named(name), column, f"_{period[0]}{number}")
            assert wide[spread].to_list() == long.filter(pl.col(period) == number)[column.name].to_list(), spread


def spread_name(dataset, column, ending):
    """The companion of a column goes with the column's new name; one that is declared has a name of its own."""
    if column.name in {declared.name for declared in dataset.columns}:
        return f"{column.name}{ending}"
    return f"{column.name.removesuffix('_why')}{ending}_why"


@pytest.mark.requirement("F44")
@pytest.mark.parametrize("name", ["panel_wave", "panel_month"])
def test_wide_form_of_a_frozen_file_is_that_of_the_database_and_the_same_each_time(small_study, tmp_path, name):
    terms = ReleaseTerms(KEY)
    frozen = made(name, Form.PARQUET, tmp_path, terms=terms).path.rename(tmp_path / "frozen.parquet")
    spread = [tmp_path / f"{number}.parquet" for number in range(2)]
    declared = [widen(frozen, named(name), out) for out in spread]
    whole = pl.read_parquet(made(name, Form.PARQUET, tmp_path, terms=terms, wide=True).path)
    assert pl.read_parquet(spread[0]).equals(whole)
    assert spread[0].read_bytes() == spread[1].read_bytes()
    assert declared[0].name == f"{name}_wide"
    assert [column.name for column in declared[0].written(reads_arm=True)] == whole.columns


@pytest.mark.parametrize("name", ["panel_wave", "panel_month"])
def test_wide_stata_and_spss_files_are_labelled_by_period(small_study, tmp_path, name):
    columns = widened(named(name)).labelled(reads_arm=True)
    for form, read in ((Form.DTA, pyreadstat.read_dta), (Form.SAV, pyreadstat.read_sav)):
        _, meta = read(made(name, form, tmp_path, wide=True, language="en").path)
        assert meta.column_names == [column.name for column in columns]
        assert all(len(column) <= 32 for column in meta.column_names)
        for column in columns:
            assert meta.column_names_to_labels[column.name] == column.label.en[:80]
            assert_labels(meta, column, "en", LETTERS)


def test_wide_columns_say_their_period_first_in_both_languages_and_keep_their_class(small_study):
    long = {column.name: column for column in named("panel_month").columns}
    wide = {column.name: column for column in widened(named("panel_month")).columns}
    spread = wide["police_reports_m11"]
    assert spread.label == Label("Mes 11: Nuevas denuncias a la policía", "Month 11: New police reports")
    for name, column in wide.items():
        origin = long[origins(named("panel_month"))[name].column]
        assert (column.disclosure, codes_of(column), column.unit, column.kind, column.is_blinded) == (
            origin.disclosure, codes_of(origin), origin.unit, origin.kind, origin.is_blinded
        )  # fmt: skip


def test_weeks_are_too_many_for_columns_of_their_own(small_study):
    assert [has_wide_form(named(name)) for name in TABLES] == [True, True, *[False] * 7]
    with pytest.raises(TooWide, match=r"^panel_week: more columns than Stata and the database take; export it long$"):
        widened(named("panel_week"))


def test_fresh_key_renames_every_woman_and_shifts_only_what_was_observed(small_study, tmp_path):
    plain = rows_of(made("panel_wave", Form.CSV, tmp_path).path)
    keyed = rows_of(made("panel_wave", Form.CSV, tmp_path, terms=ReleaseTerms(KEY)).path)
    shifted = rows_of(made("panel_wave", Form.CSV, tmp_path, terms=ReleaseTerms(KEY, shift_days=True)).path)
    assert not {row["woman"] for row in plain} & {row["woman"] for row in keyed}
    assert [row["woman"] for row in shifted] == [row["woman"] for row in keyed]
    shifts = {}
    for before, after in zip(keyed, shifted, strict=True):
        assert {name for name in before if before[name] != after[name]} <= {"days_survey"}
        if before["days_survey"]:
            shifts.setdefault(before["woman"], set()).add(int(after["days_survey"]) - int(before["days_survey"]))
    assert {len(found) for found in shifts.values()} == {1}
    assert all(abs(day) <= LARGEST_SHIFT_DAYS for found in shifts.values() for day in found)
    assert len({day for found in shifts.values() for day in found}) > 3


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_key_of_a_release_is_long_and_not_shown():
    with pytest.raises(ValueError, match="at least 16 bytes"):
        ReleaseTerms(b"short")
    assert "kkk" not in repr(dataclasses.replace(ReleaseTerms(KEY)))
