"""What waits for each role: every number is that of the list behind it, every link opens, and it costs the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import may_open
from accounts.models import User
from accounts.roles import Role
from accounts.views import FIRST_PAGE
from audit.models import Checkpoint
from complaints.states import WAITING
from monitoring.presenters.needs import NEEDS, USUAL_PAGE, need_rows
from monitoring.presenters.needs.lines import Urgency
from monitoring.presenters.needs.safety import DUTY_DAYS
from panel.release_states import ReleaseState
from participants.models import AccessNotice, Erasure, Participant
from participants.services import raise_notice
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import Posting
from stations.queries import may_be_approved_by, study_stations
from surveys.models import Instrument, PaperEntry
from surveys.queries.papers import papers_open
from surveys.services import schedule_waves
from tests.architecture.conflicting import conflicting_logs
from tests.architecture.doubtful import queries
from tests.architecture.incidents import incident_of, requests_of
from tests.architecture.signed import messages_to
from tests.factories import (
    NOW,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.phone.conftest import phone_of
from tests.safety.factories import SafetyCaseFactory
from tests.surveys.conftest import STUDY
from visits.models import Visit
from visits.services import DeviceState, hear_of_device

ROLES = sorted(set(Role) - {Role.OFFICER})


def signed_in(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = language
    return client


def days_left_open(context: Any) -> int:
    coming = [timezone.localdate() + timedelta(days=number) for number in range(DUTY_DAYS)]
    turns = list(context["turns"])
    return sum(not any(turn.starts_on <= day <= turn.ends_on for turn in turns) for day in coming)


def rows_where(condition: Callable[[Any], bool]) -> Callable[[Any, User], int]:
    """Count the rows of a list, whatever its pages, that wait: the list shows what is over too."""
    return lambda context, _user: sum(map(condition, context["page"].paginator.object_list))


def of_others(context: Any, user: User) -> int:
    listed = context["page"].paginator.object_list
    return sum(one.state == ReleaseState.WAITING and one.requested_by_id != user.pk for one in listed)


# How many a list holds, where that is not simply how long it is.
BEHIND: dict[str, Callable[[Any, User], int]] = {
    "access_notices": rows_where(lambda notice: notice.reviewed_at is None),
    "incidents": rows_where(lambda incident: incident.closed_at is None),
    "data_requests": rows_where(lambda request: request.ended_at is None),
    "events_new": rows_where(lambda event: event.is_new),
    "entries": rows_where(lambda entry: getattr(entry, "decision", None) is None),
    "sessions": rows_where(lambda session: session.held_on < timezone.localdate()),
    "interviews": rows_where(
        lambda one: one.status == "agreed" and timezone.localdate(one.starts_at) <= timezone.localdate()
    ),
    "address_holds": lambda context, _user: sum(goes_on for _hold, goes_on, _people in context["rows"]),
    "without_duty": lambda context, _user: days_left_open(context),
    "record_broken": lambda context, _user: int(bool(context["latest"] and context["latest"].problem)),
    "draw_differs": lambda context, _user: int(context["allocation_differs"]),
    "jobs_late": lambda context, _user: sum(job.is_late for _label, job in context["jobs"]),
    "backups": lambda context, _user: context["backup"].alarms,
    "approvals": lambda context, user: sum(may_be_approved_by(user, draw) for draw in context["draws"]),
    "releases": of_others,
    "releases_asked": of_others,
    "back_checks_to_explain": lambda context, _user: len(context["to_explain"]),
    "phones_unsent": lambda context, _user: sum(row.kind == "bad" for row in context["rows"]),
    "complaints": rows_where(lambda complaint: complaint.state in WAITING),
    "plans": lambda context, user: sum(
        plan.state == "proposed" and plan.proposed_by_id != user.pk for plan, _kind in context["rows"]
    ),
    "unblinding": lambda context, _user: int(context["approve"] is not None),
    "erasures": lambda context, user: sum(
        one.confirmed_at is None and one.cancelled_at is None and one.requested_by_id != user.pk
        for one in context["page"].paginator.object_list
    ),
    "messages": lambda context, _user: len(context["unsure"]),
    "transfers": lambda context, _user: sum(row.is_ours and row.is_open for row in context["rows"]),
    "care": lambda context, _user: len(context["waiting"]),
    # Every open survey may have been asked on paper: one waits once somebody entered it.
    "papers": lambda context, _user: sum(case.entries for case in context["to_enter"]) + len(context["to_compare"]),
    "texts": lambda context, _user: sum(
        not (row.own and row.own.finished_at) and (row.own is not None or row.coders < 2) for row in context["rows"]
    ),
}


@pytest.fixture
def world(committed_study):
    """A simulated study, and one of what it does not make."""
    settings = WorldSettings(seed=5, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=6)
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    women = list(Participant.objects.in_follow_up().order_by("pk")[:12])
    officer = User.objects.get(username="oficial")
    queries()
    incident_of(women)
    requests_of(women[:3])
    messages_to(women)
    conflicting_logs([drawn.station_id for drawn in study_stations()[:4]], officer)
    raise_notice(AccessNotice.Kind.EMERGENCY, now=timezone.now(), participant=women[0], user=officer)
    entered_once()
    asked_by = User.objects.get(username="sorteo.uno")
    Erasure.objects.create(participant=women[1], reason="her_wish", requested_by=asked_by, requested_at=timezone.now())


def entered_once() -> None:
    """Let an interviewer enter the paper of one of her surveys, which waits for another one then."""
    case = papers_open(timezone.localdate()).select_related("participant__interviewer")[0]
    PaperEntry.objects.create(
        case=case, position=1, entered_by=case.participant.interviewer, entered_at=timezone.now(),
        instrument=Instrument.objects.earliest("pk"), answers={}, sealed_instance=b"\x01",
    )  # fmt: skip


def people(role: Role) -> list[User]:
    """Return those of a role who differ in what they see."""
    if role == Role.SUPERVISOR:
        serving = Posting.objects.serving().filter(officer__user__role=role)
        return [posting.officer.user for posting in serving.select_related("officer__user").order_by("station")]
    return list(User.objects.filter(role=role, is_active=True).exclude(username__startswith="sorteo").order_by("pk"))


def test_every_number_is_that_of_the_list_behind_it_and_every_list_opens(world):
    met, now = set(), timezone.now()
    for role in ROLES:
        for user in people(role):
            client = signed_in(user)
            for need in NEEDS:
                if not need.is_for(user):
                    continue
                number, response = need.counted_for(user, now).number, client.get(need.url)
                assert response.status_code == 200, (role, need.code)
                count = BEHIND.get(need.code, lambda context, _user: context["page"].paginator.count)
                assert number == count(response.context, user), (user.username, need.code)
                met |= {need.code} if number else set()
    # Those that wait for nobody in this world have tests of their own, here or in their rooms.
    assert len(met) >= 24, sorted({need.code for need in NEEDS} - met)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_waits_for_her_the_most_urgent_first(world, role):
    user = people(role)[0]
    rows = need_rows(user, now=timezone.now())
    page = signed_in(user).get(reverse("home"), follow=True)
    assert page.redirect_chain[0][0] == reverse(FIRST_PAGE[role])
    shown = page.content.decode()
    assert [row.url for row in rows if f'href="{row.url}"'.replace("&", "&amp;") not in shown] == []
    order = [("bad", "warn", "neutral").index(row.kind) for row in rows]
    assert order == sorted(order)


def test_every_need_names_roles_that_may_open_its_list():
    assert [need.code for need in NEEDS if not need.roles] == []
    closed = [(need.code, role) for need in NEEDS for role in need.roles if not may_open(role, need.url_name)]
    assert closed == []
    codes = [need.code for need in NEEDS]
    assert len(codes) == len(set(codes))


def test_every_role_has_a_first_page_and_something_that_can_wait_for_her():
    asked = {role for need in NEEDS for role in need.roles}
    assert asked == set(ROLES)
    assert set(FIRST_PAGE) == set(Role)
    assert {role for role, name in FIRST_PAGE.items() if name == "today"} == set(USUAL_PAGE)
    assert all(may_open(role, name) for role, name in FIRST_PAGE.items())
    assert all(may_open(role, name) for role, (name, _label) in USUAL_PAGE.items())


@pytest.mark.parametrize("number", [1, 2])
def test_each_need_says_one_and_several(number):
    assert [need.code for need in NEEDS if not need.words(number)] == []
    assert [need.code for need in NEEDS if need.words(1) == need.words(2)] == []


@pytest.mark.django_db
def test_whoever_nothing_waits_for_reads_so_and_goes_on_from_there():
    ProtocolVersionFactory()
    page = signed_in(UserFactory(role=Role.RESEARCHER)).get(reverse("today")).content.decode()
    assert "Nothing is waiting for you" in page
    assert page.count(f'href="{reverse("dataset_list")}"') >= 2


@pytest.mark.django_db
def test_before_the_protocol_is_loaded_the_first_page_says_what_to_do():
    response = signed_in(UserFactory(role=Role.ADMINISTRATOR)).get(reverse("today"))
    assert response.status_code == 409
    assert "load_protocol" in response.content.decode()


@pytest.fixture
def supervisor(db):
    ProtocolVersionFactory()
    station = StationFactory()
    return OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=station).user, station


@pytest.mark.parametrize("rows", [1, 3])
def test_the_supervisors_page_takes_the_same_queries_for_any_number(supervisor, django_assert_num_queries, rows):
    user, station = supervisor
    for _row in range(rows):
        plan = WeekPlanFactory(participant=ParticipantFactory(station=station))
        VisitFactory(plan=plan, status=Visit.Status.MISSED)
    client = signed_in(user)
    client.get(reverse("today"))
    with django_assert_num_queries(SUPERVISORS_QUERIES):
        page = client.get(reverse("today"))
    numbers = {row.words: row.number for row in page.context["rows"]}
    assert numbers["missed visit has no reason yet" if rows == 1 else "missed visits have no reason yet"] == rows


SUPERVISORS_QUERIES = 25
# Once for each kind of thing that can wait for her, and who she is.
FIRST_QUERIES = {
    Role.INTERVIEWER: 18,
    Role.RESEARCHER: 6,
    Role.STATISTICIAN: 9,
    Role.ADMINISTRATOR: 29,
    Role.SAFETY_OFFICER: 12,
    Role.ETHICS_BOARD: 21,
}


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("role", FIRST_QUERIES)
def test_each_first_page_takes_the_same_queries_for_any_number(role, rows, django_assert_num_queries):
    ProtocolVersionFactory()
    user, now = UserFactory(role=role), timezone.now()
    for _row in range(rows):
        woman = ParticipantFactory(interviewer=user if role == Role.INTERVIEWER else None, enrolled_on=now.date())
        schedule_waves(by=STUDY, participant=woman, now=now)
        SafetyCaseFactory(participant=woman)
        raise_notice(AccessNotice.Kind.EMERGENCY, now=now, participant=woman, user=user)
    client = signed_in(user)
    client.get(reverse(FIRST_PAGE[role]))
    with django_assert_num_queries(FIRST_QUERIES[role]):
        client.get(reverse(FIRST_PAGE[role]))


def test_a_record_that_does_not_hold_waits_for_the_administrator_and_the_board(db):
    ProtocolVersionFactory()
    Checkpoint.objects.create(at=NOW, rows=3, head="0" * 64, problem="row 4", text="t", signature=b"s", key="k")
    for role, name in ((Role.ADMINISTRATOR, "today"), (Role.ETHICS_BOARD, "board_page")):
        page = signed_in(UserFactory(role=role)).get(reverse(name))
        rows = page.context["rows" if name == "today" else "needs"]
        assert next(row.url for row in rows if row.kind == "bad") == reverse("checkpoint_list")


def test_a_telephone_that_does_not_send_waits_for_whoever_looks_after_it(db):
    ProtocolVersionFactory()
    interviewer, boss = UserFactory(role=Role.INTERVIEWER), UserFactory(role=Role.ADMINISTRATOR)
    long_ago = timezone.now() - timedelta(hours=25)
    state = DeviceState(unsent_count=2, oldest_unsent_at=long_ago)
    hear_of_device(by=interviewer, device_id=phone_of(interviewer).pk, state=state, now=timezone.now())

    row = next(row for row in need_rows(boss, now=timezone.now()) if row.url == reverse("phone_list"))

    assert (row.number, row.kind) == (1, "warn")
    page = signed_in(boss).get(row.url).content.decode()
    assert interviewer.display_name in page
    assert "Not sent for more than a day" in page
    assert reverse("entry_rescue") in page


def test_urgencies_are_in_the_order_in_which_things_are_done():
    assert sorted(Urgency) == [Urgency.NOW, Urgency.TODAY, Urgency.WHEN_POSSIBLE]
