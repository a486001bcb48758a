"""Searching at the desk by keyed hashes: finds whoever is of the station, and tells a curious person nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import services
from participants.identity import Identity, StaffIdentity
from participants.models import AccessNotice, Conflict
from participants.queries import SEARCH
from participants.searching import SearchKind
from protocol.queries import current_protocol
from stations.models import Posting
from tests.factories import NOW, OfficerFactory, UserFactory
from tests.participants.conftest import make_care
from tests.participants.test_intake import ENTRY, receive
from tests.participants.test_keys import new_key
from tests.participants.test_services import enrol
from tests.participants.test_views import signed_in

HER = Identity(
    "Rosa Quispe Huamán", document="45678901", telephone="987 654 321", address="Jr. Los Jilgueros 123",
    aggressor_name="Juan", aggressor_surnames="Pérez Rojas", aggressor_document="40404040",
)  # fmt: skip
WORDS = {
    SearchKind.DOCUMENT: "4567-8901",
    SearchKind.TELEPHONE: "+51 987654321",
    SearchKind.NAME: "HUAMAN quispe, rosa",
    SearchKind.HOUSEHOLD: "jirón Los Jilgueros N° 123",
    SearchKind.AGGRESSOR_DOCUMENT: "40404040",
}


def found(by, kind=SearchKind.DOCUMENT, words="45678901", now=NOW) -> tuple[list[str], list[str]]:
    result = services.search_people(by=by, kind=kind, words=words, now=now)
    return [woman.study_code for woman in result.women], [report.code for report in result.reports]


def elsewhere(care):
    """A supervisor of the other station."""
    station = Posting.objects.get(officer__user=care.stranger).station
    return OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=station).user


@pytest.fixture
def woman(care):
    return enrol(care.supervisor, HER)


@pytest.mark.requirement("F36")
@pytest.mark.parametrize("kind", SearchKind)
def test_she_is_found_by_each_thing_that_is_kept_as_a_hash_however_it_is_written(care, woman, kind):
    assert found(care.supervisor, kind, WORDS[kind]) == ([woman.study_code], [])
    assert found(care.supervisor, kind, WORDS[kind][:-1]) == ([], [])


@pytest.mark.parametrize("kind", SearchKind)
def test_a_report_from_which_nobody_was_enrolled_is_found_too(care, kind):
    report = receive(care.supervisor, replace(ENTRY, woman=HER)).report

    assert found(care.supervisor, kind, WORDS[kind]) == ([], [report.code])


@pytest.mark.requirement("F34", "N28")
def test_another_station_learns_nothing(care, woman):
    receive(
        care.supervisor, replace(ENTRY, number="9", woman=replace(HER, document="1", telephone="", full_name="Eva"))
    )
    other = elsewhere(care)

    answers = [found(other, kind, WORDS[kind]) for kind in SearchKind]

    assert answers == [([], [])] * len(SearchKind)
    page = signed_in(other).post(reverse("person_search"), {"kind": "document", "words": "45678901"}).content.decode()
    nobody = signed_in(other).post(reverse("person_search"), {"kind": "document", "words": "11111111"}).content.decode()
    strip = [text[text.index("<main") : text.index("</main>")] for text in (page, nobody)]
    assert len(strip[0]) == len(strip[1])
    assert woman.study_code not in page


def test_old_master_keys_find_her_too(care, woman, settings):
    settings.VAULT_KEYS = f"{new_key('2027')},{settings.VAULT_KEYS}"

    assert found(care.supervisor) == ([woman.study_code], [])


@pytest.mark.parametrize("tie", ["declared", "sealed"])
def test_a_supervisor_who_has_to_do_with_the_case_finds_nobody_and_it_is_told(care, woman, tie):
    if tie == "declared":
        Conflict.objects.create(participant=woman, user=care.supervisor, declared_at=NOW)
    else:
        staff = StaffIdentity("Soto Luna", document="40404040", address="Av. Otra 1")
        services.seal_staff_card(by=care.supervisor, user=care.supervisor, identity=staff, now=NOW)
    his = replace(HER, document="", telephone="", full_name="Otra Mujer", address="")
    receive(care.supervisor, replace(ENTRY, number="77", woman=his))

    kind = SearchKind.AGGRESSOR_DOCUMENT
    women, reports = found(care.supervisor, kind, WORDS[kind])

    assert women == []
    assert len(reports) == (1 if tie == "declared" else 0)
    assert list(AccessNotice.objects.values_list("kind", "participant", "user")) == [
        ("conflict_refused", woman.pk, care.supervisor.pk)
    ]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR}))
def test_nobody_but_a_supervisor_searches(care, woman, role):
    user = care.officer if role == Role.OFFICER else UserFactory(role=role)

    with pytest.raises(PermissionMissing):
        found(user)
    assert signed_in(user).post(reverse("person_search"), {"kind": "document", "words": "1"}).status_code == 403


@pytest.mark.requirement("F31", "N27")
def test_the_audit_keeps_the_kind_and_the_count_and_her_list_that_she_was_found(care, woman):
    for kind in SearchKind:
        found(care.supervisor, kind, WORDS[kind])
    found(care.supervisor, words="11111111")

    searched = Event.objects.filter(action=SEARCH).order_by("id")
    assert [event.details for event in searched] == [
        *({"kind": kind, "women": 1, "reports": 0} for kind in SearchKind),
        {"kind": "document", "women": 0, "reports": 0},
    ]
    assert {(event.object_id, event.reason) for event in searched} == {("", "")}
    finds = Event.objects.filter(action="participants.find", object_id=woman.study_code)
    assert [event.details for event in finds.order_by("id")] == [{"by": kind} for kind in SearchKind]


@pytest.mark.requirement("N27")
def test_after_so_many_searches_an_hour_nothing_is_answered_and_the_safety_officer_hears(care, woman, caplog):
    limit, now = current_protocol().cards.searches_an_hour, timezone.now()
    for _ in range(limit - 1):
        found(care.supervisor, now=now)
    assert found(care.supervisor, now=now) == ([woman.study_code], [])

    for _ in range(2):
        with pytest.raises(services.SearchedTooOften):
            found(care.supervisor, now=now)

    assert Event.objects.filter(action=SEARCH).count() == limit
    assert Event.objects.filter(action="participants.refuse_search").count() == 2
    assert list(AccessNotice.objects.values_list("kind", "user", "times")) == [("many_searches", care.supervisor.pk, 2)]
    page = signed_in(care.supervisor).post(reverse("person_search"), {"kind": "document", "words": "45678901"})
    assert "demasiadas veces" in page.content.decode()
    assert 'value="45678901"' in page.content.decode()
    assert woman.study_code not in page.content.decode()
    assert found(elsewhere(care), now=now) == ([], [])
    assert found(care.supervisor, now=now + timedelta(hours=1, seconds=5)) == ([woman.study_code], [])


def test_two_searches_at_once_are_counted_one_after_the_other(committed_study):
    care, together = make_care(), Barrier(2)
    limit, now = current_protocol().cards.searches_an_hour, timezone.now()
    for _ in range(limit - 1):
        found(care.supervisor, now=now)

    def attempt(_number):
        together.wait()
        try:
            return found(care.supervisor, now=now)
        except services.SearchedTooOften:
            return "too often"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2)), key=str) == [([], []), "too often"]


@pytest.mark.requirement("F36", "F38")
def test_the_page_shows_code_and_initials_and_what_was_typed_goes_nowhere(care, woman, caplog):
    client = signed_in(care.supervisor)

    response = client.post(reverse("person_search"), {"kind": "name", "words": "Rosa Quispe Huamán"})

    page = response.content.decode()
    assert woman.study_code in page
    assert "R. Q." in page
    assert not any(word in page for word in ("Rosa", "Huamán"))
    assert response.headers["Cache-Control"] == "no-store"
    assert "Quispe" not in caplog.text
    assert "words" not in response.request["QUERY_STRING"]


def test_words_in_the_address_search_nothing(care, woman):
    page = signed_in(care.supervisor).get(reverse("person_search"), {"kind": "document", "words": "45678901"})

    assert woman.study_code not in page.content.decode()
    assert not Event.objects.filter(action=SEARCH).exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "document", "words": ""}, "words"),
        ({"kind": "document", "words": " -./ "}, "words"),
        ({"kind": "telephone", "words": "no tiene"}, "words"),
        ({"kind": "document", "words": "1" * 201}, "words"),
        ({"kind": "arm", "words": "45678901"}, "kind"),
        ({"words": "45678901"}, "kind"),
    ],
)
def test_a_wrong_search_says_why_and_keeps_what_was_typed(care, woman, typed, field):
    response = signed_in(care.supervisor).post(reverse("person_search"), typed)

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["words"].value() == typed["words"]
    assert woman.study_code not in response.content.decode()
    assert not Event.objects.filter(action=SEARCH).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_costs_the_same_but_for_a_line_in_the_audit_of_each(care, rows, django_assert_num_queries):
    for number in range(rows):
        receive(care.supervisor, replace(ENTRY, number=f"{number}", woman=replace(HER, document=f"{number}0")))
    for number in range(rows):
        enrol(care.supervisor, replace(HER, full_name=f"Ana {number}", document=f"{number}", telephone=f"{number}"))
    client = signed_in(care.supervisor)

    # session, person; savepoint, lock, count; women, conflicts, staff card; reports, staff card; audit; release
    with django_assert_num_queries(12 + 2 * rows):
        client.post(reverse("person_search"), {"kind": "aggressor_document", "words": "40404040"})
