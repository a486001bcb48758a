"""The administrator's pages of officers."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from stations.models import ArmCrossing, Officer
from tests.factories import TODAY, OfficerFactory, StationFactory, UserFactory, lock_allocation

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return signed_in(UserFactory(role=Role.ADMINISTRATOR))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return client


@pytest.fixture
def arms():
    usual, risk = StationFactory(name="Usual"), StationFactory(name="Riesgosa")
    lock_allocation({usual: "control", risk: "risk_scale"})
    return usual, risk


def text(response) -> str:
    return " ".join(response.content.decode().split())


def page_of(name: str, officer: Officer) -> str:
    return reverse(name, args=[officer.pk])


def test_officer_is_registered_found_and_given_an_account(administrator):
    station = StationFactory()
    assert "No officers yet" in text(administrator.get(reverse("officer_list")))
    filled = {"code": "OF77", "is_woman": "True", "station": station.pk, "starts_on": TODAY.isoformat()}
    registered = administrator.post(reverse("officer_register"), filled, follow=True)
    assert "The officer is registered." in text(registered)
    assert "already" in text(administrator.post(reverse("officer_register"), filled))
    officer = Officer.objects.get()
    account = {"username": "quispe", "display_name": "Oficial Q.", "role": "officer"}
    made = administrator.post(page_of("officer_account", officer), account)
    password = made.context["password"]
    assert text(made).count(password) == 1
    assert password not in text(administrator.get(page_of("officer_detail", officer)))
    assert User.objects.get(username="quispe").check_password(password)
    officer.refresh_from_db()
    assert officer.user.username == "quispe"
    assert "quispe, Field officer" in text(administrator.get(page_of("officer_detail", officer)))


def test_account_that_is_taken_is_told_and_leaves_nothing_half_done(administrator):
    UserFactory(username="quispe")
    officer = OfficerFactory(user=None)
    account = {"username": "quispe", "display_name": "Oficial Q.", "role": "officer"}
    answer = administrator.post(page_of("officer_account", officer), account)
    assert "This user name is taken." in text(answer)
    assert 'value="Oficial Q."' in text(answer)
    assert User.objects.filter(username="quispe").count() == 1


def test_existing_account_is_linked_and_parted(administrator):
    account, officer = UserFactory(role=Role.SUPERVISOR), OfficerFactory(user=None)
    linked = administrator.post(page_of("officer_link", officer), {"user": account.pk}, follow=True)
    assert "The account is linked." in text(linked)
    parted = administrator.post(page_of("officer_unlink", officer), follow=True)
    assert "It sees no station now." in text(parted)
    assert administrator.post(page_of("officer_link", officer), {"user": 0}).context["link"].errors


def test_transfer_shows_what_happens_before_it_is_confirmed(administrator, arms):
    usual, risk = arms
    officer = OfficerFactory(posted_at=usual)
    move = {"station": risk.pk, "starts_on": TODAY.isoformat()}
    shown = text(administrator.post(page_of("officer_transfer", officer), move))
    assert "The two stations have different arms." in shown
    assert "She loses sight of the old station at once." in shown
    assert officer.postings.count() == 1
    done = administrator.post(page_of("officer_transfer", officer), {**move, "confirm": "1"}, follow=True)
    assert "The officer is posted." in text(done)
    assert "Moved between arms: Usual until" in text(done)
    assert ArmCrossing.objects.count() == 1
    assert officer.code in text(administrator.get(reverse("crossing_list")))


def test_transfer_that_cannot_be_is_told(administrator, arms):
    officer = OfficerFactory(posted_at=arms[0])
    move = {"station": arms[0].pk, "starts_on": TODAY.isoformat(), "confirm": "1"}
    assert "serves at this station already" in text(administrator.post(page_of("officer_transfer", officer), move))


def test_later_transfer_is_withdrawn_with_a_reason(administrator, arms):
    officer = OfficerFactory(posted_at=arms[0])
    move = {"station": arms[1].pk, "starts_on": "2999-01-01"}
    assert "Until that day she sees the old station" in text(
        administrator.post(page_of("officer_transfer", officer), move)
    )
    administrator.post(page_of("officer_transfer", officer), {**move, "confirm": "1"})
    later = officer.postings.order_by("-starts_on").first()
    address = reverse("posting_withdraw", args=[later.pk])
    assert administrator.post(address, {"reason": ""}).context["form"].errors
    answer = administrator.post(address, {"reason": "Wrong officer"}, follow=True)
    assert "Withdrawn: Wrong officer" in text(answer)
    assert "Nobody has moved between arms" in text(administrator.get(reverse("crossing_list")))


def test_service_is_ended(administrator, arms):
    officer = OfficerFactory(posted_at=arms[0])
    address = page_of("officer_end", officer)
    answer = administrator.post(address, {"ends_on": TODAY.isoformat()}, follow=True)
    assert "The service ends on that day." in text(answer)
    assert "no open posting" in text(administrator.post(address, {"ends_on": TODAY.isoformat()}))


def test_officers_are_found_by_code_and_by_station(administrator, arms):
    here, there = OfficerFactory(code="AB1", posted_at=arms[0]), OfficerFactory(code="CD2", posted_at=arms[1])

    def found(**query):
        return [officer.code for officer in administrator.get(reverse("officer_list"), query).context["page"]]

    assert found(buscar="ab") == [here.code]
    assert found(estacion=arms[1].pk) == [there.code]
    assert found(estacion="nonsense") == [here.code, there.code]
    assert "Nobody found" in text(administrator.get(reverse("officer_list"), {"buscar": "zz"}))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(administrator, count, django_assert_num_queries):
    station = StationFactory()
    for _ in range(count):
        OfficerFactory(posted_at=station)
    with django_assert_num_queries(6):  # session, person, officers and stations, each counted and read
        administrator.get(reverse("officer_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_crossings_take_as_many_queries_for_three_as_for_one(administrator, arms, count, django_assert_num_queries):
    for _ in range(count):
        officer = OfficerFactory(posted_at=arms[0])
        administrator.post(
            page_of("officer_transfer", officer),
            {"station": arms[1].pk, "starts_on": TODAY.isoformat(), "confirm": "1"},
        )
    with django_assert_num_queries(4):  # session, person, count, crossings
        administrator.get(reverse("crossing_list"))


def test_statistician_reads_the_moves_and_nothing_else(arms):
    statistician = signed_in(UserFactory(role=Role.STATISTICIAN))
    assert statistician.get(reverse("crossing_list")).status_code == 200
    assert statistician.get(reverse("officer_list")).status_code == 403
