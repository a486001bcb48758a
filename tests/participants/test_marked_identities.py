"""Marked identities through every form of the study, then a search for them wherever something is kept.

A small study is run. Every page that the access table opens to somebody is fetched with real objects; each form on it
is filled in with marks, fittingly and as nonsense, and sent. A form or a text field that no mark reached fails the
test: a new one must be reachable by this walk (OBJECTS of `test_concealment`, or MORE), or stand in SENT (programs).
Marks of forms that are not about women (PUBLIC) may stand in tables that hold just that; in no log, queue or address.
"""

import base64
import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from pprint import pformat

import polars as pl
import psycopg2
import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.core.management import call_command
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from accounts.access import may_open
from accounts.roles import Role
from ivp_study.embedded import var_folder
from participants.models import Erasure, Participant
from participants.queries import sealed_rows
from participants.sealed_fields import SEALED_FIELDS
from participants.sealing import unseal_bytes
from participants.services import request_erasure
from risk.models import Assessment, Lowering, Scale
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import Commitment
from surveys.models import PhoneEntry, SurveyCase
from tests.architecture.reading import READERS
from tests.architecture.test_access import patterns
from tests.architecture.test_concealment import OBJECTS, addresses, one_of_each, people, signed_in
from tests.factories import UserFactory
from tests.fixtures.databases import CommittedStudy
from tests.fixtures.logs import Kept, every_line_kept
from tests.participants.marked_forms import DIGITS, LETTERS, PUBLIC, PUBLIC_LETTERS, report_sent
from tests.participants.marked_walk import Walk, walked, watched_forms
from tests.risk.test_nothing_in_clear import pg_dump
from tests.surveys.test_entries import attempt, sync
from training.models import Session

# Sealed fields that the walk does not come to write.
UNREACHED = {
    ("interviews.InterviewFile", "sealed_key"): "a key, not words",
    ("interviews.TranscriptVersion", "sealed_text"): "read out of a file, which comes by pieces",
    ("complaints.Complaint", "sealed_text"): "only with her code, which the walk does not write",
    ("complaints.ComplaintStep", "sealed_note"): "only of a complaint with her code",
    ("participants.ContactOverride", "sealed_reason"): "only at hours when she may not be reached",
    ("safety.AdverseEvent", "sealed_note"): "only of a case that was judged to be one",
    ("surveys.CallAttempt", "sealed_reason"): "only at hours when she may not be reached",
    ("surveys.Submission", "sealed_instance"): "only by the questionnaire's script or another program",
    ("surveys.SubmissionVersion", "sealed_instance"): "only by the questionnaire's script",
    ("surveys.PaperEntry", "sealed_instance"): "only by the questionnaire's script",
    ("surveys.SurveySitting", "sealed_draft"): "only by the questionnaire's script",
    ("surveys.PhoneEntry", "sealed_content"): "only by the application on a phone",
}
# Forms that this world does not show at every hour and in every state; their own rooms' tests fill them in.
UNSHOWN = {
    "participants.forms.messages.OutsideMessageForm.sentence": "only at hours when she may not be reached",
    "data_protection.forms.requests.CorrectionForm.full_name": "only of a checked request to correct her data",
    "data_protection.forms.requests.CorrectionForm.document": "only of a checked request to correct her data",
    "safety.forms.HandOverForm.note": "only where there is another safety officer",
    "data_protection.forms.requests.AnswerForm.note": "only once it was checked who asks",
    "panel.forms.releases.DecisionForm.note": "only of a release that waits for another person",
    "panel.forms.plans.PlanForm.reason": "only where a plan is locked already",
    "panel.forms.plans.UnblindingAskForm.reason": "only where a plan is locked",
    "panel.forms.plans.UnblindingAskForm.early_reason": "only where a plan is locked",
    "panel.forms.plans.UnblindingApproveForm.typed_hash": "only of a request that waits for another person",
    "data_lock.forms.ProposeForm.reason": "only of a cut that was looked at, which its address names",
    "data_lock.forms.LiftSignForm.lifting": "only of a lock whose lifting waits for another person",
    "data_lock.forms.LiftSignForm.password": "only of a lock whose lifting waits for another person",
    "phone.forms.AttemptEntrySerializer.sentence": "only by the application on a phone",
    "phone.forms.DebriefEntrySerializer.note": "only by the application on a phone",
    "phone.forms.SurveyEntrySerializer.xml": "only by the application on a phone",
    "data_protection.forms.requests.FoundForm.study_code": "only of a request by somebody who is not known yet",
}


