"""`manage.py plan_visits`, also twice at once, as two real processes on one database."""

import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import ParticipantFactory
from tests.fixtures.databases import CHECKOUT
from tests.visits.conftest import make_field
from visits.models import Visit, WeekPlan
from visits.weeks import WEEK, monday_of, week_label


def next_week() -> str:
    return week_label(monday_of(timezone.localdate()) + WEEK)


def test_command_plans_a_week_and_says_what_it_made(field):
    ParticipantFactory(station=field.by_risk)
    ParticipantFactory(station=field.as_usual, safe_weekdays=[7])
    said, progress = StringIO(), StringIO()

    call_command("plan_visits", week=next_week(), stdout=said, stderr=progress)

    assert said.getvalue() == (f"{next_week()}: 2 plans and 3 visits made; 1 visits short for want of safe days.\n")
    assert progress.getvalue() == "1/2 stations\n2/2 stations\n"


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("2026-48", "week: expected year and ISO week such as 2026-W48, found '2026-48'"),
        ("2026-W54", "week: 2026-W54 does not exist; 2026 has weeks 01 to 53"),
        ("2020-W01", "This week is over: only the current week and later ones can be planned."),
    ],
)
def test_a_bad_week_gets_one_line_and_status_2(field, week, said):
    ParticipantFactory(station=field.by_risk)

    with pytest.raises(CommandError) as refused:
        call_command("plan_visits", week=week)

    assert (str(refused.value), refused.value.returncode) == (said, 2)
    assert not WeekPlan.objects.exists()


@pytest.mark.real_clock
@pytest.mark.requirement("F10")
def test_two_planners_at_once_make_one_plan(committed_study):
    field = make_field()
    women = [ParticipantFactory(station=field.by_risk) for _n in range(20)]
    women += [ParticipantFactory(station=field.as_usual) for _n in range(20)]
    command = [sys.executable, str(CHECKOUT / "manage.py"), "plan_visits", "--week", next_week()]

    planners = [
        subprocess.Popen(command, env=committed_study.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _n in range(2)
    ]
    said = [planner.communicate(timeout=120)[0].decode() for planner in planners]

    assert [planner.returncode for planner in planners] == [0, 0], said
    assert sorted(WeekPlan.objects.values_list("participant", flat=True)) == [woman.pk for woman in women]
    assert Visit.objects.count() == 2 * len(women)
    assert set(Visit.objects.values_list("status", flat=True)) == {"planned"}


def test_the_week_of_today_is_planned_too(field):
    ParticipantFactory(station=field.by_risk)
    monday = monday_of(timezone.localdate())

    call_command("plan_visits", week=week_label(monday), stdout=StringIO(), stderr=StringIO())

    plan = WeekPlan.objects.get()
    assert (plan.monday, plan.target - plan.shortfall) == (monday, plan.visits.count())
    assert all(visit.planned_on >= timezone.localdate() for visit in plan.visits.all())
    assert all(visit.planned_on < monday + timedelta(days=7) for visit in plan.visits.all())
