"""Ending all sessions of an account: the next request of each is refused, and its browser clears what it keeps."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import revocation
from accounts.actors import SystemActor
from accounts.models import User
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from accounts.services import (
    AccountInUse,
    GivenPasswordKept,
    OwnPassword,
    SessionsEnded,
    change_password,
    create_user,
    give_password,
    revoke_sessions,
)
from audit.models import Event
from tests.factories import NOW, PASSWORD, UserFactory
from visits.models import VisitLog

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor("test", frozenset({Permission.MANAGE_OFFICERS, Permission.REPORT_LOST_PHONE}))
OWN = "otra-clave-larga-8"


@pytest.fixture
def officer() -> User:
    return create_user(by=SYSTEM, username="rosa", display_name="Rosa", role=Role.OFFICER, password=PASSWORD)


def signed_in(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    answer = client.post(reverse("sign_in"), {"username": user.username, "password": password})
    assert answer.status_code == 302
    return client


@pytest.mark.requirement("F23")
def test_every_session_is_out_on_its_next_request_and_told_to_clear_the_browser(officer, protocol):
    clients = [signed_in(officer), signed_in(officer)]
    assert [client.get("/visitas/").status_code for client in clients] == [200, 200]

    revoke_sessions(by=SYSTEM, user=officer, now=NOW)

    for client in clients:
        answer = client.get("/visitas/")
        assert (answer.status_code, answer.url) == (302, f"{reverse('sign_in')}?next=/visitas/")
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert Event.objects.get(action="accounts.revoke_sessions").object_id == str(officer.pk)


def test_the_api_refuses_a_revoked_session(officer):
    client = signed_in(officer)
    revoke_sessions(by=SYSTEM, user=officer, now=NOW)

    answer = client.get(reverse("visit_api_list"))

    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (403, '"cache", "cookies", "storage"')


def test_a_form_half_filled_in_is_not_taken_from_a_revoked_session(officer):
    client = signed_in(officer)
    revoke_sessions(by=SYSTEM, user=officer, now=NOW)

    answer = client.post("/idioma/", {"language": "en", "next": "/"})
    page = client.post("/visitas/00000000-0000-0000-0000-000000000001/registro/", {"outcome": "met"})

    officer.refresh_from_db()
    assert (answer.status_code, page.status_code) == (302, 302)
    assert officer.language == "es"
    assert not VisitLog.objects.exists()


def test_a_session_that_is_merely_over_keeps_what_waits_in_its_browser(officer, settings):
    client = signed_in(officer)
    Session.objects.all().delete()

    answer = client.get("/visitas/")

    assert answer.status_code == 302
    assert "Clear-Site-Data" not in answer.headers


def test_the_old_password_opens_nothing(officer):
    revoke_sessions(by=SYSTEM, user=officer, now=NOW)
    officer.refresh_from_db()

    answer = Client().post(reverse("sign_in"), {"username": "rosa", "password": PASSWORD})

    assert answer.status_code == 200
    assert not officer.has_usable_password()


def test_other_peoples_sessions_stay(officer):
    other = create_user(by=SYSTEM, username="eva", display_name="Eva", role=Role.OFFICER, password=PASSWORD)
    client = signed_in(other)

    revoke_sessions(by=SYSTEM, user=officer, now=NOW)

    assert client.get(reverse("password_change")).status_code == 200


def test_what_joined_ends_too(officer, monkeypatch):
    ended = []
    monkeypatch.setattr(revocation, "_joined", [])
    revocation.join(lambda user_id, now: ended.append((user_id, now)))

    revoke_sessions(by=SYSTEM, user=officer, now=NOW)

    assert ended == [(officer.pk, NOW)]


def test_who_was_given_a_password_chooses_her_own_before_anything_else(officer):
    revoke_sessions(by=SYSTEM, user=officer, now=NOW)
    give_password(by=SYSTEM, user=officer, password=PASSWORD)
    client = signed_in(officer)
    assert client.get("/visitas/").url == reverse("password_change")
    assert client.get(reverse("visit_api_list")).status_code == 403

    wrong = client.post(reverse("password_change"), {"new_password1": OWN, "new_password2": "otra"})
    assert "error-summary" in wrong.content.decode()
    client.post(reverse("password_change"), {"new_password1": OWN, "new_password2": OWN})

    officer.refresh_from_db()
    assert officer.check_password(OWN)
    assert not officer.must_change_password
    assert client.get(reverse("password_change")).status_code == 200


def test_who_has_a_password_of_her_own_writes_it_before_a_new_one(officer):
    client, other = signed_in(officer), signed_in(officer)
    words = {"new_password1": OWN, "new_password2": OWN}
    client.post(reverse("password_change"), {**words, "old_password": "no-es-esta"})
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)

    client.post(reverse("password_change"), {**words, "old_password": PASSWORD})

    officer.refresh_from_db()
    assert officer.check_password(OWN)
    assert client.get(reverse("password_change")).status_code == 200
    answer = other.get(reverse("password_change"))
    assert answer.status_code == 302
    # No phone was lost: what waits in the other browser stays there.
    assert "Clear-Site-Data" not in answer.headers


def test_a_password_chosen_while_the_sessions_end_is_not_kept(officer):
    known = User.objects.get(pk=officer.pk)
    revoke_sessions(by=SYSTEM, user=officer, now=NOW)

    with pytest.raises(SessionsEnded):
        change_password(by=known, password=OWN)

    officer.refresh_from_db()
    assert not officer.has_usable_password()


def test_nobody_is_given_a_password_while_she_has_one_of_her_own(officer):
    with pytest.raises(AccountInUse):
        give_password(by=SYSTEM, user=officer, password=OWN)

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert officer.session_epoch == 0


def test_the_password_that_another_person_knows_does_not_become_her_own(officer):
    revoke_sessions(by=SYSTEM, user=officer, now=NOW)
    held = give_password(by=SYSTEM, user=officer, password=OWN)
    with pytest.raises(GivenPasswordKept):
        change_password(by=held, password=OWN)

    officer.refresh_from_db()
    assert officer.must_change_password


def test_nobody_gives_herself_a_password():
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(OwnPassword):
        give_password(by=administrator, user=administrator, password=OWN)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.STATISTICIAN, Role.ETHICS_BOARD])
def test_who_may_not_report_ends_no_session(officer, role):
    with pytest.raises(PermissionMissing):
        revoke_sessions(by=UserFactory(role=role), user=officer, now=NOW)