# --- Objects of pages that OBJECTS does not need ---------------------------------------------------------------------


def lowerings() -> list[object]:
    """Return proposals to lower a level, one of a woman of each station that has a sheet of hers."""
    for assessment in one_of_each(Assessment.objects.order_by("pk"), lambda sheet: sheet.participant.station_id):
        if not Lowering.objects.filter(participant=assessment.participant).exists():
            now = timezone.now()
            Lowering.objects.create(
                participant=assessment.participant, assessment=assessment, from_level="severo_1", from_rank=2,
                to_level="leve", to_rank=0, proposed_at=now, due_at=now,
            )  # fmt: skip
    return list(Lowering.objects.values_list("pk", flat=True))


def erasures() -> list[object]:
    """Return an erasure that an administrator asked for and another has to confirm."""
    woman, now = Participant.objects.in_follow_up().latest("pk"), timezone.now()
    Participant.objects.filter(pk=woman.pk).update(status="withdrawn", status_changed_at=now)
    asker = UserFactory(role=Role.ADMINISTRATOR)
    return [request_erasure(by=asker, participant=woman, reason=Erasure.Reason.values[0], now=now).pk]


def held_entries() -> list[object]:
    """Return an attempt that a telephone sent when its survey was over."""
    now = timezone.now()
    case = SurveyCase.objects.filter(status="done", participant__in=Participant.objects.in_follow_up()).earliest("pk")
    made = attempt(case, attempted_at=now)
    sent_now = replace(made, at=now, whole={**made.whole, "at": now.isoformat()})
    sync(case.participant.interviewer, sent_now, now=now)
    return list(PhoneEntry.objects.held().values_list("pk", flat=True))


MORE: dict[str, Callable[[], list[object]]] = {
    "held_id": held_entries,
    "commitment_id": lambda: list(Commitment.objects.values_list("pk", flat=True)),
    "session_id": lambda: list(Session.objects.order_by("-pk").values_list("pk", flat=True)[:4]),
    "module": lambda: [1, 2],
    "erasure_id": erasures,
    "lowering_id": lowerings,
    "scale_id": lambda: list(Scale.objects.values_list("pk", flat=True)),
    "language": lambda: ["es"],
}


def failing_reports(owner_url: str) -> None:
    """Write a report down while its table is away: the page breaks, and the log says so."""
    client = signed_in(people(Role.SUPERVISOR)[0], "es")
    client.raise_request_exception = False
    renamed = "ALTER TABLE participants_reportbox RENAME TO {}"
    connection = psycopg2.connect(owner_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(renamed.format("away"))
        answer = client.post(reverse("report_new"), {**report_sent(), "full_name": f"{LETTERS} Apellido"})
        cursor.execute("ALTER TABLE away RENAME TO participants_reportbox")
    connection.close()
    assert answer.status_code == 500
    assert LETTERS not in answer.content.decode()


# --- Where to search -------------------------------------------------------------------------------------------------


def queue_text(url: str) -> str:
    """Return every key of the queue's server with all that it holds, the bodies of messages decoded."""
    client = redis.from_url(url)
    readers = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        # Of another process of the tests, and gone since it was listed.
        b"none": lambda _key: "",
    }
    text = "".join(f"{key} {readers[client.type(key)](key)}" for key in client.scan_iter())
    client.close()
    bodies = re.findall(r'"body": "([A-Za-z0-9+/=]+)"', text)
    return text + "".join(base64.b64decode(body).decode() for body in bodies)


def drained(url: str, *, within_s: int = 300) -> None:
    """Wait until the worker has taken every message of its own queue; others beside it have their own."""
    client = redis.from_url(url)
    queue = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}celery"
    give_up_at = time.monotonic() + within_s
    while client.llen(queue):
        assert time.monotonic() < give_up_at, "the worker did not take every message"
        time.sleep(0.2)
    client.close()


def exports(folder: Path) -> str:
    """Return every export, with its codebook."""
    for file_format in ("csv", "parquet"):
        out = folder / file_format
        call_command("export_panel", "--dataset", "all", "--format", file_format, "--out", out, stdout=io.StringIO())
    readers = {
        ".csv": lambda file: file.read_text(encoding="utf-8"),
        ".parquet": lambda file: pl.read_parquet(file).write_csv() + str(pl.read_parquet_metadata(file)),
    }
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == set(readers)
    return "".join(readers[file.suffix](file) for file in files)


