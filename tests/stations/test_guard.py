"""The guard: whoever alters the locked allocation, with whatever rights, is found, and planning stops."""

import json
from contextlib import contextmanager

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from audit.models import Event
from monitoring.jobs import LONGEST_SILENCE
from stations.certificate import build_certificate, commitment_sha256, revealed_seed
from stations.design import Design
from stations.models import AllocationCheck
from stations.queries import AllocationAltered, allocation_problem, locked_allocation, risk_cadence_station_ids
from stations.services import check_allocation
from stations.tasks import GUARD
from tests.factories import NOW, ParticipantFactory
from tests.fixtures.study import SYSTEM, locked_draw
from tests.stations.test_concurrent_approval import lay_ground
from visits import services as visits_services

PLANNER = SystemActor("test", frozenset({Permission.PLAN_VISITS}))


@contextmanager
def owner_without_triggers(committed_study):
    """Somebody who owns the tables and switches every rule of the database off."""
    with psycopg2.connect(committed_study.urls.owner_database) as connection, connection.cursor() as cursor:
        for table in ("stations_allocation", "stations_allocatedstation", "stations_frame"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        connection.commit()
        for table in ("stations_allocation", "stations_allocatedstation", "stations_frame"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.close()


TWO_ARMS_SWAPPED = """
    UPDATE stations_allocatedstation
    SET arm = CASE arm WHEN 'control' THEN 'both' WHEN 'both' THEN 'control' ELSE arm END
"""
CERTIFICATE_TOO = """
    UPDATE stations_allocation SET certificate = jsonb_set(certificate, '{assignment}', (
        SELECT jsonb_object_agg(s.code, a.arm)
        FROM stations_allocatedstation a JOIN stations_station s ON s.id = a.station_id
    ))
"""


@pytest.mark.requirement("F9", "N17")
@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ((TWO_ARMS_SWAPPED,), "the stored arms differ from the certificate"),
        ((TWO_ARMS_SWAPPED, CERTIFICATE_TOO), "assignment: the certificate differs from what its seed draws"),
        (("UPDATE stations_allocation SET seed = 'x'",), "the stored seed or frame differs from the certificate"),
        (("UPDATE stations_frame SET sha256 = 'x'",), "the stored seed or frame differs from the certificate"),
        (("DELETE FROM stations_allocatedstation WHERE study_number = 1",), "the stored arms differ"),
        (("UPDATE stations_allocation SET status = 'draft', locked_at = NULL",), "the locked allocation is gone"),
    ],
)
def test_alteration_is_found_and_planning_stops(committed_study, sql, problem):
    lay_ground()
    allocation = locked_draw()
    monday = NOW.date().fromisocalendar(*NOW.isocalendar()[:2], 1)
    woman = ParticipantFactory(station=allocation.allocated.first().station)
    assert check_allocation(by=GUARD, now=NOW).problem == ""
    with owner_without_triggers(committed_study) as owner:
        for statement in sql:
            owner.execute(statement)
    assert check_allocation(by=GUARD, now=NOW).problem.startswith(problem)
    assert Event.objects.filter(action="stations.allocation_differs").count() == 1
    with pytest.raises(AllocationAltered):
        risk_cadence_station_ids()
    with pytest.raises(AllocationAltered):
        visits_services.plan_week(by=PLANNER, monday=monday, station_ids=[woman.station_id], now=NOW)
    assert not woman.visits.exists()


def test_rows_that_differ_stop_planning_before_any_check(committed_study):
    lay_ground()
    locked_draw()
    with owner_without_triggers(committed_study) as owner:
        owner.execute(TWO_ARMS_SWAPPED)
    assert not AllocationCheck.objects.exists()
    with pytest.raises(AllocationAltered):
        risk_cadence_station_ids()


