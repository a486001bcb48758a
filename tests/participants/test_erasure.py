"""Destroying data keys: two people each time, and nothing that a key sealed is readable afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import queries, sealing, services
from participants.management.commands.destroy_vault import DESTRUCTION
from participants.models import Erasure, LookupHash, Participant, SafeContactPlan, VaultKey
from participants.presenters.erasures import certificate_of
from safety.models import SafetyAction
from tests.factories import NOW, OfficerFactory, ParticipantFactory, StationFactory, UserFactory
from tests.participants.conftest import Care, make_care
from tests.participants.test_services import ROSA, enrol
from tests.safety.factories import SafetyActionFactory

LATER = NOW + timedelta(hours=1)
Reason = Erasure.Reason


@pytest.fixture
def administrators(db) -> tuple[User, User]:
    return UserFactory(role=Role.ADMINISTRATOR), UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def left(care: Care) -> Participant:
    """A woman who has withdrawn, with a sealed note in another room."""
    woman = enrol(care.supervisor)
    note = sealing.seal_text(woman, "su hermana", purpose="alert note")
    SafetyActionFactory(case__participant=woman, sealed_note=note)
    return services.withdraw_participant(by=care.supervisor, participant=woman, reason="her_wish", now=NOW).participant


def ask(by: User, woman: Participant) -> Erasure:
    return services.request_erasure(by=by, participant=woman, reason=Reason.HER_WISH, now=NOW)


@pytest.mark.requirement("F36")
def test_after_an_erasure_nothing_of_hers_opens_and_nothing_finds_her(care, left, administrators):
    erasure = services.confirm_erasure(by=administrators[0], erasure=ask(care.supervisor, left), now=LATER)

    woman = Participant.objects.get(pk=left.pk)
    assert (erasure.done_at, erasure.women_erased, woman.data_erased_at) == (LATER, 1, LATER)
    assert (woman.vault_key.wrapped, woman.vault_key.destroyed_at) == (None, LATER)
    with pytest.raises(sealing.IdentityErased):
        sealing.open_card(woman)
    with pytest.raises(sealing.IdentityErased):
        sealing.unseal_text(woman, SafetyAction.objects.get().sealed_note, purpose="alert note")
    with pytest.raises(sealing.IdentityErased):
        sealing.seal_text(woman, "una nota más", purpose="alert note")
    assert not LookupHash.objects.exists()
    assert not SafeContactPlan.objects.exists()
    assert queries.masked_names([woman]) == {woman.pk: ""}
    assert enrol(care.supervisor, ROSA) != woman  # she may come again, as somebody new
    events = Event.objects.filter(object_id=woman.study_code, action__contains="eras").order_by("id")
    assert list(events.values_list("actor", "action", "reason")) == [
        (care.supervisor.audit_name, "participants.request_erasure", "her_wish"),
        (administrators[0].audit_name, "participants.erase_identity", "her_wish"),
        (administrators[0].audit_name, "participants.confirm_erasure", "her_wish"),
    ]


def test_whoever_asks_does_not_confirm(left, administrators):
    erasure = ask(administrators[0], left)

    with pytest.raises(services.SecondPersonNeeded):
        services.confirm_erasure(by=administrators[0], erasure=erasure, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(confirmed_by=administrators[0], confirmed_at=LATER)

    assert sealing.open_card(Participant.objects.get(pk=left.pk)) == ROSA


def test_who_may_ask_and_who_may_confirm(care, left):
    with pytest.raises(PermissionMissing):
        ask(care.officer, left)
    with pytest.raises(services.ParticipantOutOfReach):
        ask(OfficerFactory(user__role=Role.SUPERVISOR, posted_at=StationFactory()).user, left)
    erasure = ask(care.supervisor, left)
    for role in sorted(set(Role) - {Role.ADMINISTRATOR}):
        with pytest.raises(PermissionMissing):
            services.confirm_erasure(by=UserFactory(role=role), erasure=erasure, now=LATER)
        with pytest.raises(PermissionMissing):
            services.request_destruction(by=UserFactory(role=role), now=LATER)


@pytest.mark.parametrize(
    ("status", "refused"),
    [(status, status in ("enrolled", "paused", "moved", "lost")) for status in Participant.Status.values],
)
def test_only_who_has_left_is_erased(administrators, status, refused):
    woman = ParticipantFactory(status=status)

    if refused:
        with pytest.raises(services.StillTakesPart):
            ask(administrators[0], woman)
    else:
        assert ask(administrators[0], woman).is_open


def test_one_request_at_a_time_and_one_that_is_taken_back_does_nothing(left, administrators):
    first = ask(administrators[0], left)
    with pytest.raises(services.ErasureAskedAlready):
        ask(administrators[1], left)

    services.cancel_erasure(by=administrators[0], erasure=first, now=LATER)

    with pytest.raises(services.ErasureNotOpen):
        services.confirm_erasure(by=administrators[1], erasure=first, now=LATER)
    assert sealing.open_card(Participant.objects.get(pk=left.pk)) == ROSA
    second = services.confirm_erasure(by=administrators[1], erasure=ask(administrators[0], left), now=LATER)
    for again in (services.confirm_erasure, services.cancel_erasure):
        with pytest.raises(services.ErasureNotOpen):
            again(by=administrators[1], erasure=second, now=LATER)
    with pytest.raises(services.ErasedAlready):
        ask(administrators[0], left)


def test_two_administrators_confirm_at_once(committed_study):
    care, admins = make_care(), [UserFactory(role=Role.ADMINISTRATOR) for _ in range(2)]
    woman = enrol(care.supervisor)
    services.withdraw_participant(by=care.supervisor, participant=woman, reason="her_wish", now=NOW)
    erasure, together = ask(care.supervisor, woman), Barrier(2)

    def confirm(by: User) -> str:
        together.wait()
        try:
            services.confirm_erasure(by=by, erasure=erasure, now=LATER)
        except services.ErasureNotOpen as error:
            return error.code
        finally:
            connection.close()
        return "erased"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, admins)) == ["erased", "erasure_not_open"]
    assert Event.objects.filter(action="participants.erase_identity").count() == 1


def test_the_certificate_names_nobody_and_is_the_same_each_time(care, left, administrators):
    erasure = services.confirm_erasure(by=administrators[0], erasure=ask(care.supervisor, left), now=LATER)

    with translation.override("es"):
        content = certificate_of(erasure)

        assert content == certificate_of(Erasure.objects.get())
    assert content.startswith(b"%PDF")
    with pytest.raises(ValueError, match=str(erasure.pk)):
        certificate_of(Erasure(pk=erasure.pk))


def destroy(path: Path) -> str:
    out = StringIO()
    call_command("destroy_vault", certificate=path, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_at_the_end_two_administrators_destroy_every_key(care, administrators, tmp_path):
    women = [ParticipantFactory(status=status) for status in ("completed", "withdrawn", "lost")]
    file = tmp_path / "constancia.pdf"
    with pytest.raises(CommandError, match="two administrators must want this"):
        destroy(file)
    wanted = services.request_destruction(by=administrators[0], now=NOW)
    with pytest.raises(CommandError, match="two administrators must want this"):
        destroy(file)
    with pytest.raises(services.SecondPersonNeeded):
        services.confirm_erasure(by=administrators[0], erasure=wanted, now=NOW)
    services.confirm_erasure(by=administrators[1], erasure=wanted, now=NOW)
    assert not VaultKey.objects.filter(wrapped=None).exists()

    assert "Every data key is destroyed" in destroy(file)

    assert file.read_bytes().startswith(b"%PDF")
    assert VaultKey.objects.filter(wrapped=None, destroyed_at__isnull=False).count() == len(women)
    wanted.refresh_from_db()
    assert (wanted.women_erased, wanted.is_open) == (3, False)
    with pytest.raises(CommandError, match="two administrators must want this"):
        destroy(tmp_path / "otra.pdf")


def test_a_destruction_cut_short_goes_on_and_cannot_be_taken_back(administrators, tmp_path):
    women = [ParticipantFactory(status="completed") for _ in range(3)]
    wanted = services.request_destruction(by=administrators[0], now=NOW)
    with pytest.raises(services.ErasureAskedAlready):
        services.request_destruction(by=administrators[1], now=NOW)
    services.confirm_erasure(by=administrators[1], erasure=wanted, now=NOW)
    services.destroy_keys(by=DESTRUCTION, erasure=wanted, participant_ids=[women[0].pk], now=NOW)

    with pytest.raises(services.ErasureNotOpen):
        services.cancel_erasure(by=administrators[0], erasure=wanted, now=NOW)
    with pytest.raises(services.ErasureNotOpen):
        services.finish_destruction(by=DESTRUCTION, erasure=wanted, now=NOW)
    destroy(tmp_path / "constancia.pdf")

    wanted.refresh_from_db()
    assert wanted.women_erased == 3


@pytest.mark.parametrize("status", ["enrolled", "paused"])
def test_nothing_is_destroyed_while_somebody_is_followed(administrators, tmp_path, status):
    ParticipantFactory(status="completed")
    wanted = services.request_destruction(by=administrators[0], now=NOW)
    services.confirm_erasure(by=administrators[1], erasure=wanted, now=NOW)
    ParticipantFactory(status=status)

    with pytest.raises(CommandError, match="still taking part"):
        destroy(tmp_path / "constancia.pdf")
    with pytest.raises(services.StudyStillRunning):
        services.request_destruction(by=administrators[1], now=NOW)

    assert not VaultKey.objects.filter(wrapped=None).exists()
    assert not (tmp_path / "constancia.pdf").exists()


def test_a_certificate_is_never_written_over(administrators, tmp_path):
    wanted = services.request_destruction(by=administrators[0], now=NOW)
    services.confirm_erasure(by=administrators[1], erasure=wanted, now=NOW)
    (tmp_path / "constancia.pdf").write_text("antes")

    for path in (tmp_path / "constancia.pdf", tmp_path / "no" / "constancia.pdf"):
        with pytest.raises(CommandError, match="expected the name of a new file") as caught:
            destroy(path)
        assert caught.value.returncode == 2
    wanted.refresh_from_db()
    assert wanted.is_open
