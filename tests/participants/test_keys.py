"""Turning the vault's master keys while it is in use, and checking that everything opens."""

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from accounts.permissions import PermissionMissing
from audit.models import Event
from participants import queries, sealing, services
from participants.identity import Identity
from participants.management.commands.rotate_vault import ROTATION
from participants.models import LookupHash, Participant, ReportBox, SealedCard, VaultKey
from participants.sealed_fields import SEALED_FIELDS
from safety.models import SafetyAction
from tests.participants.conftest import make_care
from tests.participants.test_services import MORNINGS, ROSA, enrol
from tests.safety.factories import SafetyActionFactory

HOME = Identity("Ana Torres", document="11112222", telephone="911111111", address="Av. Las Nubes 5")


def new_key(key_id: str) -> str:
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def command(name: str, **options) -> str:
    out = StringIO()
    call_command(name, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def old_keys(settings) -> str:
    return settings.VAULT_KEYS


@pytest.fixture
def two_women(care) -> list[Participant]:
    women = [enrol(care.supervisor, ROSA), enrol(care.supervisor, HOME)]
    ReportBox.objects.all().delete()  # see test_report_keys.py
    return women


@pytest.mark.requirement("F36")
def test_after_a_rotation_the_oldest_key_can_go(care, two_women, settings, old_keys):
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"

    assert "2 women and 0 staff cards moved to master key 2027." in command("rotate_vault")

    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]
    for woman, identity in zip(two_women, (ROSA, HOME), strict=True):
        assert sealing.open_card(Participant.objects.get(pk=woman.pk)) == identity
        with pytest.raises(services.AlreadyEnrolled):
            enrol(care.supervisor, identity)
    # Two cards, and the reports of the two attempts.
    assert [(use.key_id, use.data_keys, use.hashed_women) for use in queries.keys_in_use()] == [("2027", 4, 2)]
    assert "The vault is whole: 6 sealed rows open" in command("verify_vault")


def test_what_was_sealed_stays_as_it_was_and_each_woman_has_a_line_in_the_audit(two_women, settings, old_keys):
    sealed = list(SealedCard.objects.values_list("ciphertext", "sealed_at"))
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"

    command("rotate_vault")

    assert list(SealedCard.objects.values_list("ciphertext", "sealed_at")) == sealed
    events = Event.objects.filter(action="participants.rotate_keys").order_by("id")
    assert list(events.values_list("actor", "object_id", "details")) == [
        ("system:vault rotation", woman.study_code, {"from": "local", "to": "2027", "hashes": 2 * kinds})
        for woman, kinds in zip(two_women, (4, 4), strict=True)
    ]


def test_a_second_rotation_finds_nothing_to_do(two_women, settings, old_keys):
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"
    command("rotate_vault")
    before = (list(VaultKey.objects.values()), list(LookupHash.objects.values()), Event.objects.count())

    assert "0 women and 0 staff cards moved" in command("rotate_vault")
    assert "0 women and 0 staff cards moved" in command("rotate_vault", every_hash=True)
    assert (list(VaultKey.objects.values()), list(LookupHash.objects.values()), Event.objects.count()) == before


def test_a_rotation_that_was_cut_short_goes_on_where_it_stopped(two_women, settings, old_keys):
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"
    services.rotate_keys(by=ROTATION, participant_ids=[two_women[0].pk])

    assert queries.participants_to_rotate("2027") == [two_women[1].pk]
    assert "1 women and 0 staff cards moved" in command("rotate_vault")


def test_while_keys_turn_she_is_found_under_either(care, two_women, settings, old_keys):
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"
    services.rotate_keys(by=ROTATION, participant_ids=[two_women[0].pk])

    for identity in (ROSA, HOME):
        with pytest.raises(services.AlreadyEnrolled):
            enrol(care.supervisor, identity)


def test_hashes_that_an_older_version_left_out_are_made_again(two_women):
    LookupHash.objects.filter(kind="household").delete()
    with pytest.raises(CommandError, match="2 problems"):
        command("verify_vault")

    assert "2 women and 0 staff cards moved" in command("rotate_vault", every_hash=True)
    assert "The vault is whole" in command("verify_vault")


def test_a_card_that_does_not_open_is_named_and_left_while_the_others_turn(two_women, settings, old_keys):
    SealedCard.objects.filter(participant=two_women[0]).update(ciphertext=b"altered" * 10)
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"

    with pytest.raises(CommandError) as caught:
        command("rotate_vault")

    assert (caught.value.returncode, two_women[0].study_code in str(caught.value)) == (1, True)
    keys = VaultKey.objects.order_by("participant").values_list("master_key_id", flat=True)
    assert list(keys) == ["local", "2027"]


