"""Who looked at a woman's record: told whole to those who watch over it, and to her."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import queries, services
from participants.looking import LOOKS, Look, Order, look_of, order_of
from participants.models import AccessNotice, Conflict
from participants.presenters.looking import PAPER_ACTS, look_rows
from participants.services.notices import review_notice
from stations.models import Posting
from tests.architecture.reading import pdf_text
from tests.factories import NOW, OfficerFactory, ParticipantFactory, PostingFactory, StationFactory, UserFactory
from tests.participants.test_openings import WHY, emergency, opened
from tests.participants.test_views import signed_in


@pytest.fixture
def quiet(care):
    """A woman of the station without a visit near."""
    return ParticipantFactory(station=care.station, interviewer=care.interviewer)


@pytest.fixture
def safety_officer(db):
    return UserFactory(role=Role.SAFETY_OFFICER)


def rows_for(reader, woman):
    return look_rows(list(queries.looks_at(woman)), reader=reader)


def page(woman) -> str:
    return reverse("who_looked", args=[woman.study_code])


@pytest.mark.parametrize(
    ("look", "is_noticed", "is_reviewed", "order"),
    [
        (Look.CARD, False, False, Order.BY_RULE),
        (Look.CARD, True, False, Order.TO_LOOK_AT),
        (Look.CARD, True, True, Order.LOOKED_AT),
        (Look.EMERGENCY, True, False, Order.TO_LOOK_AT),
        (Look.REFUSED, False, False, Order.NOTHING_SHOWN),
        (Look.REFUSED, True, False, Order.TO_LOOK_AT),
        (Look.COPY, False, False, Order.BY_RULE),
        (Look.OTHER, False, False, Order.NOT_JUDGED),
        (Look.PAGE, False, False, Order.NOT_JUDGED),
    ],
)
def test_an_act_is_judged_by_what_was_noticed_and_by_the_rules(look, is_noticed, is_reviewed, order):
    assert order_of(look, is_noticed=is_noticed, is_reviewed=is_reviewed) == order


def test_every_act_has_words_on_the_paper_and_an_unknown_one_is_shown_as_work():
    assert set(PAPER_ACTS) == set(Look)
    assert set(LOOKS.values()) == set(Look) - {Look.OTHER}
    assert look_of("rooms.to_come") == Look.OTHER


@pytest.mark.requirement("N27", "F31")
def test_the_page_tells_when_who_what_why_and_whether_in_order(care, woman, quiet, safety_officer):
    opened(care.officer, woman)
    opened(care.interviewer, woman)
    with pytest.raises(services.CardNotDue):
        opened(care.officer, quiet)
    emergency(care.officer, quiet)
    opened(care.officer, quiet)

    told = [(row.name, row.role, row.what, row.why, row.order) for row in rows_for(safety_officer, woman)]
    assert told == [
        (care.interviewer.display_name, "Interviewer", "Opened her card", "For a survey", "By the rules"),
        (care.officer.display_name, "Field officer", "Opened her card", "Around a visit", "By the rules"),
    ]
    danger, officer = "She may be in danger now", care.officer.display_name
    told = [(row.name, row.what, row.why, row.reason, row.order) for row in rows_for(safety_officer, quiet)]
    assert told == [
        (officer, "Opened her card", danger, "", "To look at"),
        (officer, "Declared an emergency to open her card", danger, WHY, "To look at"),
        (officer, "Asked for her card; it stayed closed", "No visit was near", "", "Nothing was shown"),
    ]

    notice = AccessNotice.objects.get(kind="emergency")
    review_notice(by=safety_officer, notice=notice, verdict=AccessNotice.Verdict.MISUSE, now=NOW)

    told = [(row.order, row.order_kind) for row in rows_for(safety_officer, quiet)]
    assert told == [("Misuse: reported to the board", "bad")] * 2 + [("Nothing was shown", "neutral")]


def test_a_supervisor_reads_no_name_of_a_civilian_and_no_reason(care, woman, safety_officer):
    opened(care.interviewer, woman)
    emergency(safety_officer, woman)
    opened(care.officer, woman)

    told = [(row.name, row.role, row.reason) for row in rows_for(care.supervisor, woman)]

    assert told == [
        (care.officer.display_name, "Field officer", ""),
        ("", "Safety officer", ""),
        ("", "Interviewer", ""),
    ]


def test_an_officer_stands_with_the_station_where_she_served_then(care, woman, safety_officer):
    earlier = StationFactory()
    officer = OfficerFactory()
    PostingFactory(officer=officer, station=earlier, starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31))
    PostingFactory(officer=officer, station=care.station, starts_on=date(2025, 1, 1))
    opened(officer.user, woman)

    lookers = queries.lookers_behind(queries.looks_at(woman))

    days = (date(2019, 12, 31), date(2024, 12, 31), date(2025, 1, 1))
    assert [lookers.station_then(officer.user, day) for day in days] == [None, earlier, care.station]
    assert rows_for(safety_officer, woman)[0].station == lookers.label(care.station) != ""
    Posting.objects.filter(officer=officer).update(withdrawn_at=NOW, withdrawn_reason="by mistake")
    assert rows_for(safety_officer, woman)[0].station == ""


def test_what_the_system_did_is_not_among_what_people_did(care, woman):
    opened(care.officer, woman)
    Event.objects.create(
        at=NOW, actor="system:planner", action="visits.replan", object_type="participant", object_id=woman.study_code
    )
    assert queries.looks_at(woman).count() == 1


@pytest.mark.parametrize("status", ["enrolled", "withdrawn"])
def test_the_safety_officer_and_her_own_supervisor_see_it_also_when_she_has_left(care, safety_officer, status):
    woman = ParticipantFactory(station=care.station, status=status)
    other = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=StationFactory()).user

    answers = [signed_in(user).get(page(woman)).status_code for user in (safety_officer, care.supervisor, other)]

    assert answers == [200, 200, 404]
    seen = Event.objects.filter(action="participants.see_who_looked", object_id=woman.study_code)
    assert list(seen.order_by("id").values_list("actor", "details")) == [
        (safety_officer.audit_name, {"page": 1}),
        (care.supervisor.audit_name, {"page": 1}),
    ]


def test_the_page_shows_every_act_and_the_next_time_this_look_too(care, woman, safety_officer):
    opened(care.officer, woman)
    client = signed_in(safety_officer)

    shown = [len(client.get(page(woman)).context["rows"]) for _ in range(3)]

    assert shown == [1, 2, 3]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR, Role.SAFETY_OFFICER}))
def test_nobody_else_sees_who_looked(care, woman, role):
    user = care.officer if role == Role.OFFICER else UserFactory(role=role)

    assert signed_in(user).get(page(woman)).status_code == 403
    assert not queries.participants_watched(user).exists()
    with pytest.raises(PermissionMissing):
        services.see_who_looked(by=user, participant=woman, page=1, now=NOW)


def test_a_supervisor_elsewhere_or_with_a_conflict_is_told_nothing(care, woman):
    opened(care.officer, woman)
    other = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=StationFactory()).user
    with pytest.raises(services.ParticipantOutOfReach):
        services.print_who_looked(by=other, participant=woman, acts=1, now=NOW)
    Conflict.objects.create(participant=woman, user=care.supervisor, declared_at=NOW)
    client = signed_in(care.supervisor)

    told = client.get(page(woman)).content.decode()
    paper = client.get(reverse("who_looked_paper", args=[woman.study_code]))

    assert care.officer.display_name not in told
    assert (paper.status_code, paper["Content-Type"]) == (409, "text/html; charset=utf-8")


def test_the_paper_for_her_names_nobody_and_no_place(care, woman, safety_officer):
    opened(care.officer, woman)
    opened(care.interviewer, woman)
    client = signed_in(care.supervisor)
    client.cookies["idioma"] = "en"

    response = client.get(reverse("who_looked_paper", args=[woman.study_code]))

    text = pdf_text(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="constancia.pdf"'
    assert all(words in text for words in (woman.study_code, "Team of the visits", "Team of the surveys"))
    telling = (care.officer.display_name, care.station.code, care.station.name, "Rosa", "Police", "officer", "iolence")
    assert not any(words in text for words in telling)
    printed = Event.objects.get(action="participants.print_who_looked")
    assert (printed.object_id, printed.details) == (woman.study_code, {"acts": 2})


def test_the_safety_officer_finds_a_woman_by_her_code_and_never_by_address(safety_officer, woman):
    client, url = signed_in(safety_officer), reverse("who_looked_find")

    found = client.post(url, {"code": f" {woman.study_code.lower()} "})
    nobody = client.post(url, {"code": "P00000"})

    assert found.headers["Location"] == page(woman)
    assert list(nobody.context["form"].errors) == ["code"]
    assert "P00000" in nobody.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_its_length(care, woman, safety_officer, rows, django_assert_num_queries):
    for user in (care.officer, care.supervisor, care.interviewer)[:rows]:
        opened(user, woman)
        emergency(OfficerFactory(posted_at=care.station).user, woman)
    client = signed_in(safety_officer)

    # session, person, woman; reports, count; savepoint, conflict, staff card, audit row, release; rows, people,
    # postings, station codes, emergencies, odd notices
    with django_assert_num_queries(16):
        assert client.get(page(woman)).status_code == 200
