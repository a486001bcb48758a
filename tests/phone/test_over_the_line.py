"""The sync against a real gunicorn and PostgreSQL: cut lines, dying workers, a locked row, a database that says no."""

import json
import os
import random
import signal
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.utils import timezone

from audit.models import Event
from ivp_study.databases import with_database
from ivp_study.embedded import resolve_urls
from participants.models import Participant
from tests.factories import ParticipantFactory, VisitFactory, WeekPlanFactory
from tests.fixtures.processes import serving
from tests.visits.conftest import make_field
from tests.visits.test_phone_core import run_node
from tests.visits.test_views import signed_in
from visits.models import LogConflict, Visit, VisitLog
from visits.weeks import monday_of

pytestmark = [pytest.mark.worker, pytest.mark.real_clock]
WOMEN, VISITS_EACH, BATCH, LINES = 50, 200, 200, 4


@dataclass(frozen=True)
class Line:
    """What a signed-in phone needs to send."""

    port: int
    cookies: str
    token: str
    rng: random.Random = field(default_factory=lambda: random.Random(7))

    def request(self, logs: list[dict]) -> bytes:
        body = json.dumps({"logs": logs})
        return (
            f"POST /api/v1/sync/visits HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Cookie: {self.cookies}\r\nX-CSRFToken: {self.token}\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def send(self, logs: list[dict], *, timeout: float = 60) -> tuple[int, dict]:
        """Return the status and the answer. Raise OSError or ValueError when the line breaks."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as line:
            line.sendall(self.request(logs))
            head, _end, body = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1]) if head else 0
        return status, json.loads(body) if status == 200 else {}

    def send_and_hang_up(self, logs: list[dict], *, share: float) -> None:
        """Send a part of a batch, or all of it, and do not wait for the answer."""
        data = self.request(logs)
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(data[: int(len(data) * share)])


@contextmanager
def served(study, folder: Path, *, workers: int) -> Iterator[tuple[int, int]]:
    """Serve the study; give the port and the process that starts workers anew."""
    with serving(study, folder / "web.log", workers=workers) as (port, process):
        yield port, process.pid


def line_of(user, port: int) -> Line:
    client = signed_in(user)
    token = _get_new_csrf_string()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Line(port, f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={token}", token)


def visits_at(station, women: int, each: int) -> list[Visit]:
    """Plan so many visits of yesterday to each of so many women."""
    yesterday, ends = timezone.localdate() - timedelta(days=1), timezone.now() + timedelta(days=2)
    planned = []
    for _ in range(women):
        plan = WeekPlanFactory(participant=ParticipantFactory(station=station), monday=monday_of(yesterday))
        first = VisitFactory(plan=plan, planned_on=yesterday, grace_ends_at=ends, is_unplanned=True)
        planned += [first, *(copy_of(first) for _ in range(each - 1))]
    Visit.objects.bulk_create([visit for visit in planned if visit._state.adding])
    return planned


def copy_of(visit: Visit) -> Visit:
    values = {column.attname: getattr(visit, column.attname) for column in Visit._meta.concrete_fields}
    return Visit(**{**values, "id": uuid4()})


def log(visit: Visit) -> dict:
    at = (timezone.now() - timedelta(hours=20)).isoformat(timespec="milliseconds")
    return {"id": str(uuid4()), "visit": str(visit.pk), "outcome": "met", "occurred_at": at, "note": "todo tranquilo"}


def assert_each_exactly_once(logs: list[dict]) -> None:
    wanted = Counter({sent["id"]: 1 for sent in logs})
    assert Counter(str(pk) for pk in VisitLog.objects.values_list("pk", flat=True)) == wanted
    assert not LogConflict.objects.exists()
    told = Event.objects.filter(action="visits.log").values_list("object_id", flat=True)
    assert Counter(told) == Counter(sent["visit"] for sent in logs)
    assert Visit.objects.filter(status="done").count() == len(logs)


def workers_of(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


@pytest.mark.timeout(1800)
@pytest.mark.requirement("F20", "N3")
def test_ten_thousand_logs_over_a_bad_line_are_each_kept_once(committed_study, tmp_path):
    study = make_field()
    logs = [log(visit) for visit in visits_at(study.by_risk, WOMEN, VISITS_EACH)]
    assert len(logs) == 10_000
    rng = random.Random(11)
    todo = [*logs, *rng.sample(logs, 2_000)]
    rng.shuffle(todo)
    batches = [todo[start : start + BATCH] for start in range(0, len(todo), BATCH)]
    lock, cut = threading.Lock(), Counter()

    def phone(line: Line) -> None:
        while True:
            with lock:
                if not batches:
                    return
                batch, luck = batches.pop(), line.rng.random()
            acknowledged: set[str] = set()
            with suppress(OSError, ValueError):
                if luck < 0.3:
                    line.send_and_hang_up(batch, share=1 if luck < 0.2 else luck)
                    cut["hung up"] += 1
                else:
                    _status, answer = line.send(batch)
                    acknowledged = {result["id"] for result in answer.get("results", ()) if result["received_at"]}
            if waiting := [sent for sent in batch if sent["id"] not in acknowledged]:
                with lock:
                    batches.insert(0, waiting)

    with served(committed_study, tmp_path, workers=2) as (port, master):
        phones = [threading.Thread(target=phone, args=(line_of(study.officer, port),)) for _ in range(LINES)]
        for thread in phones:
            thread.start()
        while any(thread.is_alive() for thread in phones):
            time.sleep(2)
            if cut["killed"] < 3 and VisitLog.objects.count() > cut["killed"] * 2_000:
                with suppress(ProcessLookupError, IndexError):
                    os.kill(workers_of(master)[0], signal.SIGKILL)
                    cut["killed"] += 1
        for thread in phones:
            thread.join()

    assert cut["hung up"] > 5
    assert cut["killed"] >= 1
    assert_each_exactly_once(logs)


@pytest.mark.timeout(1800)
@pytest.mark.requirement("F20", "N3")
def test_the_phones_own_queue_brings_each_log_once_and_in_order_over_a_bad_line(committed_study, tmp_path):
    """The modules of the application in Node, in two tabs that nothing keeps apart but the queue itself.

    Answers are lost after the commit or cut in two, requests cut, sent twice at once, or come again after newer ones.
    """
    study = make_field()
    visits = visits_at(study.by_risk, 30, 50)
    random.Random(13).shuffle(visits)
    logs = [{**log(visit), "lane": str(visit.participant_id)} for visit in visits]
    at = (timezone.now() - timedelta(hours=20)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    spec = tmp_path / "queue.json"
    with served(committed_study, tmp_path, workers=2) as (port, _master):
        cookies = line_of(study.officer, port).cookies
        phone = {"cookies": cookies, "logs": [{**written, "at": at} for written in logs]}
        spec.write_text(json.dumps({"port": port, "phones": [phone]}))
        told = json.loads(run_node("scripts/bench_queue.mjs", str(spec), timeout_s=600))

    assert (told["received"], told["refused"], told["conflicts"]) == (len(logs), 0, 0)
    assert all(told["fates"].values()), told["fates"]
    assert_each_exactly_once(logs)
    assert_in_the_order_written(logs)


def assert_in_the_order_written(logs: list[dict]) -> None:
    """Compare the order in which each woman's logs were kept, as the audit has it, with that of the phone."""
    lane_of = {written["visit"]: written["lane"] for written in logs}
    kept, wrote = defaultdict(list), defaultdict(list)
    for visit in Event.objects.filter(action="visits.log").order_by("pk").values_list("object_id", flat=True):
        kept[lane_of[visit]].append(visit)
    for written in logs:
        wrote[written["lane"]].append(written["visit"])
    assert kept == wrote


@pytest.mark.requirement("F20")
def test_a_log_whose_answer_came_too_late_and_one_met_by_an_error_are_each_kept_once(committed_study, tmp_path):
    study = make_field()
    logs = [log(visit) for visit in visits_at(study.by_risk, 1, 2)]
    with served(committed_study, tmp_path, workers=1) as (port, _master):
        line = line_of(study.officer, port)
        with transaction.atomic():
            list(Participant.objects.select_for_update().order_by("pk"))
            with pytest.raises(TimeoutError):
                line.send(logs[:1], timeout=2)
        until = time.monotonic() + 60
        while not VisitLog.objects.exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert [result["status"] for result in line.send(logs[:1])[1]["results"]] == [200]

        with owner_of(connection.settings_dict["NAME"]) as owner:
            owner.execute("ALTER TABLE visits_logconflict RENAME TO gone")
            try:
                status, _answer = line.send(logs[1:])
            finally:
                owner.execute("ALTER TABLE gone RENAME TO visits_logconflict")
        assert status == 500
        assert [result["status"] for result in line.send(logs)[1]["results"]] == [200, 201]
    assert_each_exactly_once(logs)


@pytest.mark.requirement("F47")
def test_a_body_of_a_hundred_megabytes_is_refused_unread(committed_study, tmp_path):
    study = make_field()
    with served(committed_study, tmp_path, workers=1) as (port, master):
        line = line_of(study.officer, port)
        head = line.request([]).replace(b"Content-Length: 12", b"Content-Length: 104857600").partition(b"\r\n\r\n")[0]
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            with suppress(OSError):  # the server may hang up while it is still being told
                wire.sendall(head + b"\r\n\r\n" + b"[" * 1_000_000)
            assert b" 413 " in wire.recv(65536).split(b"\r\n")[0]
        (worker,) = workers_of(master)
        resident = Path(f"/proc/{worker}/status").read_text().partition("VmHWM:")[2].split()[0]
        assert int(resident) < 400_000  # kilobytes: the body was never in memory
        assert line.send([{"id": "x"}])[1]["results"][0]["status"] == 422


@contextmanager
def owner_of(name: str) -> Iterator[psycopg2.extensions.cursor]:
    owner = psycopg2.connect(with_database(resolve_urls().owner_database, name))
    owner.autocommit = True
    try:
        yield owner.cursor()
    finally:
        owner.close()
