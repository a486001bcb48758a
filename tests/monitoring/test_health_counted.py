"""Health for people and programs on a random simulated study: each number is what plain loops over the rows find."""

from collections import Counter
from datetime import timedelta

import pytest
import redis
from django.conf import settings as project
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from audit.models import Event
from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import BackupReport, JobHeartbeat
from monitoring.services import check_audit, record_job_end, record_job_start
from monitoring.tasks import AUDITOR
from protocol.queries import current_protocol
from safety.models import SafetyCase
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.services import check_allocation
from stations.tasks import GUARD
from visits.models import Device

# Of a case, in days: from more than the first to the second.
AGES = {"up_to_1_day": (0, 1), "up_to_3_days": (1, 3), "up_to_7_days": (3, 7), "older": (7, 10_000)}


@pytest.fixture
def world(committed_study) -> None:
    now = timezone.now()
    settings = WorldSettings(seed=15, as_of=timezone.localdate(now), clusters=8, participants=64, elapsed_months=5)
    load_study(settings, now=now, say=lambda _line: None)
    now = timezone.now()
    for number, job in enumerate(LONGEST_SILENCE):
        if number % 3:
            ended = now - LONGEST_SILENCE[job] * (0.1 if number % 3 == 1 else 2)
            record_job_start(job=job, now=ended)
            record_job_end(job=job, error="", now=ended)
    check_audit(by=AUDITOR, now=now - timedelta(minutes=5))
    check_allocation(by=GUARD, now=now)


def exposed(client, settings) -> dict[tuple[str, str], float]:
    settings.METRICS_KEY = "a key of the tests"
    answer = client.get(reverse("metrics"), headers={"Authorization": "Key a key of the tests"})
    return {
        (sample.name.removeprefix("agenda_"), sample.labels.get("job", sample.labels.get("age", ""))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.requirement("N20")
def test_every_number_is_what_a_slow_count_finds(world, client, settings):
    found, now = exposed(client, settings), timezone.now()

    late = dict.fromkeys(LONGEST_SILENCE, True)
    for beat in JobHeartbeat.objects.all():
        if beat.succeeded_at and now - beat.succeeded_at <= LONGEST_SILENCE[beat.job]:
            late[beat.job] = False
    assert {job: bool(value) for (name, job), value in found.items() if name == "job_late"} == late
    assert Counter(late.values()).keys() == {True, False}

    cases = [one for one in SafetyCase.objects.all() if one.state != "closed"]
    ages = Counter[str]()
    for case in cases:
        days = (now - case.raised_at) / timedelta(days=1)
        ages[next(name for name, (younger, older) in AGES.items() if younger < days <= older)] += 1
    assert {age: value for (name, age), value in found.items() if name == "cases_open"} == {
        age: ages[age] for age in AGES
    }
    waiting = [one for one in cases if one.state == "open"]
    assert found["cases_waiting", ""] == len(waiting)
    assert found["cases_overdue", ""] == sum(one.first_response_due_at <= now for one in waiting)

    assert found["audit_rows", ""] == sum(1 for _event in Event.objects.all())
    assert (found["audit_intact", ""], found["allocation_agrees", ""]) == (1, 1)
    unsent = [one.oldest_unsent_at for one in Device.objects.all() if one.revoked_at is None and one.unsent_count]
    if unsent:
        assert found["unsent_age_seconds", ""] == pytest.approx((now - min(unsent)).total_seconds(), abs=60)
    else:
        assert ("unsent_age_seconds", "") not in found
    made = max((one.made_at for one in BackupReport.objects.all()), default=None)
    too_long = timedelta(days=current_protocol().backups.alarm_after_days)
    assert found["backup_old", ""] == (made is None or now - made > too_long)
    prefix = project.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with redis.Redis.from_url(project.CELERY_BROKER_URL) as queue:
        assert found["queue_length", ""] == len(queue.lrange(f"{prefix}celery", 0, -1))


@pytest.mark.requirement("N20")
def test_the_page_for_strangers_says_the_same_in_yes_and_no(world, client, settings):
    found = exposed(client, settings)
    answer = client.get(reverse("health")).json()
    assert answer["jobs_on_time"] is not any(value for (name, _job), value in found.items() if name == "job_late")
    assert answer["backup_on_time"] is not bool(found["backup_old", ""])
    assert (answer["status"], answer["database"], answer["queue"]) == ("ok", True, True)
