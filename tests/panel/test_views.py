"""The data page and its downloads."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import Event
from tests.factories import ParticipantFactory, UserFactory

DOWNLOADS = ("dataset_download", "codebook_download")


def signed_in(role) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_researcher_downloads_the_blinded_panel(small_study):
    response = signed_in(Role.RESEARCHER).get(reverse("dataset_download", args=["panel_wave"]))
    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert response["Content-Disposition"] == 'attachment; filename="panel_wave.csv"'
    assert len(rows) == 110
    assert "training" not in rows[0]
    event = Event.objects.get(action="panel.export")
    assert event.actor_role == Role.RESEARCHER


def test_statistician_downloads_the_arms(small_study):
    response = signed_in(Role.STATISTICIAN).get(reverse("codebook_download", args=["panel_wave"]))
    assert "training_x_risk_scale" in response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="panel_wave_codebook.csv"'


def test_page_tells_what_there_is_and_how_to_estimate(small_study):
    page = signed_in(Role.RESEARCHER).get(reverse("dataset_list")).content.decode()
    assert "--treatment group_2 group_3 group_4" in page
    assert reverse("dataset_download", args=["panel_wave"]) in page
    assert not [word for word in ("training", "risk_scale", "visits_planned") if word in page]


def test_small_cells_are_not_shown(small_study):
    response = signed_in(Role.RESEARCHER).get(reverse("dataset_list"))
    cells = [cell for wave in response.context["waves"] for cell in wave["cells"]]
    assert None in cells
    assert not [cell for cell in cells if cell is not None and 0 < cell < 5]


def test_statisticians_page_names_the_arms(small_study):
    page = signed_in(Role.STATISTICIAN).get(reverse("dataset_list")).content.decode()
    assert "--treatment training risk_scale training_x_risk_scale" in page


@pytest.mark.parametrize("women", [1, 3])
def test_page_costs_the_same_queries_for_any_number(stations, django_assert_num_queries, women):
    ParticipantFactory.create_batch(women, station=stations[0])
    client = signed_in(Role.RESEARCHER)
    client.get(reverse("dataset_list"))
    with django_assert_num_queries(8):
        client.get(reverse("dataset_list"))


def test_unknown_data_set_is_not_found(small_study):
    client = signed_in(Role.RESEARCHER)
    assert [client.get(reverse(name, args=["mujeres"])).status_code for name in DOWNLOADS] == [404, 404]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESEARCHER, Role.STATISTICIAN}))
def test_others_get_no_data(small_study, role):
    client = signed_in(role)
    answers = [client.get(reverse("dataset_list")), *(client.get(reverse(n, args=["panel_wave"])) for n in DOWNLOADS)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not Event.objects.filter(action__startswith="panel.").exists()
