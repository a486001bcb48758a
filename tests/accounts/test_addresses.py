"""The work address of an account: her own to write, the administrator's too, nobody else's."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from accounts.services import set_work_email
from audit.models import Event
from tests.factories import UserFactory


@pytest.mark.requirement("F55")
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_everybody_writes_her_own_and_takes_it_away(client, role):
    person = UserFactory(role=role)
    client.force_login(person)

    assert person.hears_mornings
    client.post(reverse("own_address"), {"work_email": " yo@example.org ", "hears_mornings": "on"})
    held = User.objects.get(pk=person.pk)
    assert (held.work_email, held.hears_mornings) == ("yo@example.org", True)
    client.post(reverse("own_address"), {"work_email": ""})
    held.refresh_from_db()
    assert (held.work_email, held.hears_mornings) == ("", False)
    assert [event.details for event in Event.objects.filter(action="accounts.set_work_email").order_by("pk")] == [
        {"has_address": True, "hears_mornings": True}, {"has_address": False, "hears_mornings": False},
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_no_address_is_refused_and_stays_in_the_field(client):
    person = UserFactory(role=Role.SUPERVISOR)
    client.force_login(person)

    page = client.post(reverse("own_address"), {"work_email": "yo(arroba)example"})

    assert page.status_code == 200
    assert "yo(arroba)example" in page.content.decode()
    assert not User.objects.exclude(work_email="").exists()


@pytest.mark.django_db
def test_the_administrator_writes_anybodys_and_others_cannot(client):
    boss, person = UserFactory(role=Role.ADMINISTRATOR), UserFactory(role=Role.SUPERVISOR)
    client.force_login(boss)

    response = client.post(reverse("account_address", args=[person.pk]), {"work_email": "ella@example.org"})

    assert response.url == reverse("account_list")
    assert "ella@example.org" in client.get(reverse("account_list")).content.decode()
    assert client.get(reverse("account_address", args=[10**6])).status_code == 404
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(PermissionMissing):
            set_work_email(by=UserFactory(role=role), user=person, address="otra@example.org")
    client.force_login(person)
    assert client.get(reverse("account_list")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("accounts", [1, 3])
def test_the_list_asks_the_database_the_same_for_any_number(client, accounts, django_assert_num_queries):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    UserFactory.create_batch(accounts - 1, role=Role.OFFICER)
    with django_assert_num_queries(4):
        client.get(reverse("account_list"))


@pytest.mark.django_db
def test_whoever_is_in_charge_stands_at_the_top_and_closed_accounts_last(client):
    boss = UserFactory(role=Role.ADMINISTRATOR)
    gone = UserFactory(role=Role.ADMINISTRATOR, is_active=False)
    officer, supervisor = UserFactory(role=Role.OFFICER), UserFactory(role=Role.SUPERVISOR)
    client.force_login(boss)
    assert list(client.get(reverse("account_list")).context["page"]) == [boss, supervisor, officer, gone]
