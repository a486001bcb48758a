"""Reading the frame: the real files as they are, and every kind of wrong row by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from documents.tables import TableFileError
from stations.eligibility import EligibilityRule, Exclusion
from stations.frame_file import canonical_json, frame_content, frame_sha256, read_frame

STATIONS = Path("stations/data/lima_stations_2017.csv").read_bytes()
DISTRICTS = Path("stations/data/lima_districts.csv").read_bytes()


def read(stations: bytes = STATIONS, districts: bytes = DISTRICTS):
    return read_frame(stations=stations, districts=districts, stations_name="s.csv", districts_name="d.csv")


def test_real_frame_has_113_stations_of_which_104_are_eligible():
    stations, districts = read()
    rule = EligibilityRule(min_officers=50, min_family_violence_officers=1)
    reasons = [
        rule.exclusions(officers=row.officers, family_violence_officers=row.family_violence_officers)
        for row in stations
    ]
    assert (len(stations), len(districts), sum(not reason for reason in reasons)) == (113, 43, 104)


@pytest.mark.parametrize(
    ("officers", "family_violence_officers", "reasons"),
    [
        (50, 1, ()),
        (49, 1, (Exclusion.TOO_FEW_OFFICERS,)),
        (50, 0, (Exclusion.NO_FAMILY_VIOLENCE_OFFICERS,)),
        (49, 0, (Exclusion.TOO_FEW_OFFICERS, Exclusion.NO_FAMILY_VIOLENCE_OFFICERS)),
    ],
)
def test_exclusions_on_both_sides_of_each_boundary(officers, family_violence_officers, reasons):
    rule = EligibilityRule(min_officers=50, min_family_violence_officers=1)
    assert rule.exclusions(officers=officers, family_violence_officers=family_violence_officers) == reasons


@pytest.mark.requirement("F48")
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"officers_women,", b"women,", "s.csv, row 1, column officers_women: missing column; the header must name it"),
        (b"0406,150101", b"0405,150101", "s.csv, row 3, column code: '0405' stands in row 2 already"),
        (b"0406,150101", b"0406,159999", "s.csv, row 3, column ubigeo: expected a district of the districts file, fo"),
        (
            b"0406,150101",
            b"0406,15010",
            "s.csv, row 3, column ubigeo: expected an INEI code of six digits, found '15010'",
        ),
        (b",68,4,3,3", b",-68,4,3,3", "s.csv, row 3, column officers: expected a whole number from 0, found '-68'"),
        (
            b",68,4,3,3",
            b",9999999999,4,3,3",
            "s.csv, row 3, column officers: expected a number from 0 to 2147483647, fo",
        ),
        (b",68,4,3,3", b",68.5,4,3,3", "s.csv, row 3, column officers: expected a whole number from 0, found '68.5'"),
        (b",68,4,3,3", b",68,4,3", "s.csv, row 3, column family_violence_officers_women: expected a whole number"),
        (b",68,4,3,3", b",68,4,3,3,9", "s.csv, row 3: expected 8 values, found more"),
        (b",68,4,3,3", b",68,69,3,3", "s.csv, row 3, column officers_women: expected at most officers (68), found 69"),
        (b"Conde La Vega", b"", "s.csv, row 3, column name: expected a value, found none"),
        (b"Conde La Vega", b"C" * 121, "s.csv, row 3, column name: expected at most 120 characters, found 121"),
        (b"Conde La Vega", b"C\0nde", "s.csv, row 3: expected text in UTF-8; save the file as CSV UTF-8"),
        (b"Conde La Vega", b"Conde \xff", "s.csv, row 3: expected text in UTF-8; save the file as CSV UTF-8"),
    ],
)
def test_wrong_station_row_is_named_with_what_was_expected(old, new, sentence):
    assert old in STATIONS
    with pytest.raises(TableFileError) as error:
        read(stations=STATIONS.replace(old, new, 1))
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"150102,Ancon", b"150101,Ancon", "d.csv, row 3, column ubigeo: '150101' stands in row 2 already"),
        (b"0.6689", b"1.6689", "d.csv, row 3, column hdi_2019: expected a number from 0 to 1, found '1.6689'"),
        (b"0.6689", b"0.66891", "d.csv, row 3, column hdi_2019: expected at most 4 decimals, found '0.66891'"),
        (b"54027", b"-1", "d.csv, row 3, column population_2020: expected a whole number from 0, found '-1'"),
    ],
)
def test_wrong_district_row_is_named(old, new, sentence):
    with pytest.raises(TableFileError) as error:
        read(districts=DISTRICTS.replace(old, new, 1))
    assert str(error.value) == sentence


def test_all_problems_are_told_at_once():
    with pytest.raises(TableFileError) as error:
        read(stations=STATIONS.replace(b",68,", b",x,", 1).replace(b",96,", b",y,", 1))
    assert [problem.row for problem in error.value.problems] == [3, 4]


def test_empty_file_is_refused():
    with pytest.raises(TableFileError, match=r"row 2: expected at least one row below the header, found none"):
        read(stations=STATIONS.splitlines(keepends=True)[0])


def test_hash_does_not_depend_on_order_or_spelling():
    stations, districts = read()
    again = DISTRICTS.replace(b"7.96,", b"7.960,", 1)
    assert frame_sha256(stations[::-1], read(districts=again)[1]) == frame_sha256(stations, districts)
    changed, _ = read(stations=STATIONS.replace(b",68,4,3,3", b",69,4,3,3", 1))
    assert frame_sha256(changed, districts) != frame_sha256(stations, districts)


def test_byte_order_mark_is_tolerated():
    assert read(stations=b"\xef\xbb\xbf" + STATIONS) == read()


def test_semicolons_make_the_same_frame():
    assert read(stations=STATIONS.replace(b",", b";")) == read()


@pytest.mark.parametrize(("code", "is_right"), [("405", False), ("0405", True), ("00405", False), ("LIM-1", True)])
def test_code_that_lost_a_zero_is_told(code, is_right):
    content = STATIONS.replace(b"0405,", f"{code},".encode(), 1)
    if is_right:
        assert read(stations=content)[0][0].code == code
        return
    with pytest.raises(TableFileError) as error:
        read(stations=content)
    assert str(error.value) == (
        f"s.csv, row 2, column code: expected a code of four digits, zeros before it included, found {code!r}"
    )


def test_number_of_another_district_is_told_and_an_old_name_is_not():
    assert b"150121,Magdalena Vieja" in STATIONS
    with pytest.raises(TableFileError) as error:
        read(stations=STATIONS.replace(b"0406,150101,Lima", b"0406,150101,ANC\xc3\x93N", 1))
    assert str(error.value) == (
        "s.csv, row 3, column district: expected Lima, the district 150101 of the districts file, found 'ANCÓN'"
    )


@pytest.mark.parametrize(("reports", "value"), [("", None), ("0", 0), ("460", 460)])
def test_reports_are_optional(reports, value):
    header, *rows = STATIONS.decode().splitlines()
    content = "\n".join([f"{header},ipv_reports", *(f"{row},{reports}" for row in rows)]).encode()
    assert {row.ipv_reports for row in read(stations=content)[0]} == {value}


@pytest.mark.parametrize("reports", ["-1", "4.5", "many"])
def test_wrong_number_of_reports_is_told(reports):
    header, first, *rows = STATIONS.decode().splitlines()
    content = "\n".join([f"{header},ipv_reports", f"{first},{reports}", *(f"{row}," for row in rows)]).encode()
    with pytest.raises(TableFileError, match=r"s.csv, row 2, column ipv_reports: expected a whole number from 0"):
        read(stations=content)


def test_reports_are_part_of_the_hash():
    stations, districts = read()
    counted = [replace(stations[0], ipv_reports=460), *stations[1:]]
    assert frame_sha256(counted, districts) != frame_sha256(stations, districts)
    assert '"ipv_reports":null' in canonical_json(frame_content(stations, districts))
