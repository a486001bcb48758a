"""The overview counts what is there, names no arm, and tells when a job is late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.sweeping import StepsFailed
from monitoring.jobs import LONGEST_SILENCE, job_state
from monitoring.models import JobHeartbeat
from monitoring.presenters import JOBS
from monitoring.presenters.overview import overview_lines
from monitoring.queries import StationLine, job_states, station_lines
from monitoring.services import record_job_end, record_job_start
from monitoring.tasks import job_failed
from participants.recruitment import progress
from participants.tasks import send_messages
from stations.queries import study_stations
from tests.factories import NOW, TODAY, ParticipantFactory, UserFactory, VisitFactory

MONDAY = TODAY - timedelta(days=TODAY.weekday())


def test_station_line_counts_women_and_this_weeks_visits(allocated):
    drawn = study_stations()[2]
    woman = ParticipantFactory(station=drawn.station)
    ParticipantFactory(station=drawn.station, status="withdrawn")
    for day, status in enumerate(("done", "missed", "attempted", "superseded", "planned")):
        VisitFactory(
            plan__participant=woman, plan__revision=day + 1, plan__superseded_at=NOW, status=status,
            planned_on=MONDAY + timedelta(days=day),
        )  # fmt: skip
    VisitFactory(
        plan__participant=woman, plan__monday=MONDAY - timedelta(days=7), planned_on=MONDAY - timedelta(days=1)
    )
    line = station_lines(monday=MONDAY, today=TODAY)[2]
    assert (line.study_code, line.enrolled, line.in_follow_up) == (drawn.study_code, 2, 1)
    assert (line.planned, line.done, line.attempted, line.missed) == (4, 1, 1, 1)
    assert (line.done_pct, line.attempted_pct, line.missed_pct) == (25, 25, 25)
    assert station_lines(monday=MONDAY, today=TODAY)[3].done_pct is None


def test_the_blinded_read_no_follow_up_that_tells_how_few_left_a_station():
    pace = progress({}, wanted=100, wanted_a_week=8, today=TODAY)
    lines = [StationLine(code, 100, followed, pace, 0, 0, 0, 0) for code, followed in (("A", 98), ("B", 90), ("C", 80))]
    shown = {hides: [one.in_follow_up for one in overview_lines(lines, hides_small=hides)] for hides in (True, False)}
    # With the sum of all, those of the others would tell the two of the first.
    assert shown == {True: [None, 90, None], False: [98, 90, 80]}
    assert [one.enrolled for one in overview_lines(lines, hides_small=True)] == [100, 100, 100]


@pytest.mark.requirement("F58", "N20")
@pytest.mark.parametrize("job", LONGEST_SILENCE)
def test_job_is_late_after_its_silence_and_not_before(job):
    limit = LONGEST_SILENCE[job]
    assert not job_state(job, succeeded_at=NOW - limit, error="", now=NOW).is_late
    assert job_state(job, succeeded_at=NOW - limit - timedelta(seconds=1), error="", now=NOW).is_late
    assert job_state(job, succeeded_at=None, error="", now=NOW).is_late


def test_every_scheduled_job_is_watched_and_named(settings):
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled == set(LONGEST_SILENCE) == set(JOBS)


@pytest.mark.django_db
def test_failed_job_keeps_its_last_success_and_the_kind_of_failure():
    job = "visits.mark_missed"
    record_job_start(job=job, now=NOW)
    record_job_end(job=job, error="", now=NOW)
    record_job_start(job=job, now=NOW + timedelta(minutes=10))
    record_job_end(job=job, error="OperationalError", now=NOW + timedelta(minutes=10))
    state = next(state for state in job_states(now=NOW) if state.job == job)
    assert (state.succeeded_at, state.error, JobHeartbeat.objects.get().runs) == (NOW, "OperationalError", 2)


@pytest.mark.django_db
def test_a_sweep_that_went_on_past_failures_says_how_many_there_were_until_it_is_whole_again(client, allocated):
    job = "participants.send_messages"
    record_job_start(job=job, now=NOW)
    job_failed(sender=send_messages, exception=StepsFailed(3, 40))
    (state,) = (state for state in job_states(now=NOW) if state.job == job)
    assert (state.succeeded_at, state.error, state.failed_steps) == (None, "StepsFailed", 3)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert "3 de sus pasos fallaron" in client.get(reverse("study_overview")).content.decode()

    record_job_end(job=job, error="", now=NOW)

    assert next(state for state in job_states(now=NOW) if state.job == job).failed_steps == 0


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.ETHICS_BOARD])
def test_overview_names_no_arm_and_no_real_station(client, allocated, role):
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = "en"
    page = client.get(reverse("study_overview")).content.decode()
    assert page.count("Estación") == 16
    assert not any(word in page for word in ("control", "Training", "Risk scale", "Visits as usual"))
    assert not any(drawn.station.name in page for drawn in study_stations())


def test_overview_looks_the_same_for_seven_visits_a_woman_as_for_two(client, allocated):
    few, many = study_stations()[:2]
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    for drawn, visits in ((few, 2), (many, 7)):
        woman = ParticipantFactory(station=drawn.station)
        for day in range(visits):
            VisitFactory(
                plan__participant=woman, plan__revision=day + 1, plan__superseded_at=NOW, status="done",
                planned_on=monday + timedelta(days=day),
            )  # fmt: skip
    client.force_login(UserFactory(role=Role.ETHICS_BOARD))
    page = client.get(reverse("study_overview")).content.decode()
    rows = [row.split("</tr>")[0] for row in page.split('<th scope="row" class="text-nowrap">Estación')[1:3]]
    assert rows[0].replace(few.study_code[-2:], "") == rows[1].replace(many.study_code[-2:], "")


@pytest.mark.parametrize("women", [1, 3])
def test_overview_takes_as_many_queries_for_three_as_for_one(client, allocated, women, django_assert_num_queries):
    for drawn in study_stations()[:women]:
        VisitFactory(plan__participant__station=drawn.station)
    client.force_login(UserFactory(role=Role.ETHICS_BOARD))
    client.get(reverse("study_overview"))  # the parsed protocol is kept by the process
    with django_assert_num_queries(22):
        client.get(reverse("study_overview"))


def test_overview_before_the_study_says_what_to_do(client, protocol):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    client.cookies["idioma"] = "en"
    assert "The study has not begun" in client.get(reverse("study_overview")).content.decode()


def test_health_tells_strangers_only_whether_it_serves(client, db):
    answer = client.get(reverse("health"))
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": True,
        "queue": True,
        "jobs_on_time": False,
        "backup_on_time": False,
    }
    for job in LONGEST_SILENCE:
        record_job_start(job=job, now=timezone.now())
        record_job_end(job=job, error="", now=timezone.now())
    assert client.get(reverse("health")).json()["jobs_on_time"] is True
