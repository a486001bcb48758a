"""What every answer passes through on its way out."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.complaints.told import written
from tests.factories import ProtocolVersionFactory, UserFactory


@pytest.fixture
def client(db) -> Client:
    ProtocolVersionFactory()
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = "en"
    return client


def test_address_that_a_form_is_sent_to_leads_back_to_its_page(client):
    complaint = written()
    for address, above in (
        (reverse("complaint_step", args=[complaint.pk]), reverse("complaint_detail", args=[complaint.pk])),
        (reverse("unblinding_ask"), reverse("unblinding_page")),
        (reverse("sign_out"), reverse("home")),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST" if above != "/" else "POST, OPTIONS")
        assert "Here something is sent" in answer.content.decode()
        assert f'href="{above}">Back' in answer.content.decode()


def test_programs_and_strangers_are_told_as_before(client):
    assert "<html" not in client.get(reverse("visit_sync")).content.decode()
    assert "<html" not in Client().get(reverse("set_language")).content.decode()
