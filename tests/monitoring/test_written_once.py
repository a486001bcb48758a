"""Whoever must act is written to once: which role of what, never whom it may be about, in words that tell nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from complaints.models import Complaint, Desk
from complaints.services import take_complaint
from messaging.texts import message_text
from monitoring import services, tasks
from monitoring.models import BackupReport, JobHeartbeat, Lateness, StaffMessage
from monitoring.planner import TELL_AFTER
from monitoring.presenters.messages import message_words, messages_due
from monitoring.telling import DAY_BEGINS, DAY_ENDS, ROLES_TOLD, TELL_WITHIN, Kind, words_of
from panel import services as panel
from panel.models import Release, ReleaseReport
from participants.models import Conflict
from participants.services import hold_secret
from protocol.models import ProtocolVersion
from tests.architecture.test_access import TELLING
from tests.complaints.told import written
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.monitoring.sent import SENT, addresses, all_jobs_ran, keep, phone, send
from tests.panel.planning import asked, locked_plan, stored

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_R = Role
# Who hears of what, by design: a kind that is not here, or a role too many, is a mistake.
TOLD = {
    "planner_late": {_R.SUPERVISOR, _R.ADMINISTRATOR, _R.SAFETY_OFFICER},
    "planner_back": {_R.SUPERVISOR, _R.ADMINISTRATOR, _R.SAFETY_OFFICER},
    "jobs_late": {_R.ADMINISTRATOR, _R.SAFETY_OFFICER},
    "jobs_back": {_R.ADMINISTRATOR, _R.SAFETY_OFFICER},
    "backup_late": {_R.ADMINISTRATOR},
    "backup_back": {_R.ADMINISTRATOR},
    "morning": {_R.SUPERVISOR, _R.ADMINISTRATOR, _R.SAFETY_OFFICER, _R.RESEARCHER, _R.STATISTICIAN},
    "surveys": {_R.INTERVIEWER},
    "board_week": {_R.ETHICS_BOARD},
    "release_news": {_R.RESEARCHER, _R.STATISTICIAN},
    "release_waiting": {_R.ADMINISTRATOR, _R.STATISTICIAN},
    "report_news": {_R.RESEARCHER, _R.STATISTICIAN},
    "plan_waiting": {_R.ADMINISTRATOR, _R.STATISTICIAN},
    "names_waiting": {_R.ADMINISTRATOR, _R.STATISTICIAN},
    "lock_waiting": {_R.ADMINISTRATOR, _R.RESEARCHER, _R.STATISTICIAN},
    "complaint_new": {_R.ADMINISTRATOR, _R.SAFETY_OFFICER},
    "complaint_late": {_R.ADMINISTRATOR, _R.SAFETY_OFFICER},
    "back_check": {_R.INTERVIEWER},
    "logs_waiting": {_R.SUPERVISOR},
    "entries_waiting": {_R.ADMINISTRATOR},
    "phone_unsent": {_R.OFFICER, _R.SUPERVISOR, _R.INTERVIEWER},
    "phones_unsent": {_R.SUPERVISOR, _R.ADMINISTRATOR},
    "address_held": {_R.ADMINISTRATOR},
}


@pytest.fixture(autouse=True)
def sending(settings):
    keep(settings)


@pytest.fixture
def protocol(db):
    return ProtocolVersionFactory(loaded_at=NOW - 90 * DAY)


def person(role: Role, name: str = "", **more) -> User:
    return UserFactory(role=role, work_email=f"{name or role}@example.org", language="es", **more)


@pytest.fixture
def everybody(protocol) -> dict[str, User]:
    """One of each role with an address, and of each somebody who left."""
    for role in Role:
        person(role, f"gone_{role}", is_active=False)
    return {role.value: person(role) for role in Role}


def to(*roles: Role) -> list[str]:
    return sorted(f"{role}@example.org" for role in roles)


def test_each_kind_is_told_to_these_roles_and_no_others():
    assert {kind.value: set(roles) for kind, roles in ROLES_TOLD.items()} == TOLD
    assert set(TOLD) == set(Kind.values)


# --- What waits for a decision ----------------------------------------------------------------------------------------


@pytest.mark.requirement("F55")
def test_a_plan_that_waits_is_told_once_to_whoever_may_lock_it_and_again_when_it_is_proposed_again(everybody):
    statistician = everybody[Role.STATISTICIAN]
    person(Role.STATISTICIAN, "second")
    plan = stored(statistician)
    assert addresses(NOW, "plan_waiting") == []
    plan = panel.propose_plan(by=statistician, plan=plan, now=NOW)

    told = send(NOW, "plan_waiting")

    assert sorted(address for address, _text in told) == ["administrator@example.org", "second@example.org"]
    assert {text for _address, text in told} == {"Algo espera su decisión en la agenda. Ingrese para verlo."}
    assert addresses(NOW + HOUR, "plan_waiting") == []
    plan = panel.call_off_proposal(by=statistician, plan=plan)
    assert addresses(NOW + HOUR, "plan_waiting") == []
    panel.propose_plan(by=statistician, plan=plan, now=NOW + 2 * HOUR)
    assert len(addresses(NOW + 2 * HOUR, "plan_waiting")) == 2


@pytest.mark.requirement("F55")
@pytest.mark.parametrize(
    ("asker", "told"), [(Role.STATISTICIAN, Role.ADMINISTRATOR), (Role.ADMINISTRATOR, Role.STATISTICIAN)]
)
def test_a_request_to_unblind_is_told_once_to_the_other_role(everybody, asker, told):
    person(asker, "colleague")
    locked_plan()
    asked(everybody[asker])

    assert addresses(NOW, "names_waiting") == to(told)
    assert addresses(NOW + DAY, "names_waiting") == []


@pytest.mark.requirement("F55")
@pytest.mark.parametrize("state", ["ready", "failed"])
def test_a_report_s_owner_hears_once_that_it_is_ready_or_failed(everybody, state):
    owner = everybody[Role.RESEARCHER]
    release = Release.objects.create(**release_of(owner))
    report = ReleaseReport.objects.create(
        release=release, revision=1, asked_at=NOW, state="making", state_changed_at=NOW
    )
    assert addresses(NOW, "report_news") == []
    ReleaseReport.objects.filter(pk=report.pk).update(state=state, ready_at=NOW if state == "ready" else None)

    told = send(NOW, "report_news")

    assert told == [("researcher@example.org", "Hay novedades de lo que pidió en la agenda. Ingrese para verlas.")]
    assert addresses(NOW + HOUR, "report_news") == []
    StaffMessage.objects.all().delete()
    assert addresses(NOW + TELL_WITHIN, "report_news") == []
    User.objects.filter(pk=owner.pk).update(role=Role.OFFICER)
    assert addresses(NOW, "report_news") == []


def release_of(owner: User) -> dict[str, object]:
    """Return what a release needs to stand in its table."""
    day = timezone.localdate(NOW)
    return {
        "requested_by": owner, "requested_at": NOW, "state": "ready", "state_changed_at": NOW, "revision": 1,
        "purpose": "Headline paper", "datasets": ["panel_wave"], "forms": ["csv"], "language": "es",
        "terms_sha256": "0" * 64,
        "protocol": ProtocolVersion.objects.get(), "as_of": day, "kept_until": day + 30 * DAY,
        "secret": hold_secret(by=tasks.NOTIFIER, name="release", secret=b"0" * 32),
    }  # fmt: skip


# --- Complaints -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("F55", "N25")
@pytest.mark.parametrize(
    ("desk", "told"), [(Desk.COORDINATION, Role.ADMINISTRATOR), (Desk.SAFETY, Role.SAFETY_OFFICER)]
)
def test_a_new_complaint_is_told_once_to_the_desk_that_was_chosen_and_to_nobody_else(everybody, desk, told):
    written(desk=desk)

    assert send(NOW, "complaint_new") == [
        (f"{told}@example.org", "Hay algo nuevo que atender en la agenda. Ingrese para verlo.")
    ]
    assert addresses(NOW + HOUR, "complaint_new") == []


def test_who_wrote_it_is_not_told_of_it_nor_whoever_has_to_do_with_her(everybody):
    writer, tied = everybody[Role.ADMINISTRATOR], person(Role.ADMINISTRATOR, "tied")
    person(Role.ADMINISTRATOR, "free")
    woman = ParticipantFactory()
    Conflict.objects.create(user=tied, participant=woman, declared_at=NOW)
    written(writer, participant=woman)

    assert addresses(NOW, "complaint_new") == ["free@example.org"]


def test_of_the_settings_addresses_only_those_of_the_desk_that_are_nobody_elses(everybody, settings):
    settings.ADMIN_NOTICES_TO = ["oficina@example.org", "safety_officer@example.org", "comun@example.org"]
    settings.SAFETY_NOTICES_TO = ["guardia@example.org", "comun@example.org"]
    written(desk=Desk.COORDINATION)

    assert addresses(NOW, "complaint_new") == ["administrator@example.org", "oficina@example.org"]


def test_a_complaint_that_is_late_is_told_once_and_one_in_hand_is_not_new(everybody):
    complaint = written()
    take_complaint(by=everybody[Role.ADMINISTRATOR], complaint=complaint, now=NOW)
    due = timezone.make_aware(datetime.combine(complaint.due_on, time(10)))

    assert addresses(NOW, "complaint_new", "complaint_late") == []
    assert addresses(due, "complaint_new", "complaint_late") == []
    assert send(due + DAY, "complaint_new", "complaint_late") == [
        ("administrator@example.org", "Algo que atender en la agenda pasó de su fecha. Ingrese para verlo.")
    ]
    assert addresses(due + 2 * DAY, "complaint_new", "complaint_late") == []
    Complaint.objects.update(state="answered")
    StaffMessage.objects.all().delete()
    assert addresses(due + DAY, "complaint_new", "complaint_late") == []


# --- What is late -----------------------------------------------------------------------------------------------------


def watch(what: str, now) -> Lateness | None:
    return services.watch_lateness(by=tasks.WATCHER, what=Lateness.What(what), now=now)


def backup(made_at) -> None:
    BackupReport.objects.create(
        made_at=made_at, size_bytes=1, place="b", sha256="0" * 64, restored_on=made_at.date(), recorded_at=made_at
    )


@pytest.mark.requirement("F55")
def test_the_administrator_hears_once_that_the_backup_is_late_and_once_that_there_is_one(everybody, settings):
    settings.ADMIN_NOTICES_TO, settings.SAFETY_NOTICES_TO = ["respaldo@example.org"], ["guardia@example.org"]
    backup(NOW - 2 * DAY - MINUTE)
    watch("backup", NOW)
    assert addresses(NOW + MINUTE, "backup_late") == []

    told = send(NOW + TELL_AFTER, "backup_late", "backup_back")
    assert [address for address, _text in told] == ["administrator@example.org", "respaldo@example.org"]
    assert told[0][1] == "Falta una copia reciente de la agenda. Ingrese para ver desde cuándo."
    assert addresses(NOW + DAY, "backup_late", "backup_back") == []

    backup(NOW + DAY)
    watch("backup", NOW + DAY)
    back = send(NOW + DAY + MINUTE, "backup_late", "backup_back")
    assert [address for address, _text in back] == ["administrator@example.org", "respaldo@example.org"]
    assert back[0][1] == "Hay otra vez una copia reciente de la agenda."
    assert addresses(NOW + DAY + HOUR, "backup_late", "backup_back") == []


@pytest.mark.parametrize(("days", "late"), [(1, False), (3, True)])
def test_a_study_that_has_just_begun_has_no_late_backup_yet(db, days, late):
    ProtocolVersionFactory(loaded_at=NOW - days * DAY)
    assert (watch("backup", NOW) is not None) is late


@pytest.mark.requirement("F55", "N20")
def test_a_silent_job_is_told_once_however_many_are_silent(everybody):
    all_jobs_ran(NOW)
    assert watch("jobs", NOW) is None
    JobHeartbeat.objects.filter(job__in=("quality.check_data", "back_checks.choose")).update(succeeded_at=NOW - 3 * DAY)
    watch("jobs", NOW)
    told = send(NOW + TELL_AFTER, "jobs_late", "jobs_back")
    assert sorted(address for address, _text in told) == to(Role.ADMINISTRATOR, Role.SAFETY_OFFICER)
    JobHeartbeat.objects.filter(job="quality.count_people").update(succeeded_at=None)
    watch("jobs", NOW + HOUR)
    assert addresses(NOW + HOUR, "jobs_late", "jobs_back") == []

    all_jobs_ran(NOW + HOUR)
    assert watch("jobs", NOW + HOUR) is None
    assert addresses(NOW + HOUR, "jobs_late", "jobs_back") == to(Role.ADMINISTRATOR, Role.SAFETY_OFFICER)


def test_a_planning_job_is_the_planners_lateness_alone(protocol):
    all_jobs_ran(NOW)
    JobHeartbeat.objects.filter(job="visits.replan_pending").update(succeeded_at=None)
    assert watch("jobs", NOW) is None
    assert watch("planner", NOW) is not None


@pytest.mark.parametrize(("hours", "silent"), [(47, False), (49, True)])
def test_a_job_that_never_ran_is_silent_once_the_study_is_as_old(db, hours, silent):
    ProtocolVersionFactory(loaded_at=NOW - hours * HOUR)
    all_jobs_ran(NOW)
    JobHeartbeat.objects.filter(job="monitoring.check_audit").delete()
    assert (watch("jobs", NOW) is not None) is silent
    assert ProtocolVersion.objects.count() == 1


# --- Once, whatever happens -------------------------------------------------------------------------------------------


def test_two_workers_at_once_send_one_message(committed_study):
    ProtocolVersionFactory()
    person(Role.ADMINISTRATOR)
    written()
    due = next(one for one in messages_due(NOW) if one.kind == "complaint_new")
    together = Barrier(2)

    def run(_number):
        together.wait()
        try:
            tasks.send_once(due, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    assert len(SENT) == 1
    assert StaffMessage.objects.get().attempts == 1


def test_a_task_that_is_run_again_sends_nothing_twice(everybody):
    written()
    for _time in range(2):
        tasks.tell_in_charge()
    told = [(one.kind, one.about, one.to) for one in StaffMessage.objects.exclude(sent_at=None)]
    assert len(SENT) == len(told) == len(set(told))


def test_whoever_left_or_changed_her_role_since_is_not_written_to(everybody):
    written()
    (due,) = (one for one in messages_due(NOW) if one.kind == "complaint_new")
    boss = User.objects.filter(pk=everybody[Role.ADMINISTRATOR].pk)
    for change in ({"role": Role.OFFICER}, {"is_active": False}, {"work_email": "nueva@example.org"}):
        was = boss.values(*change).get()
        boss.update(**change)
        tasks.send_once(due, now=NOW)
        boss.update(**was)
    assert (SENT, StaffMessage.objects.count()) == ([], 0)
    tasks.send_once(due, now=NOW)
    assert len(SENT) == 1


@pytest.mark.parametrize(
    ("hour", "minute", "told"),
    [(DAY_BEGINS.hour - 1, 59, 0), (DAY_BEGINS.hour, 0, 1), (DAY_ENDS.hour - 1, 59, 1), (DAY_ENDS.hour, 0, 0)],
)
def test_a_complaint_waits_for_daylight_in_lima(everybody, hour, minute, told):
    written()
    at = timezone.localtime(NOW).replace(hour=hour, minute=minute)
    assert len(addresses(at, "complaint_new")) == told


# --- What is said -----------------------------------------------------------------------------------------------------

# Beside what no address may tell: who, where, which group, and what it is about.
NAMING = re.compile(
    r"mujer|señora|woman|women|\bella\b|\bher\b|oficial|officer|encuesta|survey|entrevist|interview|grupo|group|queja|"
    r"complaint|control|capacit|training|visita|visit|estaci|station|ceg|blind|http|www|@|\d",
)


@pytest.mark.requirement("F55")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", Kind)
def test_no_kind_of_message_says_who_where_or_about_what(kind, language):
    codes = {words_of(kind)} | ({"asked", "waiting"} if kind in ("morning", "surveys") else set())
    for code in codes:
        text = re.sub(r"\$\w+", "", message_text(code, language).lower())
        assert TELLING.findall(text) == []
        assert NAMING.findall(text) == []


@pytest.mark.requirement("F55")
@pytest.mark.parametrize("language", ["es", "en"])
def test_what_leaves_has_the_neutral_subject_and_nothing_of_what_it_is_about(everybody, settings, language):
    settings.MESSAGE_SENDERS = {"email": "messaging.senders.EmailSender"}
    User.objects.update(language=language)
    woman = ParticipantFactory()
    written(everybody[Role.SAFETY_OFFICER], participant=woman)
    phone(everybody[Role.INTERVIEWER], waits=2 * DAY)
    panel.propose_plan(by=everybody[Role.STATISTICIAN], plan=stored(everybody[Role.STATISTICIAN]), now=NOW)
    for what in Lateness.What:
        watch(what, NOW - HOUR)
    due = messages_due(NOW)
    assert {one.kind.value for one in due} >= {
        "planner_late", "jobs_late", "backup_late", "plan_waiting", "complaint_new", "phone_unsent", "phones_unsent",
        "morning", "board_week",
    }  # fmt: skip
    hidden = [woman.study_code, woman.station.name, *User.objects.values_list("display_name", flat=True)]
    for one in due:
        tasks.send_once(one, now=NOW)
    assert len(mail.outbox) == len(due)
    for one, message in zip(due, mail.outbox, strict=True):
        assert message.subject == settings.MESSAGE_SUBJECT == "Agenda"
        assert message.body == message_words(one)
        assert [word for word in hidden if word in message.body] == []
        assert TELLING.findall(message.body.lower()) == []
        # A dash stands for what is not known.
        counts = [str(number) for line in one.lines for number in line.counts.values() if number != "–"]
        assert sorted(re.findall(r"\d+", message.body)) == sorted(counts)