def test_another_whole_draw_put_in_its_place_is_found_by_the_audit(committed_study):
    """The forger rewrites rows, seed and certificate so that all agree; the hash in the audit's chain does not."""
    lay_ground()
    allocation = locked_draw()
    forged = forged_certificate(allocation)
    with owner_without_triggers(committed_study) as owner:
        owner.execute(
            "UPDATE stations_allocation SET seed = %s, certificate = %s WHERE id = %s",
            (forged["seed"], json.dumps(forged), allocation.pk),
        )
        owner.execute("DELETE FROM stations_allocatedstation WHERE allocation_id = %s", (allocation.pk,))
        for number, (code, arm) in enumerate(forged["assignment"].items(), start=1):
            owner.execute(
                "INSERT INTO stations_allocatedstation (allocation_id, station_id, arm, study_number, blinded_letter,"
                " blinded_group, inclusion_probability) SELECT %s, id, %s, %s, %s, 1, 0.1"
                " FROM stations_station WHERE code = %s",
                (allocation.pk, arm, number, chr(64 + number), code),
            )
    assert allocation_problem() == "the certificate is not the one that the audit recorded when it was locked"


def forged_certificate(allocation):
    certificate = allocation.certificate
    nonce = "ee" * 32
    parts = {
        "design": Design.model_validate(certificate["design"]),
        "frame_sha256": certificate["frame_sha256"],
        "protocol_sha256": certificate["protocol_sha256"],
    }
    commitment = {"nonce": nonce, "public_draw_source": "A public draw", "public_draw": "0007"}
    published = commitment_sha256(**parts, nonce=nonce, public_draw_source="A public draw")
    return build_certificate(
        **parts,
        frame=certificate["frame"],
        seed=revealed_seed(nonce=nonce, public_draw="0007"),
        commitment={**commitment, "sha256": published},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (None, "the certificate kept as a file cannot be read (FileNotFoundError)"),
        ("{", "the certificate kept as a file cannot be read (JSONDecodeError)"),
        ("{}", "the certificate differs from the one kept as a file"),
    ],
)
def test_certificate_kept_outside_the_database_is_compared(allocated, settings, tmp_path, kept, problem):
    file = tmp_path / "certificate.json"
    settings.ALLOCATION_CERTIFICATE = str(file)
    if kept is not None:
        file.write_text(kept)
    assert allocation_problem() == problem
    file.write_text(json.dumps(allocated.certificate))
    assert allocation_problem() == ""


@pytest.mark.django_db
def test_study_without_a_locked_allocation_has_no_problem(frame):
    assert locked_allocation() is None
    assert check_allocation(by=GUARD, now=NOW).problem == ""
    assert risk_cadence_station_ids() == set()


@pytest.mark.django_db
def test_planning_goes_on_once_a_later_check_finds_no_problem(allocated):
    AllocationCheck.objects.create(checked_at=NOW, problem="something")
    with pytest.raises(AllocationAltered):
        risk_cadence_station_ids()
    check_allocation(by=GUARD, now=NOW)
    assert len(risk_cadence_station_ids()) == 8


@pytest.mark.django_db
def test_only_the_guard_checks(allocated):
    with pytest.raises(PermissionMissing):
        check_allocation(by=PLANNER, now=NOW)
    assert check_allocation(by=SYSTEM, now=NOW).problem == ""


def test_check_is_watched_and_scheduled_daily(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["check the allocation"]
    assert entry["task"] in LONGEST_SILENCE
    assert (entry["schedule"].hour, entry["schedule"].minute, entry["schedule"].day_of_week) == (
        {5},
        {35},
        set(range(7)),
    )


@pytest.mark.django_db
def test_command_says_what_the_guard_finds(allocated, settings, tmp_path):
    settings.ALLOCATION_CERTIFICATE = str(tmp_path / "absent")
    with pytest.raises(CommandError, match="The stored allocation: the certificate kept as a file") as error:
        call_command("verify_allocation")
    assert error.value.returncode == 1
