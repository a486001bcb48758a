"""Each refusal is a plain page in the reader's language that leads back and tells nothing."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from accounts.roles import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def signed_in(role: Role) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(role=role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_unknown_address_is_404():
    response = signed_in(Role.OFFICER).get("/no-hay/")
    assert response.status_code == 404
    assert "<h1>Aquí no hay nada</h1>" in text_of(response)


def test_page_of_another_role_is_403_and_speaks_english_to_who_chose_it():
    client = signed_in(Role.OFFICER)
    client.cookies["idioma"] = "en"
    response = client.get("/sorteos/")
    assert response.status_code == 403
    assert "<h1>This page is not open to you</h1>" in text_of(response)


def test_form_grown_old_is_403_and_says_that_nothing_was_saved():
    response = Client(enforce_csrf_checks=True).post("/entrar/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "no se guardó nada" in text_of(response)


def test_foreign_host_is_400_without_a_word_about_why():
    response = Client(raise_request_exception=False).get("/entrar/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "elsewhere" not in text_of(response)


def test_failure_is_500_in_both_languages_without_a_word_about_what_failed():
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Algo falló de nuestro lado" in text_of(response)
    assert "Something failed on our side" in text_of(response)
    assert "<title>Agenda</title>" in text_of(response)
