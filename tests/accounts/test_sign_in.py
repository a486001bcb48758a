"""The way in and out, and what the access table refuses."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, path, reverse

from accounts.access import ACCESS
from accounts.actors import SystemActor
from accounts.models import User
from accounts.permissions import Permission
from accounts.requests import address_of
from accounts.roles import Role
from accounts.services import UserNameTaken, create_user
from audit.models import Event
from ivp_study import urls as study_urls
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ADMINISTRATOR = SystemActor("test", frozenset({Permission.MANAGE_OFFICERS}))


def a_person(role: Role = Role.OFFICER) -> User:
    return create_user(by=ADMINISTRATOR, username="rosa", display_name="Rosa", role=role, password=PASSWORD)


def test_signing_in_leads_home_in_spanish(client: Client):
    user = a_person()
    response = client.post(reverse("sign_in"), {"username": "ROSA", "password": PASSWORD})
    assert (response.status_code, response.url) == (302, reverse("home"))
    assert client.cookies["idioma"].value == "es"
    assert Event.objects.get(action="accounts.sign_in").actor == f"user:{user.pk}"


def test_wrong_password_says_so_and_keeps_the_name(client: Client):
    a_person()
    response = client.post(reverse("sign_in"), {"username": "rosa", "password": "otra-clave-larga"})
    assert response.status_code == 200
    assert 'value="rosa"' in response.content.decode()
    assert not Event.objects.filter(action="accounts.sign_in").exists()


def test_eight_failures_lock_the_name_out(client: Client):
    a_person()
    for _attempt in range(8):
        response = client.post(reverse("sign_in"), {"username": "rosa", "password": "mala"})
    assert response.status_code == 429
    assert client.post(reverse("sign_in"), {"username": "rosa", "password": PASSWORD}).status_code == 429


def test_a_name_in_other_letters_is_the_same_name(client: Client):
    a_person()
    for written in ("rosa", "Rosa", "rOsa", "roSa", "rosA", "ROSA", " rosa", "ROsa "):
        response = client.post(reverse("sign_in"), {"username": written, "password": "mala"})
    assert response.status_code == 429


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "unknown", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_address_is_what_the_study_s_own_proxy_saw(settings, proxies, header, address):
    settings.PROXIES = proxies
    request = RequestFactory().post("/entrar/", headers={"x-forwarded-for": header})
    assert address_of(request) == address


def test_who_fails_elsewhere_does_not_keep_the_owner_of_a_name_out(client: Client, settings):
    a_person()
    settings.PROXIES = 1
    elsewhere, home = {"x-forwarded-for": "203.0.113.9"}, {"x-forwarded-for": "203.0.113.9, 198.51.100.7"}
    for _attempt in range(8):
        failed = client.post(reverse("sign_in"), {"username": "rosa", "password": "mala"}, headers=elsewhere)
    assert failed.status_code == 429
    response = client.post(reverse("sign_in"), {"username": "rosa", "password": PASSWORD}, headers=home)
    assert response.status_code == 302


def test_browser_preference_does_not_change_the_language(client: Client):
    response = client.get(reverse("sign_in"), headers={"accept-language": "en-US,en"})
    assert '<html lang="es"' in response.content.decode()


def test_choosing_english_is_kept_with_the_person(client: Client):
    user = a_person()
    client.force_login(user)
    response = client.post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert response.url == reverse("home")
    user.refresh_from_db()
    assert user.language == "en"
    assert client.cookies["idioma"].value == "en"


def test_language_chosen_at_the_door_is_kept_with_the_person(client: Client):
    user = a_person()
    client.post(reverse("set_language"), {"language": "en", "next": reverse("sign_in")})
    client.post(reverse("sign_in"), {"username": "rosa", "password": PASSWORD})
    user.refresh_from_db()
    assert (user.language, client.cookies["idioma"].value) == ("en", "en")


def test_signing_out_leaves_no_language_to_the_next_person(client: Client):
    client.force_login(a_person(), backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("set_language"), {"language": "en", "next": ""})
    client.post(reverse("sign_out"))
    assert client.cookies["idioma"].value == ""
    assert '<html lang="es"' in client.get(reverse("sign_in")).content.decode()


def test_two_people_cannot_share_a_name_in_other_letters():
    a_person()
    with pytest.raises(UserNameTaken):
        create_user(by=ADMINISTRATOR, username="Rosa", display_name="R", role=Role.OFFICER, password=PASSWORD)


def test_address_outside_the_table_is_refused_even_to_administrators(client: Client, monkeypatch):
    unlisted = path("nuevo/", lambda _request: pytest.fail("the view ran"), name="unlisted")
    monkeypatch.setattr(study_urls, "urlpatterns", [*study_urls.urlpatterns, unlisted])
    clear_url_caches()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert client.get("/nuevo/").status_code == 403
    clear_url_caches()


@pytest.mark.parametrize("url_name", sorted(name for name, who in ACCESS.items() if name == "home"))
def test_signed_in_pages_send_strangers_to_the_door(client: Client, url_name):
    response = client.get(reverse(url_name))
    assert response.url.startswith(reverse("sign_in"))


def test_signed_in_pages_stay_out_of_caches(client: Client):
    client.force_login(UserFactory())
    assert client.get(reverse("home")).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.OFFICER, "phone_shell"),
        (Role.SUPERVISOR, "phone_shell"),
        (Role.RESEARCHER, "today"),
        (Role.INTERVIEWER, "today"),
    ],
)
def test_browser_in_which_a_phone_was_set_up_leads_to_it_whoever_visits(client: Client, role: Role, first: str):
    client.force_login(a_person(role))
    client.cookies["telefono"] = "1"
    assert client.get(reverse("home")).url == reverse(first)
    del client.cookies["telefono"]
    assert client.get(reverse("home")).url != reverse("phone_shell")


@pytest.mark.requirement("N5")
@pytest.mark.parametrize("address", ["visit_list", "phone_session", "sign_in"])
def test_who_left_in_a_hurry_is_signed_out_by_whatever_is_asked_next(client: Client, address):
    # given somebody whose page could tell nobody that she left
    client.force_login(a_person(), backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("set_language"), {"language": "en", "next": ""})
    client.cookies["salida"] = "1"
    # when any address is asked
    client.get(reverse(address))
    # then the session is over for every address, and nothing of her is left to the next person
    assert client.get(reverse("visit_list")).url.startswith(reverse("sign_in"))
    assert not Session.objects.exists()
    assert (client.cookies["salida"].value, client.cookies["idioma"].value) == ("", "")


def test_signing_in_after_leaving_in_a_hurry_stays_signed_in_in_her_language(client: Client):
    user = a_person()
    User.objects.filter(pk=user.pk).update(language="en")
    client.cookies["salida"] = "1"
    client.post(reverse("sign_in"), {"username": "rosa", "password": PASSWORD})
    assert client.get(reverse("password_change")).status_code == 200
    assert (client.cookies["salida"].value, client.cookies["idioma"].value) == ("", "en")


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_whoever_was_given_a_password_chooses_her_own_wherever_she_came_from(client: Client, is_signed_in):
    # a phone's application opens to anybody, and would send her back here for ever
    user = a_person()
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    said = {"username": "rosa", "password": PASSWORD}
    if is_signed_in:
        client.post(reverse("sign_in"), said)
    answer = client.post(f"{reverse('sign_in')}?next=/telefono/", said)
    assert answer.url == reverse("password_change")
