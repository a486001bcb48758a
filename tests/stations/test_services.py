"""From the real frame to a locked allocation, and what is refused on the way."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from protocol.services import AmendmentReasonMissing, ArmsFixed, load_protocol
from stations.models import AllocatedStation, Allocation, District, Frame, Station
from stations.queries import balance_of, risk_cadence_station_ids
from stations.services import (
    AllocationAltered,
    AllocationLocked,
    AllocationNotADraft,
    AllocationOutdated,
    FrameLocked,
    SeedNotANumber,
    TooFewEligible,
    allocate_stations,
    discard_allocation,
    import_frame,
    lock_allocation,
)
from tests.factories import NOW, PROTOCOL_FILE, UserFactory
from tests.fixtures.study import DISTRICTS_FILE as DISTRICTS
from tests.fixtures.study import STATIONS_FILE as STATIONS
from tests.fixtures.study import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("F48")
def test_importing_twice_changes_nothing_the_second_time(frame, django_assert_num_queries):
    with django_assert_num_queries(5):  # savepoint, hold, two reads, release
        plan = import_frame(by=SYSTEM, stations=frame[0], districts=frame[1])
    assert plan.writes_nothing
    assert Event.objects.filter(action="stations.import_frame").count() == 1


def test_import_is_refused_to_whoever_may_not(protocol):
    with pytest.raises(PermissionMissing):
        import_frame(by=UserFactory(role=Role.RESEARCHER), stations=[], districts=[])


@pytest.mark.requirement("F5", "F6", "F7")
def test_draw_then_lock(frame, protocol):
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    draft = allocate_stations(by=administrator, seed="0007", now=NOW)
    assert (draft.status, draft.seed, draft.allocated.count()) == ("draft", "7", 16)
    assert next(row.covariate for row in balance_of(draft)) == "officers"
    locked = lock_allocation(by=administrator, allocation=draft, now=NOW)
    assert (locked.status, locked.locked_by) == ("locked", administrator)
    assert len(risk_cadence_station_ids()) == 8
    protocol.refresh_from_db()
    assert protocol.frozen_at == NOW
    assert list(Event.objects.values_list("action", flat=True).order_by("id"))[-4:] == [
        "stations.freeze_frame",
        "stations.allocate",
        "protocol.freeze",
        "stations.lock_allocation",
    ]


def test_audit_of_the_draw_never_carries_an_arm(frame):
    lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)
    written = " ".join(str(event.details) + event.reason for event in Event.objects.all())
    assert not any(arm in written for arm in ("control", "training", "risk_scale", "both"))


@pytest.mark.parametrize("seed", ["", "seven", "-1", "1.5", "٣", "1" * 41])
def test_seed_that_is_no_number_is_refused(frame, seed):
    with pytest.raises(SeedNotANumber):
        allocate_stations(by=SYSTEM, seed=seed, now=NOW)
    assert not Allocation.objects.exists()


def test_draw_without_a_frame_is_refused(protocol):
    with pytest.raises(TooFewEligible):
        allocate_stations(by=SYSTEM, seed="7", now=NOW)


@pytest.mark.requirement("F6")
def test_locked_allocation_is_the_only_one_for_ever(frame):
    locked = lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)
    rehearsal = allocate_stations(by=SYSTEM, seed="8", now=NOW)
    with pytest.raises(AllocationLocked):
        lock_allocation(by=SYSTEM, allocation=rehearsal, now=NOW)
    with pytest.raises(AllocationNotADraft):
        discard_allocation(by=SYSTEM, allocation=locked)
    with pytest.raises(FrameLocked):
        import_frame(by=SYSTEM, stations=[*frame[0][:-1], replaced(frame[0][-1])], districts=frame[1])


def replaced(row):
    return type(row)(**{**{name: getattr(row, name) for name in row.__slots__}, "officers": row.officers + 1})


def test_draft_of_an_older_frame_cannot_be_locked(frame):
    draft = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    import_frame(by=SYSTEM, stations=[*frame[0][:-1], replaced(frame[0][-1])], districts=frame[1])
    with pytest.raises(AllocationOutdated):
        lock_allocation(by=SYSTEM, allocation=draft, now=NOW)


def test_discarded_draft_stays_on_record(frame):
    draft = discard_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW))
    assert Allocation.objects.get() == draft
    with pytest.raises(AllocationNotADraft):
        lock_allocation(by=SYSTEM, allocation=draft, now=NOW)


@pytest.mark.requirement("F6")
@pytest.mark.parametrize(
    "change",
    [
        lambda: Allocation.objects.update(seed="9"),
        lambda: AllocatedStation.objects.update(arm="control"),
        lambda: AllocatedStation.objects.filter(study_number=1).delete(),
        lambda: Frame.objects.update(sha256="0"),
    ],
)
def test_database_refuses_to_change_what_is_locked(frame, change):
    lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_protocol_in_use_is_amended_only_with_a_reason(frame):
    lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)
    text = PROTOCOL_FILE.read_text().replace('version = "1"', 'version = "2"', 1)
    with pytest.raises(AmendmentReasonMissing):
        load_protocol(by=SYSTEM, text=text, name="p.toml", now=NOW)
    version, _new = load_protocol(by=SYSTEM, text=text, name="p.toml", now=NOW, amendment_reason="Board, 12 May")
    assert (version.version, version.is_active) == ("2", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [('code = "both"', 'code = "all"'), ("training = true", "training = false"), ("stations = 16", "stations = 12")],
)
def test_amendment_cannot_make_other_arms_of_allocated_stations(frame, old, new):
    lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)
    text = PROTOCOL_FILE.read_text().replace('version = "1"', 'version = "2"', 1).replace(old, new, 1)
    with pytest.raises(ArmsFixed):
        load_protocol(by=SYSTEM, text=text, name="p.toml", now=NOW, amendment_reason="Board, 12 May")


def test_amendment_is_frozen_itself_and_the_next_needs_a_reason_too(frame):
    lock_allocation(by=SYSTEM, allocation=allocate_stations(by=SYSTEM, seed="7", now=NOW), now=NOW)
    second, third = (PROTOCOL_FILE.read_text().replace('version = "1"', f'version = "{n}"', 1) for n in (2, 3))
    version, _new = load_protocol(by=SYSTEM, text=second, name="p.toml", now=NOW, amendment_reason="Board, 12 May")
    assert version.frozen_at == NOW
    with pytest.raises(AmendmentReasonMissing):
        load_protocol(by=SYSTEM, text=third, name="p.toml", now=NOW)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda draft: draft.allocated.filter(arm="control").update(arm="both"),
        lambda draft: draft.allocated.first().delete(),
    ],
)
def test_draft_whose_rows_were_altered_is_not_locked(frame, tamper):
    draft = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    tamper(draft)
    with pytest.raises(AllocationAltered):
        lock_allocation(by=SYSTEM, allocation=draft, now=NOW)


def test_study_numbers_do_not_follow_from_the_public_certificate(frame):
    first, second = (allocate_stations(by=SYSTEM, seed="7", now=NOW, nonce=bytes([n]) * 32) for n in (1, 2))
    assert first.certificate == second.certificate
    numbers = [dict(draft.allocated.values_list("station__code", "study_number")) for draft in (first, second)]
    assert numbers[0] != numbers[1]
    assert sorted(numbers[0].values()) == list(range(1, 17))


def test_commands_from_files_to_a_verified_certificate(protocol, tmp_path):
    out, certificate = StringIO(), tmp_path / "certificate.json"
    call_command("load_frame", STATIONS, DISTRICTS, stdout=out)
    assert out.getvalue() == "113 stations, 43 districts: 156 rows new, 0 changed.\n"
    call_command("allocate_stations", "--seed", "7", "--certificate", certificate, "--lock", stdout=out)
    call_command("verify_allocation", certificate, stdout=out)
    assert out.getvalue().splitlines()[-1] == "The certificate holds, and the locked allocation is the one it states."


def test_dry_runs_write_nothing(protocol, tmp_path):
    call_command("load_frame", STATIONS, DISTRICTS, "--dry-run", stdout=StringIO())
    assert not Station.objects.exists()
    assert not District.objects.exists()
    call_command("load_frame", STATIONS, DISTRICTS, stdout=StringIO())
    call_command("allocate_stations", "--seed", "7", "--certificate", tmp_path / "c", "--dry-run", stdout=StringIO())
    assert not Allocation.objects.exists()
    assert (tmp_path / "c").exists()
    assert Event.objects.get(action="stations.try_seed").details == {"seed": "7"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("load_frame", "absent.csv", DISTRICTS), "absent.csv: cannot be read (No such file or directory)"),
        (("load_frame", DISTRICTS, DISTRICTS), "lima_districts.csv, row 1, column code: missing column"),
        (("allocate_stations", "--seed", "x", "--certificate", "c"), "The seed must be a whole number"),
        (("load_protocol", STATIONS), "lima_stations_2017.csv: not valid TOML"),
    ],
)
def test_commands_refuse_bad_input_in_a_line_with_status_2(protocol, arguments, sentence, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CommandError) as error:
        call_command(*arguments)
    assert str(error.value).startswith(sentence)
    assert error.value.returncode == 2


def test_certificate_of_another_draw_is_told_apart_from_the_locked_one(frame, tmp_path):
    locked, other = tmp_path / "locked.json", tmp_path / "other.json"
    call_command("allocate_stations", "--seed", "7", "--certificate", locked, "--lock", stdout=StringIO())
    call_command("allocate_stations", "--seed", "8", "--certificate", other, "--dry-run", stdout=StringIO())
    with pytest.raises(CommandError, match="The locked allocation differs from this certificate") as error:
        call_command("verify_allocation", other)
    assert error.value.returncode == 1


def test_altered_certificate_file_is_refused_with_status_1(frame, tmp_path):
    certificate = tmp_path / "c.json"
    call_command("allocate_stations", "--seed", "7", "--certificate", certificate, "--lock", stdout=StringIO())
    certificate.write_text(certificate.read_text().replace('"seed": "7"', '"seed": "8"'))
    with pytest.raises(CommandError, match="differs from what its seed draws") as error:
        call_command("verify_allocation", certificate)
    assert error.value.returncode == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"seed": 7}'])
def test_file_that_is_no_certificate_is_refused_with_status_2(protocol, tmp_path, content):
    certificate = tmp_path / "c.json"
    certificate.write_text(content)
    with pytest.raises(CommandError) as error:
        call_command("verify_allocation", certificate)
    assert error.value.returncode == 2
