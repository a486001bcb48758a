"""What an import does with each row, and that exactly what was shown is written."""

from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from stations.frame_file import FrameFiles, read_files
from stations.frame_import import Fate, FrameChange, plan_import
from stations.models import District, Frame, Station
from stations.services import FrameChangedMeanwhile, freeze_frame, import_frame
from tests.documents.test_tables import as_xlsx
from tests.factories import NOW
from tests.fixtures.study import DISTRICTS_FILE, STATIONS_FILE, SYSTEM

pytestmark = pytest.mark.django_db

STATIONS, DISTRICTS = STATIONS_FILE.read_bytes(), DISTRICTS_FILE.read_bytes()


def files(stations: bytes = STATIONS, districts: bytes = DISTRICTS) -> FrameFiles:
    return read_files(stations=stations, districts=districts, stations_name="s.csv", districts_name="d.csv")


def with_reports(reports: str = "460") -> bytes:
    """Return the stations with a column of reports, the first row's filled."""
    header, first, *others = STATIONS.decode().splitlines()
    return "\n".join([f"{header},ipv_reports", f"{first},{reports}", *(f"{row}," for row in others)]).encode()


def fates(plan) -> dict[Fate, list[str]]:
    return {fate: [change.code for change in plan.changes if change.fate == fate] for fate in Fate}


@pytest.mark.requirement("F48")
def test_every_row_has_its_fate(frame):
    lines = STATIONS.replace(b",68,4,3,3", b",69,4,3,3", 1).splitlines(keepends=True)
    plan = plan_import(files(b"".join([lines[0], *lines[2:], b"9999,150101,Lima,Nueva,80,8,2,1\n"])))
    found = fates(plan)
    assert (found[Fate.NEW], found[Fate.CHANGED], found[Fate.ABSENT]) == (["9999"], ["0406"], ["0405"])
    assert len(found[Fate.UNCHANGED]) == 43 + 113 - 2
    changed = next(change for change in plan.changes if change.fate == Fate.CHANGED)
    assert changed == FrameChange("station", "0406", "Conde La Vega", Fate.CHANGED, {"officers": (68, 69)})
    assert plan.counts() == {Fate.NEW: 1, Fate.CHANGED: 1, Fate.UNCHANGED: 154, Fate.ABSENT: 1}


def test_rows_that_are_right_have_a_fate_beside_those_that_are_wrong(frame):
    plan = plan_import(files(STATIONS.replace(b",68,4,3,3", b",x,4,3,3", 1)))
    assert [str(problem) for problem in plan.problems] == [
        "s.csv, row 3, column officers: expected a whole number from 0, found 'x'"
    ]
    found = fates(plan)
    assert (len(found[Fate.UNCHANGED]), found[Fate.ABSENT]) == (43 + 112, [])


def test_import_writes_new_and_changed_rows_and_leaves_absent_ones(frame):
    stations, districts = frame
    changed, added = replace(stations[0], officers=94, ubigeo="150102"), replace(stations[1], code="9999")
    plan = import_frame(by=SYSTEM, stations=[changed, added], districts=districts[:1])
    assert plan.counts() == {Fate.NEW: 1, Fate.CHANGED: 1, Fate.UNCHANGED: 1, Fate.ABSENT: 112 + 42}
    assert Station.objects.count() == 114
    stored = Station.objects.get(code=changed.code)
    assert (stored.officers, stored.district_id) == (94, "150102")
    assert Event.objects.latest("id").details == {"new": 1, "changed": 1}


def test_district_is_changed_by_its_code(frame):
    stations, districts = frame
    richer = replace(districts[0], poverty_pct_2018=Decimal("7.95"))
    plan = import_frame(by=SYSTEM, stations=stations, districts=[richer, *districts[1:]])
    (changed,) = [change for change in plan.changes if change.fate == Fate.CHANGED]
    assert (changed.kind, changed.changed) == ("district", {"poverty_pct_2018": (Decimal("7.96"), Decimal("7.95"))})
    assert District.objects.get(pk=richer.ubigeo).poverty_pct_2018 == Decimal("7.95")


