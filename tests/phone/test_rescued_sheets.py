"""A sealed file also brings sheets: each once, scored here, marked, as those of the officer who filled them in."""

import json
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.permissions import PermissionMissing
from audit.models import Event
from phone.services import import_rescued_sheets
from risk.models import Assessment, PhoneSheet
from risk.services import sync_sheets
from tests.factories import NOW, ParticipantFactory, ScaleFactory
from tests.phone.conftest import phone_of
from tests.phone.test_parcels import context, seal  # noqa: F401 (a fixture)
from tests.risk.test_scoring import ALL_NO, ALL_SI
from tests.risk.test_sheets import sheet
from tests.visits.test_sync import on_the_wire, sent, visit_at
from tests.visits.test_views import page_of, signed_in
from visits.models import VisitLog
from visits.services import sealing_key_in_use


def wired(sent_sheet) -> dict:
    return {"id": str(sent_sheet.id), **sent_sheet.content}


def bring_in(user, parcels) -> str:
    file = SimpleUploadedFile("agenda.json", json.dumps({"parcels": parcels}).encode())
    return page_of(signed_in(user).post(reverse("log_rescue"), {"file": file}))


@pytest.mark.requirement("F20", "F23")
def test_a_file_brings_logs_and_sheets_each_once(field, seal):  # noqa: F811 (the fixture)
    # given a phone with a log, a sheet, one of another station's woman, and a draft
    ScaleFactory()
    device, key = phone_of(field.officer), sealing_key_in_use(by=field.officer, now=NOW)
    visit = visit_at(field.by_risk)
    log, mine = sent(visit), sheet(visit.participant)
    others = sheet(ParticipantFactory(station=field.as_usual))
    values = [
        ("log", {"log": on_the_wire(log)}),
        ("sheet", {"sheet": wired(mine)}),
        ("sheet", {"sheet": wired(others)}),
        ("sheet", {"sheet": {"id": str(uuid4()), "answers": 3}}),
        ("draft", {"draft": {"kind": "log"}}),
    ]
    parcels = seal(
        key, *[({"device": str(device.pk), **said}, context(field.officer, device, kind)) for kind, said in values]
    )

    # when the supervisor brings it in twice
    page, again = bring_in(field.supervisor, parcels), bring_in(field.supervisor, parcels)

    # then log and sheet are kept once, and the page counts both kinds
    assert VisitLog.objects.get().pk == log.id
    kept = Assessment.objects.get()
    assert (kept.form_id, kept.assessed_by, kept.score) == (mine.id, field.officer, 4)
    assert kept.from_phone.marks == ["late", "rescued"]
    assert re.findall("<caption>(.*)</caption>", page) == ["Registros", "Fichas"]
    assert "Ya estaban aquí</th><td>1</td>" in again
    assert "No se aceptaron</th><td>2</td>" in page
    event = Event.objects.filter(action="phone.import_sheets").first()
    assert (event.actor, event.details) == (
        field.supervisor.audit_name,
        {"devices": [str(device.pk)], "officers": [field.officer.pk], "statuses": [201, 422]},
    )
    assert Event.objects.get(action="risk.assess").actor == field.supervisor.audit_name
    # and it waits for somebody to look at it
    assert "Llegó en un archivo del teléfono" in page_of(signed_in(field.supervisor).get(reverse("phone_list")))


def test_a_sheet_that_was_sent_after_all_stays_as_it_was(field):
    ScaleFactory()
    device, woman = phone_of(field.officer), visit_at(field.by_risk).participant
    one = sheet(woman)
    sync_sheets(by=field.officer, sent=[one], clock_skew_s=0, now=NOW)

    (same,) = import_rescued_sheets(by=field.supervisor, sent=[(device.pk, one)], now=NOW)
    other = sheet(woman, ALL_SI, sheet_id=one.id)
    (beside,) = import_rescued_sheets(by=field.supervisor, sent=[(device.pk, other)], now=NOW)

    assert (same.status, beside.status) == (200, 409)
    assert [set(one.marks) & {"rescued"} for one in PhoneSheet.objects.order_by("pk")] == [set(), {"rescued"}]


def test_only_supervisors_bring_sheets_in_and_unknown_phones_bring_none(field):
    ScaleFactory()
    woman = visit_at(field.by_risk).participant
    with pytest.raises(PermissionMissing):
        import_rescued_sheets(by=field.officer, sent=[], now=NOW)

    (refused,) = import_rescued_sheets(by=field.supervisor, sent=[(uuid4(), sheet(woman, ALL_NO))], now=NOW)

    assert (refused.status, refused.code, Assessment.objects.count()) == (422, "not_found", 0)
