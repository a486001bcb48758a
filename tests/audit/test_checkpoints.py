"""Checkpoints: whole, signed, never changed; a chain that is cut or written anew is told by them."""

import base64
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import SystemActor
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.checkpoints import (
    CheckpointWrong,
    SigningKeyInvalid,
    Statement,
    checked,
    document,
    key_id,
    public_pem,
    signature,
    signing_key,
)
from audit.checks import keys_of_before_are_whole
from audit.models import Checkpoint, Event
from audit.queries import chain_head
from audit.services import record
from monitoring.services import check_audit
from monitoring.tasks import AUDITOR
from tests.factories import UserFactory

NIGHT = datetime(2026, 11, 29, 7, 25, tzinfo=UTC)
KEY = signing_key(base64.urlsafe_b64encode(bytes(range(32))).decode())


def record_some(count):
    for number in range(count):
        record(actor=AUDITOR, action="test.act", object_id=number)
    link()


def link():
    """Let the database link what was recorded, as it does when a transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def handed_out(checkpoint):
    return document(checkpoint.text, bytes(checkpoint.signature), checkpoint.key)


@pytest.mark.requirement("N24", "F32")
def test_a_checkpoint_says_how_far_the_chain_holds_and_is_signed(db):
    record_some(3)
    position, head = chain_head()

    checkpoint = check_audit(by=AUDITOR, now=NIGHT)

    key = signing_key(settings.AUDIT_SIGNING_KEY).public_key()
    said = checked(handed_out(checkpoint), key)
    assert said == Statement("2026-11-29T07:25:00+00:00", position, head, "")
    assert (checkpoint.rows, checkpoint.head, checkpoint.key) == (position, head, key_id(key))
    assert Event.objects.latest("pk").action == "monitoring.check_audit"


@pytest.mark.requirement("N24")
def test_a_chain_that_differs_from_a_checkpoint_is_told(db):
    record_some(2)
    check_audit(by=AUDITOR, now=NIGHT)
    link()
    # As if all had been written anew since: whole in itself, with other hashes.
    Checkpoint.objects.create(at=NIGHT, rows=1, head="ab" * 32, text="x", signature=b"x", key="k")

    told = check_audit(by=AUDITOR, now=NIGHT + timedelta(days=1))

    assert told.problem == "row 1 is not what the checkpoint of 2026-11-29 says"
    said = checked(handed_out(told), signing_key(settings.AUDIT_SIGNING_KEY).public_key())
    assert said.problem == told.problem


def test_who_may_not_watch_the_study_makes_none(db):
    with pytest.raises(PermissionMissing):
        check_audit(by=SystemActor("test", frozenset()), now=NIGHT)
    assert not Checkpoint.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE audit_checkpoint SET problem = ''", "DELETE FROM audit_checkpoint"])
def test_a_checkpoint_is_never_changed(db, change):
    check_audit(by=AUDITOR, now=NIGHT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@given(st.text(max_size=20), st.integers(0, 2**40), st.text("0123456789abcdef", max_size=64), st.data())
def test_whatever_is_changed_breaks_the_signature(problem, rows, head, data):
    text = Statement("2026-11-29T07:25:00+00:00", rows, head, problem).text()
    given_out = document(text, signature(text, KEY), "k")
    assert checked(given_out, KEY.public_key()).rows == rows
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + chr((ord(text[place]) + 1) % 128) + text[place + 1 :]
    with pytest.raises(CheckpointWrong):
        checked({**given_out, "text": changed}, KEY.public_key())


@pytest.mark.parametrize("found", [{}, {"text": 1}, {"text": "a", "signature": "?", "key": "k"}])
def test_what_is_no_checkpoint_is_refused_in_a_sentence(found):
    with pytest.raises(CheckpointWrong, match=r"no checkpoint|not that of this study"):
        checked(found, KEY.public_key())


@pytest.mark.parametrize("secret", ["", "short", "é" * 32, "A" * 60])
def test_a_secret_that_is_no_key_is_refused(secret):
    with pytest.raises(SigningKeyInvalid, match="32 bytes"):
        signing_key(secret)


@pytest.mark.requirement("N24")
def test_the_command_compares_a_kept_file_with_the_chain(db, tmp_path):
    record_some(2)
    checkpoint = check_audit(by=AUDITOR, now=NIGHT)
    link()
    kept = tmp_path / "control.json"
    kept.write_text(json.dumps(handed_out(checkpoint)))
    out = StringIO()

    call_command("verify_audit", checkpoint=kept, stdout=out)

    assert "agrees with the checkpoint of 2026-11-29: 2 rows" in out.getvalue()
    text = Statement("2026-11-30T07:25:00+00:00", 1, "cd" * 32).text()
    signed = signature(text, signing_key(settings.AUDIT_SIGNING_KEY))
    kept.write_text(json.dumps(document(text, signed, "k")))
    with pytest.raises(CommandError, match="written anew: row 1 is not what the checkpoint of 2026-11-30 says"):
        call_command("verify_audit", checkpoint=kept)


@pytest.mark.requirement("N24")
@pytest.mark.parametrize("lines", [slice(None), slice(1, -1)])
def test_a_kept_file_holds_after_a_turn_of_the_key_while_the_old_public_key_is_known(db, tmp_path, settings, lines):
    record_some(2)
    checkpoint = check_audit(by=AUDITOR, now=NIGHT)
    link()
    kept = tmp_path / "control.json"
    kept.write_text(json.dumps(handed_out(checkpoint)))
    pem = public_pem(signing_key(settings.AUDIT_SIGNING_KEY).public_key())
    settings.AUDIT_SIGNING_KEY = "A" * 43
    with pytest.raises(CommandError, match="not that of this study's key"):
        call_command("verify_audit", checkpoint=kept)
    settings.AUDIT_KEYS_BEFORE = ["".join(pem.strip().splitlines()[lines])]
    out = StringIO()
    call_command("verify_audit", checkpoint=kept, stdout=out)
    assert "agrees with the checkpoint of 2026-11-29: 2 rows" in out.getvalue()


OTHER_KIND = ec.generate_private_key(ec.SECP256R1()).public_key()


@pytest.mark.parametrize("written", ["", "AAAA", "é", public_pem(OTHER_KIND)])
def test_the_study_does_not_start_with_an_earlier_key_that_is_none(settings, written):
    settings.AUDIT_KEYS_BEFORE = [written]
    assert [error.id for error in keys_of_before_are_whole()] == ["audit.E002"]


@pytest.mark.parametrize("content", ["not json", "[]", '{"text": "a", "signature": "b", "key": "c"}', None])
def test_a_bad_file_is_one_line_and_status_2(db, tmp_path, content):
    kept = tmp_path / "control.json"
    if content is not None:
        kept.write_text(content)
    with pytest.raises(CommandError, match=r"control\.json: ") as error:
        call_command("verify_audit", checkpoint=kept)
    assert error.value.returncode == 2


@pytest.mark.requirement("N24", "N25")
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ETHICS_BOARD])
def test_the_page_hands_out_file_and_key(client, db, role):
    record_some(1)
    client.force_login(UserFactory(role=role))
    assert "Todavía no hay controles" in client.get(reverse("checkpoint_list")).content.decode()
    checkpoint = check_audit(by=AUDITOR, now=NIGHT)

    page = client.get(reverse("checkpoint_list"))
    file = client.get(reverse("checkpoint_file", args=[checkpoint.pk]))
    key = load_pem_public_key(client.get(reverse("checkpoint_key")).content)

    assert "Íntegro" in page.content.decode()
    assert file["Content-Disposition"] == 'attachment; filename="control-2026-11-29.json"'
    assert checked(file.json(), key).head == checkpoint.head
    assert client.get(reverse("checkpoint_file", args=[checkpoint.pk + 1])).status_code == 404


@pytest.mark.parametrize("checks", [1, 3])
def test_the_page_costs_the_same_for_any_number(client, db, django_assert_num_queries, checks):
    for day in range(checks):
        check_audit(by=AUDITOR, now=NIGHT + timedelta(days=day))
    client.force_login(UserFactory(role=Role.ETHICS_BOARD))
    client.get(reverse("checkpoint_list"))
    with django_assert_num_queries(6):
        client.get(reverse("checkpoint_list"))
