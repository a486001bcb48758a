"""The commands from files to a verified certificate, and how they refuse."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from stations.models import Allocation, District, Station
from tests.fixtures.study import DISTRICTS_FILE as DISTRICTS
from tests.fixtures.study import STATIONS_FILE as STATIONS

pytestmark = pytest.mark.django_db


def rehearse(seed, certificate, *options):
    out, errors = StringIO(), StringIO()
    call_command("allocate_stations", "--seed", seed, "--certificate", certificate, *options, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def test_commands_from_files_to_a_verified_certificate(protocol, tmp_path):
    out, certificate = StringIO(), tmp_path / "certificate.json"
    call_command("load_frame", STATIONS, DISTRICTS, stdout=out)
    assert out.getvalue().startswith("113 stations, 43 districts: 156 rows new, 0 changed")
    told, _progress = rehearse("7", certificate)
    assert told.splitlines()[-1] == "16 stations drawn with seed 7: a rehearsal, on record."
    call_command("verify_allocation", certificate, stdout=out)
    assert out.getvalue().splitlines()[-1] == (
        "The certificate holds: its seed draws what it states. No allocation is locked here."
    )


@pytest.mark.requirement("F5")
def test_same_seed_writes_the_same_certificate(frame, tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    rehearse("7", first)
    rehearse("7", second, "--dry-run")
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_text())["seed"] == "7"


def test_progress_is_shown_and_comparisons_out_of_reach_are_said(frame, tmp_path):
    _told, errors = rehearse("7", tmp_path / "c.json")
    assert errors.startswith("369,600/2,627,625 ways to part the stations scored\n")
    assert "2,627,625/2,627,625 ways to part the stations scored" in errors
    assert "warning: risk_scale – control: no randomisation p below 0.083 can be reached with this draw" in errors


def test_dry_runs_write_nothing(protocol, tmp_path):
    call_command("load_frame", STATIONS, DISTRICTS, "--dry-run", stdout=StringIO())
    assert not Station.objects.exists()
    assert not District.objects.exists()
    call_command("load_frame", STATIONS, DISTRICTS, stdout=StringIO())
    rehearse("7", tmp_path / "c", "--dry-run")
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
        (("verify_allocation",), "No allocation is locked here: name a certificate's file."),
    ],
)
def test_commands_refuse_bad_input_in_a_line_with_status_2(protocol, arguments, sentence, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CommandError) as error:
        call_command(*arguments)
    assert str(error.value).startswith(sentence)
    assert error.value.returncode == 2


def test_certificate_that_cannot_be_written_leaves_no_draw(frame, tmp_path):
    with pytest.raises(CommandError, match="cannot be written") as error:
        rehearse("7", tmp_path / "absent" / "c.json")
    assert error.value.returncode == 2
    assert not Allocation.objects.exists()


@pytest.mark.requirement("N16")
def test_locked_allocation_is_told_apart_from_any_other_certificate(allocated, tmp_path):
    locked, other, out = tmp_path / "locked.json", tmp_path / "other.json", StringIO()
    locked.write_text(json.dumps(allocated.certificate))
    call_command("verify_allocation", locked, stdout=out)
    call_command("verify_allocation", stdout=out)
    assert out.getvalue().splitlines() == [
        "The certificate holds, and the locked allocation is the one it states.",
        "The locked allocation is the one that its certificate states.",
    ]
    rehearse("8", other, "--dry-run")
    with pytest.raises(CommandError, match="The locked allocation differs from this certificate") as error:
        call_command("verify_allocation", other)
    assert error.value.returncode == 1


def test_altered_certificate_file_is_refused_with_status_1(frame, tmp_path):
    certificate = tmp_path / "c.json"
    rehearse("7", certificate)
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
