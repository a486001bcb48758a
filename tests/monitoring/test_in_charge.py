"""Whoever is in charge hears once that the planner is late, once that it is back, and of each morning in counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.actors import SystemActor
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from messaging.senders import SendingFailed, SendingUncertain
from monitoring import queries, services, tasks
from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import JobHeartbeat, Lateness, StaffMessage
from monitoring.planner import PLANNER_JOBS, TELL_AFTER, TELL_WITHIN, is_worth_telling, planner_state
from monitoring.presenters.messages import messages_due
from monitoring.queries.lateness import is_planner_late, planner_now
from monitoring.services import record_job_end, record_job_start
from monitoring.telling import MOST_ATTEMPTS, may_be_tried
from tests.factories import NOW, OfficerFactory, ParticipantFactory, StationFactory, UserFactory, VisitFactory
from tests.visits.conftest import make_field
from visits.models import StationDigest

MINUTE = timedelta(minutes=1)
SENT: list[tuple[str, str]] = []
# 18 November 2026, nine in the morning in Lima.
MORNING = NOW.replace(hour=14, minute=0, second=0, microsecond=0)


class KeepingSender:
    def send(self, address: str, text: str) -> None:
        SENT.append((address, text))


class RefusingSender:
    def send(self, address: str, text: str) -> None:
        raise SendingFailed("status 400")


class SilentSender:
    def send(self, address: str, text: str) -> None:
        raise SendingUncertain("TimeoutError")


@pytest.fixture(autouse=True)
def sending(settings):
    SENT.clear()
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.KeepingSender", "sms": f"{__name__}.KeepingSender"}
    return settings


def on_time(now) -> None:
    for job in LONGEST_SILENCE:
        record_job_start(job=job, now=now)
        record_job_end(job=job, error="", now=now)


def silent(job="visits.replan_pending") -> None:
    JobHeartbeat.objects.filter(job=job).update(succeeded_at=None)


def watch(now):
    return services.watch_lateness(by=tasks.WATCHER, what=Lateness.What.PLANNER, now=now)


def send(now) -> list[tuple[str, str]]:
    """Send what is due at a moment; return what left."""
    before = len(SENT)
    for due in messages_due(now):
        tasks.send_once(due, now=now)
    return SENT[before:]


@pytest.fixture
def boss(db):
    return UserFactory(role=Role.ADMINISTRATOR, work_email="jefa@example.org", language="es")


@pytest.mark.requirement("F58", "N20")
@pytest.mark.parametrize("job", sorted(PLANNER_JOBS))
def test_each_planning_job_makes_the_planner_late_and_others_do_not(db, job):
    on_time(NOW)
    silent("surveys.mark_overdue")
    assert planner_now(NOW) == planner_state(queries.job_states(now=NOW), has_unplanned=False)
    assert not planner_now(NOW).is_late

    silent(job)

    assert planner_now(NOW).is_late
    assert is_planner_late(NOW)


@pytest.mark.parametrize(("joined_days_ago", "late"), [(9, True), (2, True), (1, False), (0, False)])
def test_a_woman_without_a_plan_makes_it_late_though_every_job_ran(db, joined_days_ago, late):
    field = make_field()
    on_time(NOW)
    ParticipantFactory(station=field.by_risk, enrolled_on=timezone.localdate(NOW) - timedelta(days=joined_days_ago))

    assert is_planner_late(NOW) is late


@pytest.mark.parametrize(
    ("began", "over", "worth"),
    [
        (TELL_AFTER - MINUTE, None, False),
        (TELL_AFTER, None, True),
        (timedelta(days=30), None, True),
        (TELL_AFTER + MINUTE, 2 * MINUTE, False),
        (TELL_AFTER + MINUTE, MINUTE, True),
        (TELL_AFTER + TELL_WITHIN, TELL_WITHIN, True),
        (TELL_AFTER + TELL_WITHIN + 2 * MINUTE, TELL_WITHIN + MINUTE, False),
    ],
)
def test_a_moment_is_told_to_nobody_and_what_is_long_over_neither(began, over, worth):
    over_at = None if over is None else NOW - over
    assert is_worth_telling(began_at=NOW - began, over_at=over_at, now=NOW) is worth


@pytest.mark.requirement("F55", "N20")
def test_those_in_charge_hear_once_that_it_is_late_and_once_that_it_is_back(boss, settings):
    settings.ADMIN_NOTICES_TO, settings.SAFETY_NOTICES_TO = ["+51999888777"], ["guardia@example.org", boss.work_email]
    UserFactory(role=Role.SUPERVISOR, work_email="supervisora@example.org", language="en")
    UserFactory(role=Role.OFFICER, work_email="oficial@example.org")
    UserFactory(role=Role.SAFETY_OFFICER, work_email="lejos@example.org", is_active=False)
    UserFactory(role=Role.RESEARCHER, work_email="investigadora@example.org")
    on_time(NOW)
    silent()

    assert watch(NOW) == watch(NOW + MINUTE) == Lateness.objects.get()
    assert send(NOW + MINUTE) == []
    told = send(NOW + TELL_AFTER)
    assert [address for address, _text in told] == [
        boss.work_email, "supervisora@example.org", "+51999888777", "guardia@example.org",
    ]  # fmt: skip
    assert told[0][1].startswith("Los planes de la agenda están atrasados")
    assert told[1][1].startswith("The agenda's plans are late")
    assert send(NOW + TELL_AFTER + MINUTE) == []

    on_time(NOW + 20 * MINUTE)
    assert watch(NOW + 20 * MINUTE) is None
    back = send(NOW + 21 * MINUTE)
    assert [address for address, _text in back] == [address for address, _text in told]
    assert back[0][1] == "Los planes de la agenda están otra vez al día."
    assert send(NOW + 22 * MINUTE) == []
    assert [event.action for event in Event.objects.filter(action__startswith="monitoring.planner")] == [
        "monitoring.planner_late", "monitoring.planner_back",
    ]  # fmt: skip


def test_a_second_lateness_is_told_again_and_whoever_was_not_told_does_not_hear_that_it_is_over(boss):
    on_time(NOW)
    for number in range(2):
        begin = NOW + number * timedelta(hours=3)
        silent()
        watch(begin)
        assert len(send(begin + TELL_AFTER)) == 1
        if number:
            UserFactory(role=Role.ADMINISTRATOR, work_email="nueva@example.org")
        on_time(begin + 11 * MINUTE)
        watch(begin + 11 * MINUTE)
        assert [address for address, _text in send(begin + 12 * MINUTE)] == [boss.work_email]
    assert Lateness.objects.count() == 2


def test_two_watches_at_once_begin_one_lateness(committed_study):
    together = Barrier(2)

    def run(_number):
        together.wait()
        try:
            return watch(NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(run, range(2)))) == 1
    assert Lateness.objects.count() == 1


# --- The morning -----------------------------------------------------------------------------------------------------


def digest(station, **counts) -> StationDigest:
    numbers = {"planned": 0, "without_officers": 0, "late": 0, "unexplained": 0, "escalated": 0, "short": 0, **counts}
    return StationDigest.objects.create(
        station=station, made_for=timezone.localdate(MORNING), made_at=MORNING, **numbers
    )


@pytest.fixture
def mornings(db):
    """Two stations with their counts; the supervisor of the first one has an address."""
    field = make_field()
    digest(field.by_risk, planned=5, without_officers=1, late=2, unexplained=3)
    digest(field.as_usual, planned=7)
    field.supervisor.work_email = "supervisora@example.org"
    field.supervisor.save()
    return field


@pytest.mark.requirement("F55", "N8")
def test_the_morning_reaches_the_supervisor_in_counts_of_her_station_once(mornings):
    assert send(MORNING) == [
        (
            "supervisora@example.org",
            "Hoy: 5 por hacer, 1 sin nadie esta semana, 2 atrasadas, 3 sin motivo. Ingrese a la agenda.",
        )
    ]
    assert send(MORNING + MINUTE) == []
    assert send(MORNING + timedelta(hours=3)) == []
    message = StaffMessage.objects.get()
    assert (message.kind, message.about, message.to) == ("morning", "2026-11-18", f"account:{mornings.supervisor.pk}")


def test_those_above_get_the_sum_of_all_stations_in_their_language(mornings):
    on_time(MORNING)
    UserFactory(role=Role.SAFETY_OFFICER, work_email="guardia@example.org", language="en")

    assert send(MORNING)[-1] == (
        "guardia@example.org",
        """Today: 12 to do, 1 without anybody this week, 2 late, 3 without a reason. Sign in to the agenda.