def test_reports_are_stored_and_left_when_a_file_does_not_give_them(frame):
    read = files(with_reports())
    assert import_frame(by=SYSTEM, stations=read.stations, districts=read.districts).counts()[Fate.CHANGED] == 1
    assert list(Station.objects.filter(ipv_reports__isnull=False).values_list("code", "ipv_reports")) == [("0405", 460)]
    assert plan_import(files()).writes_nothing
    assert plan_import(files(with_reports(""))).writes_nothing
    (changed,) = [change for change in plan_import(files(with_reports("0"))).changes if change.fate == Fate.CHANGED]
    assert changed.changed == {"ipv_reports": (460, 0)}


def test_import_is_recorded_by_the_hash_that_freezing_gives(frame):
    frozen = freeze_frame(by=SYSTEM, now=NOW)
    assert Event.objects.get(action="stations.import_frame").object_id == frozen.sha256[:12]


def test_frozen_frame_holds_the_reports(frame):
    before = freeze_frame(by=SYSTEM, now=NOW)
    read = files(with_reports())
    import_frame(by=SYSTEM, stations=read.stations, districts=read.districts)
    after = freeze_frame(by=SYSTEM, now=NOW)
    assert [station["ipv_reports"] for station in before.stations[:2]] == [None, None]
    assert [station["ipv_reports"] for station in after.stations[:2]] == [460, None]
    assert Frame.objects.count() == 2


def test_only_what_was_shown_is_written(frame):
    read = files(STATIONS.replace(b",68,4,3,3", b",69,4,3,3", 1))
    shown = plan_import(read).fingerprint
    Station.objects.filter(code="0406").update(officers=67)
    with pytest.raises(FrameChangedMeanwhile):
        import_frame(by=SYSTEM, stations=read.stations, districts=read.districts, seen=shown)
    assert Station.objects.get(code="0406").officers == 67
    again = plan_import(read).fingerprint
    import_frame(by=SYSTEM, stations=read.stations, districts=read.districts, seen=again)
    assert Station.objects.get(code="0406").officers == 69


def test_other_rows_than_those_shown_are_not_written(protocol):
    read = files()
    others = [replace(read.stations[0], officers=999), *read.stations[1:]]
    with pytest.raises(FrameChangedMeanwhile):
        import_frame(by=SYSTEM, stations=others, districts=read.districts, seen=plan_import(read).fingerprint)
    assert not Station.objects.exists()


# --- The command -----------------------------------------------------------------------------------------------------


def test_dry_run_of_the_command_tells_the_fate_of_each_row(frame, tmp_path):
    changed, out = tmp_path / "stations.csv", StringIO()
    changed.write_bytes(STATIONS.replace(b",68,4,3,3", b",69,4,3,3", 1))
    call_command("load_frame", changed, DISTRICTS_FILE, "--dry-run", stdout=out)
    lines = out.getvalue().splitlines()
    assert (lines[0], lines[44]) == ("district 150101: unchanged", "station 0406: changed (officers 68 → 69)")
    assert lines[-1] == "113 stations, 43 districts: 0 rows new, 1 changed (dry run, nothing written)."


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_command_names_what_is_wrong_and_writes_nothing(protocol, tmp_path, arguments):
    wrong = tmp_path / "stations.csv"
    wrong.write_bytes(STATIONS.replace(b",68,4,3,3", b",x,4,3,3", 1))
    with pytest.raises(CommandError, match=r"^stations.csv, row 3, column officers: expected a whole number") as error:
        call_command("load_frame", wrong, DISTRICTS_FILE, *arguments, stdout=StringIO())
    assert error.value.returncode == 2
    assert not Station.objects.exists()


def test_workbooks_are_the_same_frame_as_their_csv(protocol, tmp_path):
    paths = []
    for source in (STATIONS_FILE, DISTRICTS_FILE):
        paths.append(tmp_path / f"{source.stem}.xlsx")
        paths[-1].write_bytes(as_xlsx([line.split(",") for line in source.read_text().splitlines()]))
    out = StringIO()
    call_command("load_frame", *paths, stdout=out)
    assert out.getvalue() == "113 stations, 43 districts: 156 rows new, 0 changed.\n"
    assert plan_import(files()).writes_nothing
