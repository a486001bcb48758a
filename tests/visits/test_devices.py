"""Officers' phones: registered for one officer, given their part of the key, closed with her sessions."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from accounts.services import revoke_sessions
from audit.models import Event
from participants import sealing
from participants.models import HeldSecret
from tests.factories import NOW, UserFactory
from tests.visits.test_views import signed_in
from visits import services
from visits.models import Device, SealingKey
from visits.parcels import from_text, public_point
from visits.services.participation import PLANNER

LATER = NOW + timedelta(hours=1)


def register(by, device_id=None):
    return services.register_device(by=by, device_id=device_id or uuid4(), now=NOW)


def part(by, device, now=LATER):
    return services.give_server_part(by=by, device_id=device.pk, now=now)


@pytest.mark.requirement("F23")
def test_a_phone_has_a_part_of_its_own_that_is_stored_wrapped_only(field):
    device, other = register(field.officer), register(field.officer)

    first, again = part(field.officer, device), part(field.officer, device)

    assert (len(first), first == again, first == part(field.officer, other)) == (32, True, False)
    stored = HeldSecret.objects.get(pk=device.server_part_id)
    assert first not in bytes(stored.wrapped)
    device.refresh_from_db()
    assert (device.part_fetches, device.last_seen_at) == (2, LATER)
    assert Event.objects.filter(action="visits.give_server_part", object_id=str(device.pk)).count() == 2


def test_registered_again_it_is_the_same_phone(field):
    device = register(field.officer)
    assert register(field.officer, device.pk) == device
    assert Device.objects.count() == HeldSecret.objects.count() == 1


@pytest.mark.requirement("F23")
def test_a_phone_is_nobody_elses(field):
    device = register(field.officer)
    with pytest.raises(services.DeviceUnknown):
        register(field.supervisor, device.pk)
    with pytest.raises(services.DeviceUnknown):
        part(field.supervisor, device)
    with pytest.raises(services.DeviceUnknown):
        services.give_server_part(by=field.officer, device_id=uuid4(), now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR, Role.INTERVIEWER}))
def test_no_other_role_has_a_phone(field, role):
    with pytest.raises(PermissionMissing):
        register(UserFactory(role=role))


@pytest.mark.requirement("F23")
def test_ending_her_sessions_closes_her_phones_and_destroys_their_parts(field):
    device, colleagues = register(field.officer), register(field.supervisor)

    revoke_sessions(by=field.supervisor, user=field.officer, now=LATER)

    device.refresh_from_db()
    assert device.revoked_at == LATER
    kept = HeldSecret.objects.get(pk=device.server_part_id)
    assert (kept.wrapped, kept.destroyed_at) == (None, LATER)
    with pytest.raises(services.DeviceRevoked):
        part(field.officer, device)
    with pytest.raises(services.DeviceRevoked):
        register(field.officer, device.pk)
    assert part(field.supervisor, colleagues)
    assert Event.objects.get(action="visits.revoke_device").object_id == str(device.pk)


def test_nobody_without_the_permission_closes_phones(field):
    register(field.officer)
    with pytest.raises(PermissionMissing):
        services.revoke_devices(by=PLANNER, user=field.officer, now=NOW)


def test_a_phone_says_how_it_stands(field):
    device, oldest = register(field.officer), NOW - timedelta(days=2)
    state = services.DeviceState(clock_skew_s=-40, unsent_count=3, oldest_unsent_at=oldest)

    services.hear_of_device(by=field.officer, device_id=device.pk, state=state, now=LATER)

    device.refresh_from_db()
    assert (device.clock_skew_s, device.unsent_count, device.oldest_unsent_at, device.last_seen_at) == (
        -40, 3, oldest, LATER,
    )  # fmt: skip


def test_a_new_sealing_key_takes_over_and_the_old_one_still_opens(field):
    first = services.sealing_key_in_use(by=field.officer, now=NOW)
    assert services.sealing_key_in_use(by=field.officer, now=NOW) == first
    keeper = services.devices.SystemActor("keys", frozenset({"keep_vault"}))

    second = services.turn_sealing_key(by=keeper, now=LATER)

    assert services.sealing_key_in_use(by=field.officer, now=LATER) == second
    first.refresh_from_db()
    assert first.retired_at == LATER
    assert public_point(sealing.secret_of(first.private_part)) == bytes(first.public_point)
    with pytest.raises(PermissionMissing):
        services.turn_sealing_key(by=field.supervisor, now=NOW)


def test_held_secrets_turn_with_the_master_key_and_are_checked(field, settings, capsys):
    device = register(field.officer)
    before = part(field.officer, device)
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = "next:" + "A" * 43 + "=," + old

    call_command("rotate_vault")

    settings.VAULT_KEYS = "next:" + "A" * 43 + "="
    assert HeldSecret.objects.get().master_key_id == "next"
    assert part(field.officer, device) == before
    HeldSecret.objects.update(name="device of somebody else")
    with pytest.raises(Exception, match="not whole"):
        call_command("verify_vault")
    assert "device of somebody else: the secret does not open" in capsys.readouterr().err


@pytest.mark.requirement("F23", "F47")
def test_a_phone_registers_and_fetches_its_part_over_the_line(field):
    client, device_id = signed_in(field.officer), uuid4()
    ahead = (timezone.now() + timedelta(minutes=7)).isoformat()
    body = {"id": str(device_id), "sent_at": ahead, "unsent_count": 2, "oldest_unsent_at": NOW.isoformat()}

    said = client.post(reverse("device_api"), body, content_type="application/json").json()
    answer = client.post(reverse("device_api_part", args=[device_id]), content_type="application/json")

    key = SealingKey.objects.get()
    assert said["key"]["id"] == key.pk
    assert from_text(said["key"]["key"]) == bytes(key.public_point)
    device = Device.objects.get(pk=device_id)
    assert 360 <= device.clock_skew_s <= 420
    assert from_text(answer.json()["server_part"]) == sealing.secret_of(device.server_part)
    assert answer["Cache-Control"] == "no-store"
    elsewhere = signed_in(field.stranger).post(reverse("device_api_part", args=[device_id]))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "device_unknown")