def test_a_key_that_is_not_configured_is_a_problem_and_no_crash(two_women, settings):
    settings.VAULT_KEYS = new_key("2027")

    with pytest.raises(CommandError, match="These do not open, and stay as they are"):
        command("rotate_vault")
    with pytest.raises(CommandError, match="4 problems in 4 sealed rows"):
        command("verify_vault")


def test_erased_women_are_left_alone(care, two_women, settings, old_keys, caplog):
    VaultKey.objects.filter(participant=two_women[0]).update(wrapped=None, destroyed_at=two_women[0].status_changed_at)
    settings.VAULT_KEYS = f"{new_key('2027')},{old_keys}"

    with pytest.raises(CommandError, match="1 problems in 2 sealed rows"):
        command("verify_vault")  # her hashes are still there
    LookupHash.objects.filter(participant=two_women[0]).delete()

    assert "1 women and 0 staff cards moved" in command("rotate_vault", every_hash=True)
    assert "The vault is whole: 2 sealed rows open" in command("verify_vault")


@pytest.mark.parametrize("broken", ["altered", "moved"])
def test_the_check_names_each_row_that_does_not_open(care, two_women, broken):
    action = SafetyActionFactory(case__participant=two_women[0])
    note = sealing.seal_text(two_women[0], "una nota", purpose="alert note")
    sealed = b"x" * 40 if broken == "altered" else sealing.seal_text(two_women[1], "una nota", purpose="alert note")
    SafetyAction.objects.filter(pk=action.pk).update(sealed_note=note)
    assert "5 sealed rows open" in command("verify_vault")
    SafetyAction.objects.filter(pk=action.pk).update(sealed_note=sealed)
    told = StringIO()

    with pytest.raises(CommandError, match="1 problems in 5 sealed rows") as caught:
        call_command("verify_vault", stdout=StringIO(), stderr=told)

    assert caught.value.returncode == 1
    assert f"{two_women[0].study_code}: safety.SafetyAction.sealed_note does not open" in told.getvalue()
    assert Event.objects.filter(action="participants.verify_vault").last().details == {"rows": 5, "problems": 1}


def test_a_card_moved_with_its_hashes_is_noticed(care, two_women):
    LookupHash.objects.filter(kind="document", participant=two_women[0]).delete()
    LookupHash.objects.filter(kind="document", participant=two_women[1]).update(participant=two_women[0])

    assert list(queries.participants_with_unfit_hashes()) == [woman.study_code for woman in two_women]


def test_only_the_vaults_keeper_turns_keys(care, two_women):
    with pytest.raises(PermissionMissing):
        services.rotate_keys(by=care.supervisor, participant_ids=[two_women[0].pk])


def test_a_review_and_a_rotation_at_once_leave_her_whole(committed_study, settings):
    care = make_care()
    woman = enrol(care.supervisor)
    settings.VAULT_KEYS = f"{new_key('2027')},{settings.VAULT_KEYS}"
    together = Barrier(2)

    def review() -> None:
        together.wait()
        try:
            services.update_safe_contact(
                by=care.officer,
                participant=Participant.objects.get(pk=woman.pk),
                safe_contact=MORNINGS,
                changes={"telephone": "912345678"},
                now=woman.status_changed_at,
            )
        finally:
            connection.close()

    def turn() -> None:
        together.wait()
        try:
            services.rotate_keys(by=ROTATION, participant_ids=[woman.pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(review), pool.submit(turn)]:
            done.result()

    command("rotate_vault")
    woman = Participant.objects.get(pk=woman.pk)
    assert sealing.open_card(woman).telephone == "912345678"
    assert woman.vault_key.master_key_id == "2027"
    assert "The vault is whole" in command("verify_vault")


def test_every_sealed_field_of_the_study_is_known_to_the_check():
    sealed = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and ("sealed" in field.name or field.name == "ciphertext")
    }
    # Boxes, staff's cards and recordings have keys and a check of their own; a staged import is gone within the hour.
    others = {
        ("participants.ReportBox", "ciphertext"),
        ("participants.StaffCard", "ciphertext"),
        ("participants.StagedImport", "sealed_rows"),
        ("interviews.FileChunk", "sealed"),
        ("panel.ReleasePiece", "sealed"),
    }
    assert sealed == {(field.model, field.field) for field in SEALED_FIELDS} | others
