"""Reports under the vault's keys: turned with them, checked with them, destroyed with her."""

from dataclasses import replace

import pytest
from django.core.management.base import CommandError

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import queries, sealing, services
from participants.management.commands.destroy_vault import DESTRUCTION
from participants.models import Erasure, IncidentReport, Participant, ReportBox
from participants.report_sealing import DIGEST_FIELDS, open_report
from tests.factories import NOW, UserFactory
from tests.participants.test_intake import ENTRY, OTHER, further, receive
from tests.participants.test_keys import command, new_key
from tests.participants.test_services import enrol


@pytest.fixture
def reports(care) -> list[IncidentReport]:
    return [receive(care.supervisor, entry).report for entry in (ENTRY, OTHER)]


def test_a_box_opens_for_its_own_report_only(reports):
    boxes = [report.box for report in reports]
    ReportBox.objects.filter(pk=boxes[0].pk).update(ciphertext=boxes[1].ciphertext, wrapped=boxes[1].wrapped)

    with pytest.raises(sealing.SealedDataUnreadable):
        open_report(IncidentReport.objects.get(pk=reports[0].pk))


def test_rotation_moves_reports_and_they_are_found_as_before(care, reports, settings):
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = f"{new_key('2027')},{old}"
    assert receive(care.supervisor).report == reports[0]  # found under the old key

    assert "2 reports moved" in command("rotate_vault")

    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]
    assert receive(care.supervisor).report == reports[0]
    assert receive(care.supervisor, further()).report.first_report == reports[0]
    assert [open_report(IncidentReport.objects.get(pk=report.pk)) for report in reports] == [ENTRY, OTHER]
    assert "0 reports moved" in command("rotate_vault")
    assert "The vault is whole: 3 sealed rows open" in command("verify_vault")
    assert [(use.key_id, use.data_keys) for use in queries.keys_in_use()] == [("2027", 3)]


def test_a_box_that_does_not_open_is_named_and_left(reports, settings):
    ReportBox.objects.filter(report=reports[0]).update(ciphertext=b"altered" * 10)
    settings.VAULT_KEYS = f"{new_key('2027')},{settings.VAULT_KEYS}"

    with pytest.raises(CommandError, match=reports[0].code):
        command("rotate_vault")
    with pytest.raises(CommandError, match="1 problems in 2 sealed rows"):
        command("verify_vault")
    assert list(ReportBox.objects.values_list("master_key_id", flat=True)) == ["local", "2027"]


def test_a_hash_that_is_not_of_its_box_is_noticed(reports):
    ReportBox.objects.filter(report=reports[0]).update(document_digest=b"0" * 32)

    with pytest.raises(CommandError, match="1 problems in 2 sealed rows"):
        command("verify_vault")


def test_only_the_vaults_keeper_turns_keys(care, reports):
    with pytest.raises(PermissionMissing):
        services.rotate_report_keys(by=care.supervisor, report_ids=[reports[0].pk])


def test_erasing_her_erases_her_reports_too(care):
    woman = enrol(care.supervisor)
    hers, anothers = receive(care.supervisor).report, receive(care.supervisor, OTHER).report
    Participant.objects.update(status=Participant.Status.WITHDRAWN)
    asked = services.request_erasure(by=care.supervisor, participant=woman, reason=Erasure.Reason.HER_WISH, now=NOW)

    services.confirm_erasure(by=UserFactory(role=Role.ADMINISTRATOR), erasure=asked, now=NOW)

    box = ReportBox.objects.get(report=hers)
    assert (box.wrapped, {getattr(box, name) for name in DIGEST_FIELDS.values()}) == (None, {None})
    with pytest.raises(sealing.IdentityErased):
        open_report(IncidentReport.objects.get(pk=hers.pk))
    assert open_report(anothers) == OTHER
    # The one that she was screened by, and the one after it.
    assert Event.objects.get(action="participants.erase_identity").details["reports"] == 2


def test_the_end_of_the_study_destroys_every_report(care, reports):
    asked = services.request_destruction(by=UserFactory(role=Role.ADMINISTRATOR), now=NOW)
    services.confirm_erasure(by=UserFactory(role=Role.ADMINISTRATOR), erasure=asked, now=NOW)

    services.finish_destruction(by=DESTRUCTION, erasure=asked, now=NOW)

    assert not ReportBox.objects.filter(destroyed_at=None).exists()
    assert receive(care.supervisor, replace(ENTRY)).report not in reports
