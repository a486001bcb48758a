"""Backups: told by whoever makes them, kept as told, and missed aloud when they stop."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from monitoring.backups import backup_state
from monitoring.management.commands.record_backup import KEEPER
from monitoring.models import BackupReport
from monitoring.presenters.needs import need_rows
from monitoring.queries.health import backup_now
from monitoring.services import Backup, BackupWrong, record_backup
from safety.queries import open_case_ages
from tests.factories import NOW, TODAY, ProtocolVersionFactory, UserFactory
from tests.safety.factories import SafetyCaseFactory

HASH = "ab" * 32
LAST_NIGHT = NOW - timedelta(hours=7)


def backup(**changes) -> Backup:
    return Backup(**{"made_at": LAST_NIGHT, "size_bytes": 10, "place": "north", "sha256": HASH, **changes})


def command(**options):
    said = io.StringIO()
    call_command("record_backup", **{"place": "north", "bytes": 10, "sha256": HASH, **options}, stdout=said)
    return said.getvalue()


# made days ago, restore tried days ago: old, untried (2 and 90 days)
@pytest.mark.parametrize(
    ("made", "tried", "old", "untried"),
    [(2, 90, False, False), (2.001, 90, True, False), (0, 91, False, True), (None, None, True, True)],
)
def test_what_is_too_long_ago_raises_an_alarm(made, tried, old, untried):
    state = backup_state(
        None if made is None else NOW - timedelta(days=made),
        None if tried is None else TODAY - timedelta(days=tried),
        alarm_after_days=2,
        restore_days=90,
        now=NOW,
        today=TODAY,
    )
    assert (state.is_old, state.is_untried, state.alarms) == (old, untried, old + untried)


def test_the_newest_of_what_was_told_counts_and_telling_again_is_no_news(db):
    assert record_backup(by=KEEPER, backup=backup(restored_on=TODAY - timedelta(days=5)), now=NOW)
    assert not record_backup(by=KEEPER, backup=backup(restored_on=TODAY - timedelta(days=5)), now=NOW)
    assert record_backup(by=KEEPER, backup=backup(made_at=LAST_NIGHT - timedelta(days=1)), now=NOW)
    state = backup_now(NOW)
    assert (state.made_at, state.restored_on, state.alarms) == (LAST_NIGHT, TODAY - timedelta(days=5), 0)
    assert Event.objects.filter(action="monitoring.record_backup").count() == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"size_bytes": 0}, "one byte"),
        ({"sha256": "xyz"}, "64 hexadecimal"),
        ({"made_at": NOW + timedelta(hours=1)}, "time to come"),
        ({"restored_on": TODAY + timedelta(days=1)}, "day to come"),
        ({"place": ""}, "1 to 40"),
        ({"place": "x" * 41}, "1 to 40"),
        *(
            ({"place": address}, "never an address")
            for address in ("s3://key:secret@bucket", "/mnt/north", "north\x00", "=north", "north\nsouth")
        ),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(db, wrong, says):
    with pytest.raises(BackupWrong, match=says):
        record_backup(by=KEEPER, backup=backup(**wrong), now=NOW)
    assert not BackupReport.objects.exists()


def test_only_who_watches_may_tell(db):
    for by in (UserFactory(role=Role.OFFICER), SystemActor("test", frozenset())):
        with pytest.raises(PermissionMissing):
            record_backup(by=by, backup=backup(), now=NOW)


def test_a_report_stays_as_it_was_written(db):
    record_backup(by=KEEPER, backup=backup(), now=NOW)
    for change in (lambda: BackupReport.objects.update(place="south"), lambda: BackupReport.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_command_records_and_says_so(db):
    made = (timezone.now() - timedelta(hours=5)).isoformat()
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert command(made_at=made, restored_on=day) == "The backup is recorded.\n"
    assert command(made_at=made, restored_on=day) == "The backup was recorded already.\n"
    report = BackupReport.objects.get()
    assert (report.place, report.size_bytes, report.restored_on) == ("north", 10, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"made_at": "yesterday"}, "--made-at: expected a time"),
        ({"made_at": "2026-01-01T03:00:00", "restored_on": "soon"}, "--restored-on: expected a day"),
        ({"made_at": "2026-01-01T03:00:00", "sha256": "0"}, "64 hexadecimal"),
    ],
)
def test_the_command_answers_bad_input_with_one_line(db, options, says):
    with pytest.raises(CommandError, match=says) as refused:
        command(**options)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)


def test_pages_and_programs_tell_of_it(db):
    ProtocolVersionFactory()
    administrator, client = UserFactory(role=Role.ADMINISTRATOR), Client()
    client.force_login(administrator)
    client.cookies["idioma"] = "en"
    assert "No backup was ever reported" in client.get(reverse("study_overview")).content.decode()
    assert client.get(reverse("health")).json()["backup_on_time"] is False
    wrong = [row.number for row in need_rows(administrator, now=timezone.now()) if "backups" in row.words]
    assert wrong == [2]

    made = backup(made_at=timezone.now() - timedelta(hours=7), restored_on=timezone.localdate())
    record_backup(by=KEEPER, backup=made, now=timezone.now())

    page = client.get(reverse("study_overview")).content.decode()
    assert "No backup was ever reported" not in page
    assert "The newest is of" in page
    assert client.get(reverse("health")).json()["backup_on_time"] is True
    assert not [row for row in need_rows(administrator, now=timezone.now()) if "backups" in row.words]


def test_open_cases_are_counted_by_age(db):
    for hours in (1, 23, 25, 73, 167, 169, 2000):
        raised = NOW - timedelta(hours=hours)
        SafetyCaseFactory(raised_at=raised, first_response_due_at=raised + timedelta(hours=24))
    assert open_case_ages(NOW) == {"up_to_1_day": 2, "up_to_3_days": 1, "up_to_7_days": 2, "older": 2}
