"""What she sealed on a phone of hers comes back to her, and to nobody else; a wipe gives the phone another part."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.urls import reverse

from accounts.services import revoke_sessions
from audit.models import Event
from participants.models import HeldSecret
from phone.user_refs import user_refs
from tests.factories import NOW
from tests.fixtures.databases import CHECKOUT
from tests.phone.conftest import chose_own_password, phone_of
from tests.visits.test_phone_core import run_node
from tests.visits.test_views import signed_in
from visits import services
from visits.models import Device, SealingKey
from visits.parcels import to_text


@pytest.fixture
def seal(tmp_path: Path):
    """Seal a value under a context as a phone does, with the phone's own code."""
    module = (CHECKOUT / "static" / "js" / "offline" / "seal.js").as_uri()
    script = tmp_path / "seal.mjs"
    script.write_text(
        f'import {{ sealToServer }} from "{module}";\n'
        'import { webcrypto } from "node:crypto";\n'
        'import { readFileSync } from "node:fs";\n'
        "globalThis.crypto ??= webcrypto;\n"
        "const { server, values } = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const sealed = values.map(([value, context]) => sealToServer(server, value, context));\n"
        "console.log(JSON.stringify(await Promise.all(sealed)));\n"
    )

    def sealed(key: SealingKey, *values: tuple[object, str]) -> list[dict]:
        given = {"server": {"id": key.pk, "key": to_text(bytes(key.public_point))}, "values": values}
        return json.loads(run_node(str(script), given=json.dumps(given)))

    return sealed


def context(user, device, kind="log", secret=None) -> str:
    return f"{kind} {uuid4()} {user_refs(user.pk, [secret or django_settings.SECRET_KEY])[0]} {device.pk}"


def ask(user, device, parcels):
    body = {"device": str(device.pk), "parcels": parcels}
    return signed_in(user).post(reverse("phone_parcels"), body, content_type="application/json")


def wipe(user, device):
    return signed_in(user).post(reverse("phone_wipe"), {"device": str(device.pk)}, content_type="application/json")


@pytest.mark.requirement("F19", "N2")
def test_what_she_sealed_comes_back_also_from_a_phone_that_was_closed_and_an_older_key(field, seal):
    old_phone = phone_of(field.officer)
    key = services.sealing_key_in_use(by=field.officer, now=NOW)
    words = [context(field.officer, old_phone), context(field.officer, old_phone, "draft")]
    parcels = seal(key, ({"log": {"note": "Rosa ñ 😀"}}, words[0]), ({"draft": 1}, words[1]))
    revoke_sessions(by=field.supervisor, user=field.officer, now=NOW)
    call_command("turn_sealing_key")
    chose_own_password(field.officer)
    phone = phone_of(field.officer)

    answer = ask(field.officer, phone, parcels)

    assert answer.json()["contents"] == [
        {"context": words[0], "value": {"log": {"note": "Rosa ñ 😀"}}},
        {"context": words[1], "value": {"draft": 1}},
    ]
    assert answer.json()["closed"] == 0
    event = Event.objects.get(action="phone.open_parcels")
    assert (event.object_id, event.details) == (str(phone.pk), {"parcels": 2, "opened": 2})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.requirement("F19")
def test_another_persons_parcels_stay_closed(field, seal):
    hers, his = phone_of(field.officer), phone_of(field.supervisor)
    key = services.sealing_key_in_use(by=field.officer, now=NOW)
    wrong = [context(field.supervisor, his), context(field.officer, his), context(field.supervisor, hers), "log 1"]
    parcels = seal(key, *(("secret", words) for words in wrong))
    relabelled = {**parcels[0], "context": context(field.officer, hers)}

    answer = ask(field.officer, hers, [*parcels, relabelled, {"version": 1}, {**parcels[0], "key_id": "k9"}])

    assert (answer.json()["contents"], answer.json()["closed"]) == ([], 7)
    assert "secret" not in answer.content.decode()


def test_parcels_sealed_before_the_servers_key_changed_still_come_back(field, seal, settings):
    phone = phone_of(field.officer)
    settings.SECRET_KEY_FALLBACKS = ["before"]
    words = context(field.officer, phone, secret="before")
    (parcel,) = seal(services.sealing_key_in_use(by=field.officer, now=NOW), ("hers", words))
    assert ask(field.officer, phone, [parcel]).json()["contents"][0]["value"] == "hers"


def test_only_a_phone_of_hers_in_use_may_ask(field):
    phone = phone_of(field.supervisor)
    assert ask(field.officer, phone, [{}]).json()["code"] == "device_unknown"
    services.revoke_devices(by=field.supervisor, user=field.supervisor, now=NOW)
    assert ask(field.supervisor, phone, [{}]).json()["code"] == "device_revoked"
    assert ask(field.officer, phone_of(field.officer), []).status_code == 400


@pytest.mark.requirement("F23", "N2")
def test_a_wipe_is_on_record_and_what_the_old_part_opened_stays_closed(field):
    phone = phone_of(field.officer)
    before = services.give_server_part(by=field.officer, device_id=phone.pk, now=NOW)

    first, again = wipe(field.officer, phone), wipe(field.officer, phone)

    assert (first.status_code, again.status_code) == (200, 200)
    after = services.give_server_part(by=field.officer, device_id=phone.pk, now=NOW)
    assert (len(after), after == before) == (32, False)
    phone.refresh_from_db()
    assert (phone.wipes, phone.part_fetches, phone.wiped_at is None) == (1, 1, False)
    assert HeldSecret.objects.filter(name__startswith=f"device {phone.pk}", wrapped=None).count() == 1
    told = Event.objects.filter(action="visits.report_wipe").order_by("pk").values_list("details", flat=True)
    assert list(told) == [{"again": False}, {"again": True}]
    assert wipe(field.officer, phone).status_code == 200
    assert Device.objects.get(pk=phone.pk).wipes == 2


def test_nobody_wipes_anothers_phone(field):
    phone = phone_of(field.officer)
    assert wipe(field.supervisor, phone).json()["code"] == "device_unknown"
    assert Device.objects.get(pk=phone.pk).wipes == 0


def test_command_turns_the_sealing_key(field, capsys):
    first = services.sealing_key_in_use(by=field.officer, now=NOW)
    call_command("turn_sealing_key")
    second = services.sealing_key_in_use(by=field.officer, now=NOW)
    assert (first.pk, second.pk) == ("k1", "k2")
    assert "k2" in capsys.readouterr().out
    assert Event.objects.filter(action="visits.turn_sealing_key").count() == 2
