"""A sealed file from a phone that cannot send: only this server opens it, and its logs are kept as any other."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.permissions import PermissionMissing
from audit.models import Event
from safety.models import SafetyCase
from tests.factories import NOW
from tests.fixtures.databases import CHECKOUT
from tests.visits.test_devices import register
from tests.visits.test_phone_core import run_node
from tests.visits.test_sync import on_the_wire, sent, statuses, visit_at
from tests.visits.test_views import page_of, signed_in
from visits import services
from visits.models import VisitLog
from visits.parcels import ParcelUnreadable, new_private_part, open_parcel, public_point, read_parcel, to_text


@pytest.fixture
def seal(tmp_path: Path):
    """Seal values as a phone does, with the phone's own code."""
    module = (CHECKOUT / "static" / "js" / "offline" / "seal.js").as_uri()
    script = tmp_path / "seal.mjs"
    script.write_text(
        f'import {{ sealToServer }} from "{module}";\n'
        'import { webcrypto } from "node:crypto";\n'
        'import { readFileSync } from "node:fs";\n'
        "globalThis.crypto ??= webcrypto;\n"
        "const { server, values } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const sealed = await Promise.all(values.map((value, n) => sealToServer(server, value, `log ${n}`)));\n"
        "console.log(JSON.stringify(sealed));\n"
    )

    def sealed(key_id: str, point: bytes, *values: object) -> list[dict]:
        given = {"server": {"id": key_id, "key": to_text(point)}, "values": values}
        return json.loads(run_node(str(script), given=json.dumps(given)))

    return sealed


def test_the_server_opens_what_a_phone_sealed_and_nothing_that_was_altered(seal):
    private = new_private_part()
    (data,) = seal("k1", public_point(private), {"note": "Rosa ñ 😀"})

    assert open_parcel(private, read_parcel(data)) == {"note": "Rosa ñ 😀"}
    with pytest.raises(ParcelUnreadable):
        open_parcel(new_private_part(), read_parcel(data))
    for name, other in (
        ("context", "log 9"),
        ("key_id", "k2"),
        ("iv", "A" * 16),
        ("point", to_text(b"\x04" + b"1" * 64)),
    ):
        with pytest.raises(ParcelUnreadable):
            open_parcel(private, read_parcel({**data, name: other}))


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"version": 2}, {"version": 1, "key_id": "k", "point": "§", "iv": "", "sealed": "", "context": ""}],
)
def test_what_is_no_parcel_is_not_read(data):
    with pytest.raises(ParcelUnreadable):
        read_parcel(data)


def file_of(parcels: object) -> SimpleUploadedFile:
    return SimpleUploadedFile("agenda.json", json.dumps({"parcels": parcels}).encode())


def bring_in(user, file) -> str:
    return page_of(signed_in(user).post(reverse("log_rescue"), {"file": file}))


def test_a_rescue_file_is_kept_as_the_logs_of_the_officer_who_wrote_it(field, seal):
    device, key = register(field.officer), services.sealing_key_in_use(by=field.officer, now=NOW)
    services.revoke_devices(by=services.devices.REVOCATION, user=field.officer, now=NOW)
    visits = [visit_at(field.by_risk), visit_at(field.by_risk), visit_at(field.as_usual)]
    logs = [sent(visit, note="Rosa") for visit in visits]
    values = [{"device": str(device.pk), "log": on_the_wire(log)} for log in logs]
    values.append({"device": str(device.pk), "log": {"id": str(uuid4()), "outcome": "fine"}})
    parcels = seal(key.pk, bytes(key.public_point), *values)

    page = bring_in(field.supervisor, file_of(parcels))
    again = bring_in(field.supervisor, file_of(parcels))

    kept = VisitLog.objects.order_by("received_at")
    assert {log.pk for log in kept} == {logs[0].id, logs[1].id}
    assert {(log.logged_by, tuple(log.breaches)) for log in kept} == {(field.officer, ("rescued",))}
    assert ["<td>2</td>" in page, "<td>2</td>" in again] == [True, True]
    event = Event.objects.filter(action="visits.import_rescue").first()
    assert (event.actor, event.details) == (
        field.supervisor.audit_name,
        {"devices": [str(device.pk)], "officers": [field.officer.pk], "statuses": [201, 201, 422]},
    )


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.json", b"{"),
        SimpleUploadedFile("a.json", b"[" * 100_000),
        SimpleUploadedFile("a.json", b'{"parcels": 3}'),
        SimpleUploadedFile("a.json", b'{"parcels": []}'),
        SimpleUploadedFile("a.json", b"\xff\xfe\x00"),
    ],
    ids=["broken", "deep", "a number", "none", "no text"],
)
def test_any_other_file_says_that_it_does_not_open(field, file):
    assert "no se abre aquí" in bring_in(field.supervisor, file)
    assert not VisitLog.objects.exists()


def test_a_file_for_another_server_says_so_too(field, seal):
    services.sealing_key_in_use(by=field.officer, now=NOW)
    parcels = seal("k1", public_point(new_private_part()), {"device": str(uuid4()), "log": {}})
    assert "no se abre aquí" in bring_in(field.supervisor, file_of(parcels))


@pytest.mark.requirement("F20", "N16")
def test_a_file_also_brings_what_a_closed_account_met_at_a_woman_who_went_over_since(field):
    visits = [visit_at(field.by_risk), visit_at(field.by_risk)]
    device = register(field.officer)
    type(visits[0].participant).objects.filter(pk=visits[0].participant_id).update(station=field.as_usual)
    type(field.officer).objects.filter(pk=field.officer.pk).update(is_active=False)
    logs = [(device.pk, sent(visit, outcome="unsafe", reason="weapon")) for visit in visits]

    results = services.import_rescue(by=field.supervisor, sent=logs, now=NOW)

    assert statuses(results) == [201, 201]
    assert SafetyCase.objects.count() == 2


def test_officers_bring_in_no_files(field):
    assert signed_in(field.officer).get(reverse("log_rescue")).status_code == 403
    with pytest.raises(PermissionMissing):
        services.open_rescue(by=field.officer, found=[], now=NOW)
    with pytest.raises(PermissionMissing):
        services.import_rescue(by=field.officer, sent=[], now=NOW)
