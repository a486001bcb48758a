from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from django.db import connection

from stations.frame_file import FrameFiles, frame_sha256, read_frame
from stations.frame_import import plan_import
from stations.models import Frame, Station
from stations.services import FrameChangedMeanwhile, freeze_frame, import_frame
from tests.factories import NOW
from tests.fixtures.study import DISTRICTS_FILE, STATIONS_FILE, SYSTEM


def read():
    return read_frame(
        stations=STATIONS_FILE.read_bytes(),
        districts=DISTRICTS_FILE.read_bytes(),
        stations_name="s",
        districts_name="d",
    )


def together(*actions):
    """Run these at the same moment, each on a connection of its own; return what they gave."""
    start = Barrier(len(actions))

    def run(action):
        start.wait()
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_of_two_who_write_what_they_saw_one_is_told_to_look_again(committed_study):
    stations, districts = read()
    seen = plan_import(FrameFiles(stations, districts, [])).fingerprint

    def write():
        try:
            import_frame(by=SYSTEM, stations=stations, districts=districts, seen=seen)
        except FrameChangedMeanwhile:
            return "look again"
        return "written"

    assert sorted(together(write, write)) == ["look again", "written"]
    assert Station.objects.count() == 113


def test_frame_is_frozen_before_or_after_an_import_and_never_in_its_midst(committed_study):
    stations, districts = read()
    before = import_frame(by=SYSTEM, stations=stations, districts=districts).stations
    changed = [replace(row, officers=row.officers + 1) for row in before]
    together(
        lambda: import_frame(by=SYSTEM, stations=changed, districts=districts),
        lambda: freeze_frame(by=SYSTEM, now=NOW),
    )
    whole = {frame_sha256(before, districts), frame_sha256(changed, districts)}
    assert Frame.objects.get().sha256 in whole
