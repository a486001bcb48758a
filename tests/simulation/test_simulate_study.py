"""One command fills an empty database, the same way each time, or says in one line why not."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from participants.models import Participant
from simulation.loader import load_study
from simulation.world import WorldSettings
from tests.fixtures.databases import cloned_database, default_connection_to

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("America/Lima"))
TINY = WorldSettings(seed=3, as_of=date(2026, 11, 18), clusters=4, participants=48, elapsed_months=5)


@pytest.mark.requirement("N21")
def test_same_seed_gives_the_same_rows_in_a_fresh_database(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        assert rows_after_load() == rows_after_load()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--clusters", "6"], "clusters: expected a multiple of 4 (four arms of the same size), not 6"),
        (["--as-of", "mañana"], "as-of: expected a day written like 2026-11-23, not mañana"),
        (["--participants", "0"], "participants: expected a whole number from 16 to 200000, not 0"),
        (["--icc", "0.9"], "icc: expected a number from 0 to 0.3, not 0.9"),
    ],
)
def test_bad_values_are_one_clear_line_and_status_2(words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("simulate_study", "--seed", "1", *words)
    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def test_a_seed_that_is_no_number_is_named() -> None:
    with pytest.raises(CommandError, match="argument --seed: invalid int value: 'abc'"):
        call_command("simulate_study", "--seed", "abc")


@pytest.mark.django_db
def test_the_command_writes_the_truth_beside_the_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = tmp_path / "truth" / "t.json"
    words = ["--seed", "5", "--clusters", "4", "--participants", "24", "--months", "3", "--truth", str(truth)]
    call_command("simulate_study", *words, "--as-of", "2026-11-18")
    assert '"seed": 5' in truth.read_text()
    assert "24 women" in capsys.readouterr().out
    assert Participant.objects.count() == 24


def rows_after_load() -> list[tuple[object, ...]]:
    """Load into an empty database of its own and digest what can be compared."""
    with cloned_database() as name, default_connection_to(name):
        load_study(TINY, now=NOW, say=lambda _: None)
        return [digest(sql) for sql in COMPARED]


# What the planner itself wrote has identifiers that nobody can foretell: its visits are compared without them.
COMPARED = (
    "SELECT study_code, station_id, age_at_enrolment, enrolled_on, status FROM participants_participant ORDER BY id",
    "SELECT station_id, study_number, blinded_letter, arm FROM stations_allocatedstation ORDER BY study_number",
    "SELECT participant_id, answers, score, level, assessed_at FROM risk_assessment ORDER BY id",
    "SELECT participant_id, planned_on, window_from, status FROM visits_visit ORDER BY participant_id, planned_on",
    "SELECT id, outcome, occurred_at, received_at, new_incident FROM visits_visitlog ORDER BY id",
    "SELECT id, wave, status, missed_reason FROM surveys_surveycase ORDER BY id",
    "SELECT id, answers, scores FROM surveys_submission ORDER BY id",
)


def digest(sql: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), md5(string_agg(md5(row::text), '')) FROM ({sql}) AS row")
        return cursor.fetchone()
