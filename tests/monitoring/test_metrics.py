"""What a watching program reads: the same numbers as the page, no name, and nothing without the key."""

from datetime import timedelta

import pytest
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from accounts.roles import Role
from monitoring.backups import BackupState
from monitoring.jobs import LONGEST_SILENCE, JobState
from monitoring.metrics import Health, exposition
from monitoring.queries.health import health_at
from monitoring.services import check_audit
from monitoring.tasks import AUDITOR
from tests.factories import NOW, ProtocolVersionFactory, UserFactory

HEALTH = Health(
    now=NOW,
    jobs=[
        JobState("visits.mark_missed", NOW - timedelta(minutes=9), "", is_late=False, failed_steps=2),
        JobState("never.ran", None, "", is_late=True),
    ],
    queue_length=3,
    oldest_unsent=NOW - timedelta(hours=2),
    audit_rows=40,
    audit_checked_at=None,
    audit_is_intact=None,
    allocation_agrees=True,
    locks_broken=1,
    cases_waiting=2,
    cases_overdue=1,
    cases_by_age={"up_to_1_day": 2, "older": 1},
    backup=BackupState(NOW - timedelta(hours=3), None, is_old=False, is_untried=True),
)


def numbers(text):
    return {
        (sample.name, sample.labels.get("job", sample.labels.get("age", ""))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_known_numbers_are_said_and_unknown_ones_left_out():
    assert numbers(exposition(HEALTH).decode()) == {
        ("agenda_queue_length", ""): 3,
        ("agenda_unsent_age_seconds", ""): 7200,
        ("agenda_audit_rows", ""): 40,
        ("agenda_allocation_agrees", ""): 1,
        ("agenda_locks_broken", ""): 1,
        ("agenda_cases_waiting", ""): 2,
        ("agenda_cases_overdue", ""): 1,
        ("agenda_cases_open", "up_to_1_day"): 2,
        ("agenda_cases_open", "older"): 1,
        ("agenda_backup_age_seconds", ""): 10_800,
        ("agenda_backup_old", ""): 0,
        ("agenda_backup_restore_untried", ""): 1,
        ("agenda_job_age_seconds", "visits.mark_missed"): 540,
        ("agenda_job_late", "visits.mark_missed"): 0,
        ("agenda_job_late", "never.ran"): 1,
        ("agenda_job_failed_steps", "visits.mark_missed"): 2,
        ("agenda_job_failed_steps", "never.ran"): 0,
    }


def test_the_key_opens_it_and_nothing_else_does(client, db, settings):
    address = reverse("metrics")
    assert client.get(address, headers={"Authorization": "Key "}).status_code == 404
    settings.METRICS_KEY = "a key of the tests"
    for shown in ("", "Key wrong", "Key clavé"):
        assert client.get(address, headers={"Authorization": shown}).status_code == 404
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert client.get(address).status_code == 404

    answer = client.get(address, headers={"Authorization": "Key a key of the tests"})

    assert answer["Content-Type"].startswith("text/plain")
    found = numbers(answer.content.decode())
    assert {job for name, job in found if name == "agenda_job_late"} == set(LONGEST_SILENCE)
    assert ("agenda_audit_intact", "") not in found


def test_the_audits_check_is_told(db):
    checkpoint = check_audit(by=AUDITOR, now=NOW)
    health = health_at(NOW + timedelta(minutes=1))
    assert (health.audit_is_intact, health.audit_checked_at) == (True, checkpoint.at)
    assert numbers(exposition(health).decode())["agenda_audit_check_age_seconds", ""] == 60


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ETHICS_BOARD])
def test_the_overview_says_when_the_record_was_checked_and_leads_there(client, db, role):
    ProtocolVersionFactory()
    check_audit(by=AUDITOR, now=NOW)
    client.force_login(UserFactory(role=role))
    page = client.get(reverse("study_overview")).content.decode()
    assert "El registro se controló por última vez" in page
    assert reverse("checkpoint_list") in page
