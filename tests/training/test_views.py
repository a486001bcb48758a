"""The pages of sessions: what an administrator sees and sends, and what goes wrong in words."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.factories import OfficerFactory, UserFactory
from tests.fixtures.study import SYSTEM
from tests.training.conftest import ABSENT, CAME, a_station, plan
from training.models import Session
from training.queries.sessions import entries
from training.services import record_attendance, withdraw_session

pytestmark = pytest.mark.django_db


def days_ago(days: int):
    return timezone.localdate() - timedelta(days=days)


def planned(station, *, days: int = 7, **changes) -> Session:
    return plan(station, held_on=days_ago(days), **changes)


def held(station, came, **changes) -> Session:
    """Plan a session of a week ago and write down who came, as of now."""
    session = planned(station, **changes)
    by_officer = came if isinstance(came, dict) else dict.fromkeys(came, CAME)
    lines = {(officer.pk, module): entry for officer, entry in by_officer.items() for module in session.modules}
    return record_attendance(by=SYSTEM, session=session, entries=lines, seen=0, now=timezone.now())


def words(response) -> str:
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", page)


def typed_plan(at_station, **changes):
    return {
        "station": at_station.pk,
        "kind": "regular",
        "modules": ["1", "2"],
        "held_on": days_ago(7).isoformat(),
        "start_time": "09:00",
        "place": "Auditorio",
        "trainers": "Ana Quispe\n\n Luz Rojas ",
        **changes,
    }


def typed_roster(session, rows, **changes):
    """Type rows: officer → (presence, minutes, before, after)."""
    typed = {"seen": session.revision, **changes}
    for officer, row in rows.items():
        typed |= {
            f"{name}_{officer.pk}": value
            for name, value in zip(("presence", "minutes", "before", "after"), row, strict=True)
        }
    return typed


@pytest.mark.requirement("F52")
def test_administrator_plans_a_session_and_writes_down_who_came(administrator, station, officers):
    response = administrator.post(reverse("training_plan"), typed_plan(station), follow=True)
    session = Session.objects.get()
    assert "The session is planned." in words(response)
    assert (session.modules, session.trainers, session.start_time) == ([1, 2], ["Ana Quispe", "Luz Rojas"], time(9))
    page = reverse("training_attendance", args=[session.pk, 1])
    rows = {
        officers[0]: ("came", "", "40", "80"),
        officers[1]: ("came", "31", "", ""),
        officers[2]: ("absent:ill", "", "", ""),
    }
    response = administrator.post(page, typed_roster(session, rows), follow=True)
    assert "Who came is written down." in words(response)
    assert "40 → 80" in words(response)
    assert "31 min late: does not count" in words(response)
    assert "Absent: Ill" in words(response)


def test_session_elsewhere_asks_for_the_reason_and_is_listed_as_a_deviation(administrator, station):
    elsewhere = a_station(trained=False)
    response = administrator.post(reverse("training_plan"), typed_plan(elsewhere))
    assert "The protocol plans no session at this station." in words(response)
    assert 'value="Auditorio"' in response.content.decode()
    administrator.post(reverse("training_plan"), typed_plan(elsewhere, deviation_reason="By mistake"))
    assert "Deviation: By mistake" in words(administrator.get(reverse("training_list"), {"ver": "deviation"}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": "11/45/2026"}, "Enter a valid date."),
        ({"station": "999999"}, "Select a valid choice."),
        ({"modules": ["7"]}, "Select a valid choice."),
        ({"trainers": "x" * 121}, "At most 12 names, each of at most 120 letters."),
        ({"trainers": "\n".join("abcdefghijklm")}, "At most 12 names, each of at most 120 letters."),
        ({"kind": "catch_up"}, "no session for everybody was held on this module"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(administrator, station, changes, said):
    assert said in words(administrator.post(reverse("training_plan"), typed_plan(station, **changes)))
    assert not Session.objects.exists()


def test_link_of_a_station_fills_in_the_catch_up(administrator, station, officers):
    held(station, officers[:2], modules=[1, 2])
    page = administrator.get(reverse("training_coverage")).content.decode()
    link = re.search(r'href="([^"]*kind=catch_up[^"]*)"', page)[1].replace("&amp;", "&")
    form = administrator.get(link).context["form"]
    assert (form["station"].value(), form["kind"].value(), form["modules"].value()) == (
        str(station.pk), "catch_up", ["1", "2"],
    )  # fmt: skip


def test_roster_begins_as_asked_and_keeps_what_is_written_down(administrator, station, officers):
    session = planned(station, modules=[1, 2])
    page = reverse("training_attendance", args=[session.pk, 1])
    form = administrator.get(page).context["form"]
    assert [row.presence.value() for row in form.rows] == [None] * 3
    form = administrator.get(page, {"como": "todas"}).context["form"]
    assert [row.presence.value() for row in form.rows] == ["came"] * 3
    rows = {officers[0]: ("absent:ill", "", "", ""), officers[1]: ("came", "5", "50", "60")}
    administrator.post(page, typed_roster(session, rows))
    form = administrator.get(page, {"como": "todas"}).context["form"]
    assert [row.presence.value() for row in form.rows] == ["absent:ill", "came", "came"]
    # the second module begins as the first, without its scores
    form = administrator.get(reverse("training_attendance", args=[session.pk, 2]), {"como": "1"}).context["form"]
    assert [(row.presence.value(), row.minutes.value(), row.before.value()) for row in form.rows] == [
        ("absent:ill", None, None), ("came", 5, None), (None, None, None),
    ]  # fmt: skip


def test_answers_typed_as_letters_are_scored(administrator, station, officers):
    session = planned(station)
    rows = {officers[0]: ("came", "", "bcda------", "BCDA bcdadb")}
    administrator.post(reverse("training_attendance", args=[session.pk, 1]), typed_roster(session, rows))
    entry = entries(session)[officers[0].pk, 1]
    assert (entry.score_before, entry.score_after) == (40, 100)


@pytest.mark.parametrize("begin", ["x", "9", "²", "-1"])
def test_address_typed_by_hand_begins_empty(administrator, station, officers, begin):
    session = planned(station)
    form = administrator.get(reverse("training_attendance", args=[session.pk, 1]), {"como": begin}).context["form"]
    assert [row.presence.value() for row in form.rows] == [None] * 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("came", "", "101", ""), "Expected a score from 0 to 100, or 10 letters"),
        (("came", "", "abc", ""), "Expected a score from 0 to 100, or 10 letters"),
        (("came", "", "-5", ""), "Expected a score from 0 to 100, or 10 letters"),
        (("came", "", "²", ""), "Expected a score from 0 to 100, or 10 letters"),
        (("came", "601", "", ""), "less than or equal to 600"),
        (("", "", "50", ""), "There is a delay or a score: choose “Came”, or take them out."),
        (("absent", "5", "", ""), "There is a delay or a score: choose “Came”, or take them out."),
        (("", "", "", ""), "Nobody is written down as having come."),
    ],
)
def test_what_is_wrong_with_a_roster_is_said_and_what_was_typed_kept(administrator, station, officers, row, said):
    session = planned(station)
    page = reverse("training_attendance", args=[session.pk, 1])
    response = administrator.post(page, typed_roster(session, {officers[0]: row}))
    assert said in words(response)
    first = next(response.context["form"].rows)
    assert tuple(field.value() or "" for field in first.fields) == row
    assert entries(session) == {}


def test_correction_without_a_reason_is_asked_for_it(administrator, station, officers):
    session = held(station, officers)
    page = reverse("training_attendance", args=[session.pk, 1])
    rows = dict.fromkeys(officers, ("came", "", "", "")) | {officers[0]: ("absent", "", "", "")}
    assert "Say why." in words(administrator.post(page, typed_roster(session, rows)))
    administrator.post(page, typed_roster(session, rows, reason="She was on leave"))
    assert entries(session)[officers[0].pk, 1] == ABSENT


def test_older_page_is_told_and_offers_the_newer(administrator, station, officers):
    session = planned(station)
    page = reverse("training_attendance", args=[session.pk, 1])
    rows = {officers[0]: ("came", "", "", "")}
    administrator.post(page, typed_roster(session, rows))
    response = administrator.post(page, typed_roster(session, rows))
    assert "Somebody else has changed this session since you opened it." in words(response)
    assert "Open the list as it is now" in words(response)


def test_roster_of_a_session_to_come_cannot_be_filled_in(administrator, station, officers):
    session = planned(station, days=-1)
    page = reverse("training_attendance", args=[session.pk, 1])
    assert "The session has not begun yet." in words(administrator.get(page))
    response = administrator.post(page, typed_roster(session, {officers[0]: ("came", "", "", "")}))
    assert response.context["form"].non_field_errors()
    assert entries(session) == {}


def test_planned_session_is_moved_and_a_held_one_withdrawn(administrator, station, officers):
    session = planned(station)
    moved = {"held_on": days_ago(3).isoformat(), "start_time": "", "place": "", "trainers": "", "seen": 0}
    response = administrator.post(reverse("training_change", args=[session.pk]), moved, follow=True)
    assert "The changes are saved." in words(response)
    lines = {(officers[0].pk, 1): CAME}
    record_attendance(by=SYSTEM, session=session, entries=lines, seen=1, now=timezone.now())
    assert "The session was held" in words(
        administrator.post(reverse("training_change", args=[session.pk]), moved | {"seen": 2})
    )
    page = reverse("training_withdraw", args=[session.pk])
    assert "It was recorded as held." in words(administrator.get(page))
    response = administrator.post(page, {"reason": "Wrong station", "seen": 2}, follow=True)
    assert "Withdrawn; it counts for nobody: Wrong station" in words(response)


@pytest.mark.parametrize("name", ["training_session", "training_change", "training_withdraw"])
def test_session_that_does_not_exist_is_not_found(administrator, name):
    assert administrator.get(reverse(name, args=[1])).status_code == 404


def test_module_that_the_session_does_not_have_is_not_found(administrator, station):
    assert administrator.get(reverse("training_attendance", args=[planned(station).pk, 2])).status_code == 404


@pytest.mark.parametrize("show", ["", "planned", "held", "withdrawn", "deviation", "nonsense"])
def test_sessions_are_listed_by_state(administrator, station, officers, show):
    planned(station, days=-7)
    held(station, officers)
    deviation = planned(a_station(trained=False), deviation_reason="By mistake")
    withdraw_session(by=SYSTEM, session=deviation, reason="Not held", seen=0)
    listed = administrator.get(reverse("training_list"), {"ver": show}).context["rows"]
    expected = {"planned": 1, "held": 1, "withdrawn": 1, "deviation": 1}
    assert len(listed) == expected.get(show, 3)


def test_empty_list_says_what_to_do(administrator):
    page = words(administrator.get(reverse("training_list")))
    assert "No session yet" in page
    assert "Plan a session" in page


def test_before_stations_are_drawn_there_is_nothing_to_plan(client, protocol):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    client.cookies["idioma"] = "en"
    assert "Sessions are planned once stations are allocated." in words(client.get(reverse("training_list")))
    assert client.get(reverse("training_plan")).url == reverse("training_list")
    assert "Stations appear here once they are allocated." in words(client.get(reverse("training_coverage")))


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_do_not_grow(administrator, station, officers, django_assert_num_queries, count):
    session = held(station, officers[:2], modules=[1, 2])
    for n in range(count):
        planned(station, days=1, kind="catch_up", modules=[1, 2], at=time(9 + n))
        OfficerFactory(posted_at=station)
    with django_assert_num_queries(6):
        administrator.get(reverse("training_list"))
    with django_assert_num_queries(7):
        administrator.get(reverse("training_session", args=[session.pk]))
    with django_assert_num_queries(8):
        administrator.get(reverse("training_attendance", args=[session.pk, 1]))
    with django_assert_num_queries(12):
        administrator.get(reverse("training_coverage"))


@pytest.mark.requirement("F52")
def test_coverage_tells_how_many_of_how_many_and_who_is_missing(administrator, station, officers):
    held(station, officers[:2])
    page = words(administrator.get(reverse("training_coverage")))
    assert "2 of 3" in page
    assert f"{officers[2].code} (1, 2)" in page


def test_statistician_reads_coverage_without_anybody_s_code(client, station, officers):
    held(station, officers[:2])
    client.force_login(UserFactory(role=Role.STATISTICIAN))
    client.cookies["idioma"] = "en"
    page = words(client.get(reverse("training_coverage")))
    assert "2 of 3" in page
    assert not [officer for officer in officers if officer.code in page]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.STATISTICIAN}])
def test_coverage_tells_the_arm_and_is_closed_to_everybody_else(client, station, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("training_coverage")).status_code == 403
