import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice, Conflict, EmergencyOpening, StaffCard
from tests.factories import NOW, OfficerFactory, ParticipantFactory, UserFactory
from tests.participants.test_views import signed_in

WHY = {"cause": "danger", "reason": "Su vecina llamó: oye gritos en la casa."}


@pytest.fixture
def quiet(care):
    """A woman of the station without a visit near."""
    return ParticipantFactory(station=care.station, interviewer=care.interviewer)


@pytest.fixture
def safety_officer(db):
    return UserFactory(role=Role.SAFETY_OFFICER, display_name="Sofía")


def card(woman) -> str:
    return reverse("safe_contact_card", args=[woman.study_code])


def emergency(woman) -> str:
    return reverse("card_emergency", args=[woman.study_code])


@pytest.mark.requirement("F35")
def test_a_closed_card_offers_the_emergency_and_opens_after_a_sentence(care, quiet):
    client = signed_in(care.officer)
    page = client.get(card(quiet)).content.decode()
    assert "Quispe" not in page
    assert emergency(quiet) in page

    response = client.post(emergency(quiet), WHY, follow=True)

    assert "Rosa Quispe" in response.content.decode()
    assert AccessNotice.objects.get().user == care.officer


@pytest.mark.parametrize(
    ("changes", "field"), [({"reason": "urgente"}, "reason"), ({"reason": ""}, "reason"), ({"cause": "x"}, "cause")]
)
def test_an_emergency_without_a_sentence_stays_closed_and_keeps_what_was_typed(care, quiet, changes, field):
    response = signed_in(care.officer).post(emergency(quiet), WHY | changes)

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["reason"].value() == (WHY | changes)["reason"]
    assert not EmergencyOpening.objects.exists()


def test_the_safety_officer_sees_an_emergency_with_its_reason_and_says_what_came_of_it(care, quiet, safety_officer):
    signed_in(care.officer).post(emergency(quiet), WHY)
    client, notice = signed_in(safety_officer), AccessNotice.objects.get()
    assert quiet.study_code in client.get(reverse("access_notice_list")).content.decode()
    page = client.get(reverse("access_notice", args=[notice.pk])).content.decode()
    assert WHY["reason"] in page
    assert "Quispe" not in page

    response = client.post(reverse("access_notice", args=[notice.pk]), {"verdict": "in_order"}, follow=True)

    assert "En orden" in response.content.decode()
    notice.refresh_from_db()
    assert notice.reviewed_by == safety_officer


def test_the_safety_officer_reaches_a_card_by_emergency_only(care, quiet, safety_officer):
    client = signed_in(safety_officer)
    page = client.get(card(quiet)).content.decode()
    assert "Quispe" not in page
    assert emergency(quiet) in page

    page = client.post(emergency(quiet), WHY, follow=True).content.decode()

    assert "Rosa Quispe" in page
    assert reverse("safe_contact_edit", args=[quiet.study_code]) not in page
    own = client.get(reverse("access_notice", args=[AccessNotice.objects.get().pk])).content.decode()
    assert "Otra persona debe ver lo que se refiere a usted" in own


def test_an_officer_elsewhere_finds_neither_card_nor_emergency(care, quiet):
    client = signed_in(care.stranger)

    assert [client.get(url).status_code for url in (card(quiet), emergency(quiet))] == [404, 404]
    assert client.post(emergency(quiet), WHY).status_code == 404
    assert not EmergencyOpening.objects.exists()


def test_no_emergency_is_offered_for_who_has_left(care):
    woman = ParticipantFactory(station=care.station, status="withdrawn")
    client = signed_in(care.officer)

    assert emergency(woman) not in client.get(card(woman)).content.decode()
    assert "ya no participa" in client.post(emergency(woman), WHY).content.decode()


def test_an_officer_declares_a_conflict_and_the_page_never_says_whose(care, quiet):
    client = signed_in(care.officer)
    url = reverse("conflict_declare", args=[quiet.study_code])
    assert "Quispe" not in client.get(url).content.decode()
    assert list(client.post(url, {"confirmed": ""}).context["form"].errors) == ["confirmed"]

    client.post(url, {"confirmed": "on"})

    assert Conflict.objects.get().user == care.officer
    page = client.get(card(quiet)).content.decode()
    assert "no se abre desde su cuenta" in page
    assert emergency(quiet) not in page


def test_the_safety_officer_lifts_a_conflict(care, quiet, safety_officer):
    Conflict.objects.create(participant=quiet, user=care.officer, declared_at=NOW)
    notice = AccessNotice.objects.create(
        kind="conflict_declared", participant=quiet, user=care.officer, raised_at=timezone.now()
    )
    client = signed_in(safety_officer)
    lift = reverse("conflict_lift", args=[Conflict.objects.get().pk])
    assert lift in client.get(reverse("access_notice", args=[notice.pk])).content.decode()

    assert client.get(lift).status_code == 405
    client.post(lift)

    assert Conflict.objects.get().lifted_by == safety_officer
    assert lift not in client.get(reverse("access_notice", args=[notice.pk])).content.decode()


def test_a_supervisor_seals_what_tells_an_officers_family_and_never_sees_it_again(care):
    client = signed_in(care.supervisor)
    url = reverse("staff_card_edit", args=[care.officer.pk])
    assert url in client.get(reverse("staff_list")).content.decode()
    typed = {"surnames": "Pérez Rojas", "document": "40404040", "address": "Av. Lima 1"}

    response = client.post(url, typed, follow=True)

    assert "Sellado" in response.content.decode()
    assert StaffCard.objects.get().user == care.officer
    assert not any(word in client.get(url).content.decode() for word in typed.values())
    assert Event.objects.get(action="participants.seal_staff_card").details == {}


@pytest.mark.parametrize("changes", [{"surnames": "Pérez"}, {"surnames": ""}, {"document": ""}, {"address": ""}])
def test_a_staff_card_needs_all_of_it_and_keeps_what_was_typed(care, changes):
    typed = {"surnames": "Pérez Rojas", "document": "40404040", "address": "Av. Lima 1"} | changes

    response = signed_in(care.supervisor).post(reverse("staff_card_edit", args=[care.officer.pk]), typed)

    assert list(response.context["form"].errors) == list(changes)
    assert "40404040" in response.content.decode() or "document" in changes
    assert not StaffCard.objects.exists()


def test_a_supervisor_has_no_business_with_officers_elsewhere(care):
    url = reverse("staff_card_edit", args=[care.stranger.pk])

    assert signed_in(care.supervisor).get(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_notices_cost_the_same_whatever_their_number(care, safety_officer, rows, django_assert_num_queries):
    for _ in range(rows):
        woman = ParticipantFactory(station=care.station)
        AccessNotice.objects.create(kind="same_man", participant=woman, other=woman, user=care.officer, raised_at=NOW)
    client = signed_in(safety_officer)

    with django_assert_num_queries(4):  # session, person, count, rows
        assert client.get(reverse("access_notice_list")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_staff_page_costs_the_same_whatever_their_number(care, rows, django_assert_num_queries):
    for _ in range(rows - 1):
        OfficerFactory(posted_at=care.station)
    client = signed_in(care.supervisor)

    with django_assert_num_queries(4):  # session, person, station, colleagues
        assert client.get(reverse("staff_list")).status_code == 200
