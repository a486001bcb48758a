"""The planner in a real worker: it follows a new level within seconds, and a killed one leaves nothing half done."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import Participant
from risk.models import CurrentRisk
from tests.factories import OfficerFactory, ParticipantFactory, ScaleFactory, UserFactory
from tests.fixtures.processes import running
from tests.locks import somebody_waits_for_a_row, wait_until
from tests.visits.conftest import make_field
from visits import services
from visits.models import Visit, WeekPlan
from visits.services.participation import PLANNER
from visits.weeks import WEEK, monday_of

pytestmark = [pytest.mark.worker, pytest.mark.real_clock]
WORKER = [sys.executable, "-m", "celery", "-A", "ivp_study", "worker", "--concurrency", "1", "--loglevel", "INFO"]


def coming_monday():
    return monday_of(timezone.localdate()) + WEEK


def coming_visits(woman: Participant) -> int:
    return Visit.objects.filter(participant=woman, planned_on__gte=coming_monday(), status="planned").count()


def is_settled(woman: Participant) -> bool:
    return CurrentRisk.objects.filter(participant=woman, replan_pending=False).exists()


def fill_in_the_worst_sheet(woman: Participant) -> None:
    officer = OfficerFactory(user=UserFactory(role=Role.OFFICER), posted_at=woman.station).user
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("assess_risk", args=[woman.study_code])
    fields = [name for name in client.get(url).context["form"].fields if name.startswith("item_")]
    response = client.post(url, {**dict.fromkeys(fields, "si"), "officer_level": ""})
    assert response.status_code == 302, response.context["form"].errors
    assert CurrentRisk.objects.get(participant=woman).level == "severo_2"


@pytest.mark.requirement("F12", "N1")
def test_a_raised_level_is_replanned_in_seconds_and_only_where_it_decides(committed_study, celery_worker_process):
    field = make_field()
    ScaleFactory()
    by_risk, as_usual = (ParticipantFactory(station=station) for station in (field.by_risk, field.as_usual))
    for station in (field.by_risk, field.as_usual):
        services.plan_week(by=PLANNER, monday=coming_monday(), station_ids=[station.pk], now=timezone.now())
    assert (coming_visits(by_risk), coming_visits(as_usual)) == (2, 2)

    for woman in (by_risk, as_usual):
        fill_in_the_worst_sheet(woman)
    assert wait_until(lambda: is_settled(by_risk) and is_settled(as_usual))

    assert (coming_visits(by_risk), coming_visits(as_usual)) == (7, 2)
    plans = WeekPlan.objects.filter(monday=coming_monday()).order_by("participant", "revision")
    assert list(plans.values_list("participant", "target", "reason")) == [
        (by_risk.pk, 2, "weekly"),
        (by_risk.pk, 7, "level_changed"),
        (as_usual.pk, 2, "weekly"),
    ]


@pytest.mark.requirement("F12")
def test_the_sweep_finds_a_change_that_nobody_sent(committed_study, celery_worker_process):
    field = make_field()
    ScaleFactory()
    woman = ParticipantFactory(station=field.by_risk)
    services.plan_week(by=PLANNER, monday=coming_monday(), station_ids=[field.by_risk.pk], now=timezone.now())
    fill_in_the_worst_sheet(woman)
    assert wait_until(lambda: is_settled(woman))
    CurrentRisk.objects.update(level="leve", level_rank=0, replan_pending=True)

    current_app.send_task("visits.replan_pending")
    assert wait_until(lambda: is_settled(woman))

    assert coming_visits(woman) == 2


@pytest.mark.requirement("F10")
def test_a_planner_killed_in_the_middle_leaves_nothing_half_done_and_the_next_one_ends_it(committed_study, tmp_path):
    field = make_field()
    women = [ParticipantFactory(station=station) for station in (field.by_risk, field.as_usual) for _n in range(5)]
    for station in (field.by_risk, field.as_usual):
        OfficerFactory(posted_at=station)
    monday = monday_of(timezone.localdate())

    with running(WORKER, committed_study.environment, log := tmp_path / "a.log", ready=is_ready(log)) as worker:
        with a_womans_row_held(women[-1]):
            current_app.send_task("visits.plan_coming_week")
            assert wait_until(somebody_waits_for_a_row)
            kill_all_of(worker)
        assert not WeekPlan.objects.exists()

    with running(WORKER, committed_study.environment, log := tmp_path / "b.log", ready=is_ready(log)):
        current_app.send_task("visits.plan_coming_week")
        assert wait_until(lambda: WeekPlan.objects.count() == 2 * len(women))
        assert wait_until(lambda: not open_without_officers())

    assert_whole()
    assert set(WeekPlan.objects.values_list("monday", flat=True)) == {monday, monday + WEEK}


def test_two_planners_and_a_re_plan_at_once_plan_each_woman_once(committed_study, tmp_path):
    field = make_field()
    ScaleFactory()
    women = [ParticipantFactory(station=station) for station in (field.by_risk, field.as_usual) for _n in range(8)]
    for station in (field.by_risk, field.as_usual):
        OfficerFactory(posted_at=station)
    logs = [tmp_path / "a.log", tmp_path / "b.log"]

    with (
        running(WORKER, committed_study.environment, logs[0], ready=is_ready(logs[0])),
        running(WORKER, committed_study.environment, logs[1], ready=is_ready(logs[1])),
    ):
        for _beat in range(4):
            current_app.send_task("visits.plan_coming_week")
            current_app.send_task("visits.assign_open")
        for woman in women:
            current_app.send_task("visits.replan_participant", kwargs={"participant_id": woman.pk})
        assert wait_until(lambda: WeekPlan.objects.count() == 2 * len(women))
        assert wait_until(lambda: not open_without_officers())

    assert_whole()
    assert WeekPlan.objects.filter(superseded_at=None).count() == 2 * len(women)
    assert all(" raised unexpected" not in log.read_text() for log in logs)


def open_without_officers() -> bool:
    return Visit.objects.filter(status="planned", first_officer=None).exists()


def assert_whole() -> None:
    for plan in WeekPlan.objects.prefetch_related("visits"):
        assert len(plan.visits.all()) == plan.target - plan.shortfall


def is_ready(log: Path) -> Callable[[], bool]:
    return lambda: " ready." in log.read_text()


@contextmanager
def a_womans_row_held(woman: Participant):
    with transaction.atomic():
        Participant.objects.select_for_update().get(pk=woman.pk)
        yield


def kill_all_of(worker: subprocess.Popen) -> None:
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    for pid in [worker.pid, *map(int, children)]:
        os.kill(pid, signal.SIGKILL)
    worker.wait()
