"""What a watching program reads: the same numbers as the page, no name, and nothing without the key."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.parser import text_string_to_metric_families

from accounts.roles import Role
from monitoring.backups import BackupState
from monitoring.jobs import LONGEST_SILENCE, JobState
from monitoring.metrics import Health, exposition
from monitoring.queries.health import health_at
from monitoring.services import check_audit
from monitoring.tasks import AUDITOR
from safety.queries import CASE_AGES
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


# What `promtool check metrics` complains of in a gauge: abbreviated or scaled units, a type in the name, a counter's
# or a histogram's ending.
LINTED = re.compile(r"(_(ms|s|sec|secs|minutes|hours|days|kb|mb|gauge|total|count|sum|bucket|info))(_|$)|[A-Z]|__|:")
OTHER_WORDS = re.compile(r"arm|group|station|woman|participant|user|code", re.IGNORECASE)


@pytest.mark.requirement("N20")
def test_it_reads_as_a_watching_program_wants_it():
    text = exposition(HEALTH).decode()
    families = list(text_string_to_metric_families(text))

    assert [family.name for family in families if LINTED.search(family.name)] == []
    assert {family.name.split("_")[0] for family in families} == {"agenda"}
    # Each has its help, in other words than its name, and its type, once and before its samples.
    assert {family.type for family in families} == {"gauge"}
    assert [family.name for family in families if len(family.documentation.split()) < 3] == []
    for family in families:
        assert text.count(f"# HELP {family.name} ") == text.count(f"# TYPE {family.name} ") == 1
    # What is a time says so and is in seconds; what is yes or no is 1 or 0 and says which is which.
    assert {family.name for family in families if "age" in family.name.split("_")} == {
        family.name for family in families if family.name.endswith("_seconds")
    }
    flags = [family for family in families if family.documentation.startswith("1 if")]
    assert {sample.value for family in flags for sample in family.samples} == {0, 1}
    # No sample comes twice.
    keys = [(sample.name, *sorted(sample.labels.items())) for family in families for sample in family.samples]
    assert len(keys) == len(set(keys))


@pytest.mark.requirement("N20")
def test_a_larger_study_has_no_more_series_and_no_label_tells_of_anybody(client, db, settings):
    settings.METRICS_KEY = "a key of the tests"
    answer = client.get(reverse("metrics"), headers={"Authorization": "Key a key of the tests"})
    samples = [one for family in text_string_to_metric_families(answer.content.decode()) for one in family.samples]

    assert {tuple(one.labels) for one in samples} == {(), ("job",), ("age",)}
    assert {one.labels["job"] for one in samples if "job" in one.labels} <= set(LONGEST_SILENCE)
    assert {one.labels["age"] for one in samples if "age" in one.labels} == set(CASE_AGES)
    # At most three of each job, one of each age, and those without a label.
    assert len(samples) <= 3 * len(LONGEST_SILENCE) + len(CASE_AGES) + 12
    assert [one.name for one in samples if OTHER_WORDS.search(one.name)] == []
    assert answer["Content-Type"] == CONTENT_TYPE_LATEST
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.requirement("N20")
def test_the_health_of_the_service_is_yes_and_no_for_whoever_asks(client, db):
    answer = client.get(reverse("health"))

    said = answer.json()
    assert set(said) == {"status", "database", "queue", "jobs_on_time", "backup_on_time"}
    # A late job or backup is told of and leaves the service in its place: restarting it would mend neither.
    assert (answer.status_code, said["status"], said["jobs_on_time"], said["backup_on_time"]) == (
        200,
        "ok",
        False,
        False,
    )
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer


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
