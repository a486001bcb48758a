from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.factories import CONSENT_FILE, ConsentTextFactory, UserFactory

TEXT = CONSENT_FILE.read_text(encoding="utf-8")


@pytest.fixture
def administrator(db) -> Client:
    client = Client()
    client.cookies["idioma"] = "en"
    client.force_login(UserFactory(role=Role.ADMINISTRATOR), backend="django.contrib.auth.backends.ModelBackend")
    return client


def newer_text(number: int = 2):
    return ConsentTextFactory(
        version=str(number),
        valid_from=date(2025, 1, number),
        source=TEXT.replace('version = "1"', f'version = "{number}"')
        .replace("2020-01-01", f"2025-01-{number:02}")
        .replace("The study lasts twelve months from today.", "The study lasts eighteen months from today.")
        .replace("renews = []", 'renews = ["surveys"]')
        .replace("grace_days = 0", "grace_days = 30"),
    )


def test_list_says_which_text_is_in_force_and_that_nobody_approved_it(administrator):
    ConsentTextFactory()
    newer_text()

    page = administrator.get(reverse("consent_text_list"))

    assert [(row.text.version, str(row.state[1])) for row in page.context["rows"]] == [
        ("2", "In force"),
        ("1", "No longer signed"),
    ]
    content = page.content.decode()
    assert "Not approved yet" in content
    assert "within 30 days" in content


def test_list_costs_the_same_with_one_version_and_with_three(administrator, django_assert_num_queries):
    ConsentTextFactory()
    with django_assert_num_queries(4):
        administrator.get(reverse("consent_text_list"))
    newer_text()
    newer_text(3)
    with django_assert_num_queries(4):
        administrator.get(reverse("consent_text_list"))


def test_detail_shows_the_text_and_what_changed(administrator):
    ConsentTextFactory()
    newer_text()
    url = reverse("consent_text_detail", args=["2"])

    text = administrator.get(f"{url}?idioma=en").content.decode()
    changes = administrator.get(f"{url}?idioma=en&cambios=1").content.decode()
    in_spanish = administrator.get(f"{url}?idioma=es&cambios=1").content.decode()

    assert "eighteen months" in text
    assert "<del>" not in text
    assert "<del>twelve </del><ins>eighteen </ins>" in changes
    assert "<del>" not in in_spanish


@pytest.mark.parametrize("query", ["?idioma=xx", "?cambios=1", ""])
def test_detail_of_the_first_version_compares_with_nothing(administrator, query):
    ConsentTextFactory()
    page = administrator.get(reverse("consent_text_detail", args=["1"]) + query)
    assert (page.status_code, page.context["older"]) == (200, None)


def test_no_text_yet_is_said(administrator):
    assert "No text is loaded yet" in administrator.get(reverse("consent_text_list")).content.decode()
    assert administrator.get(reverse("consent_text_detail", args=["9"])).status_code == 404