def pages_without_identity() -> Iterator[tuple[str, str]]:
    """Yield every page and download of the roles that see no identity."""
    for role in (Role.RESEARCHER, Role.STATISTICIAN, Role.ETHICS_BOARD, Role.ADMINISTRATOR):
        client = signed_in(people(role)[0], "es")
        for pattern in patterns():
            if may_open(role, pattern.name) and pattern.name != "schema":
                for address in addresses(pattern)[:3]:
                    yield f"{role} {address}", whole(client.get(address))


def whole(response: HttpResponseBase) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    read = READERS.get(response.get("Content-Type", "").partition(";")[0], partial(str, encoding="latin-1"))
    response.close()
    return f"{response.headers} {read(content)}"


def found(places: dict[str, str], marks: set[str]) -> list[tuple[str, str]]:
    written = marks | {mark.encode().hex() for mark in marks} | {mark.lower() for mark in marks}
    return [(place, mark) for place, text in places.items() for mark in sorted(written) if mark in text]


@pytest.mark.timeout(1800)
@pytest.mark.requirement("F36", "F38", "N29")
def test_marks_through_every_form_are_found_nowhere(committed_study, celery_worker_process, tmp_path, monkeypatch):
    now = timezone.now()
    world = WorldSettings(seed=1, as_of=timezone.localdate(now), clusters=8, participants=64, elapsed_months=4)
    with every_line_kept() as kept:
        load_study(world, now=now, say=lambda _text: None)
        # Found once: what the walk sends changes them.
        for part in {**OBJECTS, **MORE}:
            makers = [maker for maker in (OBJECTS.get(part), MORE.get(part)) if maker is not None]
            monkeypatch.setitem(OBJECTS, part, partial(list, [one for maker in makers for one in maker()]))

        reached = watched_forms(monkeypatch)
        failing_reports(committed_study.urls.owner_database)
        walk = walked()
        drained(committed_study.urls.redis)

    problems = {
        "broken pages": walk.failed,
        "sealed nowhere": sorted(
            {(field.model, field.field) for field in SEALED_FIELDS} - sealed_with_mark() - UNREACHED.keys()
        ),
        "no mark came to": sorted({f"{form}.{name}" for form, name in reached.missed()} - UNSHOWN.keys()),
        "typed into an address": sorted(walk.by_address - set(PUBLIC)),
        "left traces": found(traces(walk, kept, committed_study, tmp_path), {LETTERS, DIGITS, PUBLIC_LETTERS}),
        "stored in clear": found(stores(committed_study, tmp_path), {LETTERS, DIGITS}),
    }
    if wrong := {what: which for what, which in problems.items() if which}:
        pytest.fail(pformat(wrong, width=160))


def sealed_with_mark() -> set[tuple[str, str]]:
    """Return the sealed fields that hold a mark, or a signed copy: the walk wrote, and not only tried."""
    opened = (
        (row.field, unseal_bytes(row.participant, row.sealed, purpose=row.field.purpose)) for row in sealed_rows()
    )
    return {
        (field.model, field.field)
        for field, content in opened
        if LETTERS.encode() in content or content.startswith(b"%PDF")
    }


def traces(walk: Walk, kept: Kept, study: CommittedStudy, folder: Path) -> dict[str, str]:
    """Return what may hold no mark at all: logs, the queue, addresses, titles, cookies."""
    return {
        "log": "\n".join(kept.lines),
        "worker": (folder / "worker.log").read_text(),
        "servers": "".join(file.read_text(errors="replace") for file in var_folder().rglob("*.log")),
        "queue": queue_text(study.urls.redis),
        **{f"{kind} {number} {text[:80]}": text for number, (kind, text) in enumerate(walk.told)},
    }


def stores(study: CommittedStudy, folder: Path) -> dict[str, str]:
    """Return what may hold no mark of a woman: the database, sessions, exports, and pages without identity."""
    dump = pg_dump(study.urls.owner_database)
    assert PUBLIC_LETTERS in dump
    for file_format in ("csv", "parquet"):
        (folder / "exports" / file_format).mkdir(parents=True)
    return {
        "database": dump,
        "sessions": "".join(str(session.get_decoded()) for session in BrowserSession.objects.all()),
        "exports": exports(folder / "exports"),
        **dict(pages_without_identity()),
    }


def test_a_mark_is_found_however_it_is_written():
    clear, as_bytes, small = f"a {LETTERS} b", f"\\x{LETTERS.encode().hex()}", LETTERS.lower()

    assert [len(found({"place": text}, {LETTERS})) for text in (clear, as_bytes, small, "Rosa")] == [1, 1, 1, 0]