On the first page of your agenda wait: 0 without delay, 7 for today, 0 for when you can.
To look after: 7. Days that the oldest has waited: –. Past its term: 0. Yesterday: –.""",
    )


@pytest.mark.parametrize(("hour", "minute", "due"), [(11, 59, 1), (12, 0, 0), (23, 0, 0)])
def test_no_morning_is_sent_after_noon_in_lima(mornings, hour, minute, due):
    assert len(messages_due(MORNING.replace(hour=(hour + 5) % 24, minute=minute))) == (due if hour < 19 else 0)


def test_nobody_without_an_address_or_a_digest_is_written_to(mornings):
    StationDigest.objects.all().delete()
    assert messages_due(MORNING) == []
    digest(StationFactory(), planned=1)
    OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=mornings.by_risk)
    assert messages_due(MORNING) == []


def test_one_that_may_have_left_is_not_sent_again(mornings, settings):
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.SilentSender"}
    send(MORNING)
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.KeepingSender"}

    assert send(MORNING + MINUTE) == []
    assert StaffMessage.objects.get().sent_at is None


def test_one_that_certainly_did_not_leave_is_tried_again_a_few_times(mornings, settings):
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.RefusingSender"}
    for minute in (0, 1, 5, 6):
        send(MORNING + minute * MINUTE)
    assert StaffMessage.objects.get().attempts == 3
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.KeepingSender"}
    assert send(MORNING + 20 * MINUTE) == []
    assert len(send(MORNING + 21 * MINUTE)) == 1


@pytest.mark.requirement("F55")
def test_a_mail_server_that_is_down_for_two_days_loses_no_message(boss, settings):
    on_time(NOW)
    silent()
    watch(NOW)
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.RefusingSender"}
    for hour in range(48):
        assert send(NOW + TELL_AFTER + hour * timedelta(hours=1)) == []
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.KeepingSender"}
    assert len(send(NOW + TELL_AFTER + timedelta(hours=72))) == 1


@pytest.mark.parametrize(
    ("attempts", "waited", "tried"),
    [
        (0, timedelta(0), True),
        (1, MINUTE - timedelta(seconds=1), False),
        (1, MINUTE, True),
        (4, 59 * MINUTE, False),
        (4, 60 * MINUTE, True),
        (MOST_ATTEMPTS - 1, timedelta(hours=24), True),
        (MOST_ATTEMPTS, timedelta(days=99), False),
    ],
)
def test_tries_come_further_and_further_apart_and_end(attempts, waited, tried):
    assert may_be_tried(attempts, NOW - waited, NOW) is tried


def test_whoever_died_after_the_claim_has_said_it_once_at_most(mornings):
    (due,) = messages_due(MORNING)
    claim = {"by": tasks.NOTIFIER, "kind": due.kind, "about": due.about, "to": due.reader.to}
    assert services.claim_message(**claim, now=MORNING) is not None

    assert services.claim_message(**claim, now=MORNING + MINUTE) is None
    assert send(MORNING + MINUTE) == []


def test_two_workers_at_once_send_one_message(committed_study):
    field = make_field()
    digest(field.by_risk, planned=5)
    field.supervisor.work_email = "supervisora@example.org"
    field.supervisor.save()
    (due,) = messages_due(MORNING)
    together = Barrier(2)

    def run(_number):
        together.wait()
        try:
            tasks.send_once(due, now=MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    assert len(SENT) == 1


def test_the_task_watches_and_tells(mornings):
    StationDigest.objects.update(made_for=timezone.localdate())
    tasks.tell_in_charge()
    assert {one.what for one in Lateness.objects.all()} == {"planner", "jobs", "backup"}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICER, Role.ADMINISTRATOR])
def test_watching_and_claiming_are_the_systems_own(db, role):
    person = UserFactory(role=role)
    with pytest.raises(PermissionMissing):
        services.watch_lateness(by=person, what=Lateness.What.PLANNER, now=NOW)
    with pytest.raises(PermissionMissing):
        services.claim_message(by=person, kind=StaffMessage.Kind.MORNING, about="x", to="y", now=NOW)
    with pytest.raises(PermissionMissing):
        services.settle_message(by=SystemActor("test", frozenset()), message=StaffMessage(), has_left=True, now=NOW)


@pytest.fixture
def field(db):
    return make_field()


# --- What pages say --------------------------------------------------------------------------------------------------

PAGES = [
    ("visit_list", "officer"),
    ("visit_list", "supervisor"),
    ("missed_list", "supervisor"),
    ("week_board", "supervisor"),
    ("week_officers", "supervisor"),
    ("station_morning", "supervisor"),
    ("study_overview", Role.ADMINISTRATOR),
    ("case_list", Role.SAFETY_OFFICER),
]


@pytest.mark.requirement("N20")
@pytest.mark.parametrize(("page", "whose"), PAGES)
def test_pages_say_that_the_planner_is_late_and_when_plans_were_made(client, field, page, whose):
    person = UserFactory(role=whose) if isinstance(whose, Role) else getattr(field, whose)
    client.force_login(person)
    now = timezone.now()
    on_time(now)
    with override("es"):
        assert "Los planes están atrasados." not in client.get(reverse(page)).content.decode()
        assert "Nunca se hicieron." not in client.get(reverse(page)).content.decode()

        made_at = now - timedelta(hours=30)
        JobHeartbeat.objects.filter(job="visits.plan_coming_week").update(succeeded_at=made_at)

        text = client.get(reverse(page)).content.decode()
    assert "Los planes están atrasados." in text
    assert f"{timezone.localtime(made_at):%H:%M}" in text


@pytest.mark.requirement("N20")
def test_an_officers_list_says_when_the_plan_was_made_on_an_empty_day_and_that_there_is_none(client, field):
    client.force_login(field.officer)
    address = reverse("visit_list")
    assert "Aún no se hizo un plan para esta semana." in client.get(address).content.decode()

    today = timezone.localdate()
    visit = VisitFactory(plan__participant=ParticipantFactory(station=field.by_risk), planned_on=today)
    visit.plan.monday = today - timedelta(days=today.weekday())
    visit.plan.planned_at = timezone.now() - timedelta(hours=2)
    visit.plan.save()
    visit.status = "superseded"
    visit.save()

    text = client.get(address).content.decode()
    assert "No hay visitas" in text
    assert f"{timezone.localtime(visit.plan.planned_at):%H:%M}" in text
