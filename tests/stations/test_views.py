"""The administrator's journey by pages, and who is kept out of it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import BLINDED_ROLES, Role
from audit.models import Event
from stations.models import Allocation, Station
from stations.services import allocate_stations
from tests.factories import NOW, UserFactory
from tests.fixtures.study import DISTRICTS_FILE, STATIONS_FILE, SYSTEM

pytestmark = pytest.mark.django_db

STATIONS, DISTRICTS = STATIONS_FILE.read_bytes(), DISTRICTS_FILE.read_bytes()


@pytest.fixture
def administrator(client: Client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return user


def files(stations: bytes = STATIONS, districts: bytes = DISTRICTS) -> dict[str, SimpleUploadedFile]:
    return {
        "stations": SimpleUploadedFile("s.csv", stations),
        "districts": SimpleUploadedFile("d.csv", districts),
    }


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.requirement("F48", "F5")
def test_administrator_imports_draws_and_locks(client, administrator, protocol):
    assert "No stations yet" in text(client.get(reverse("frame")))
    preview = client.post(reverse("frame_import"), files())
    assert "New&nbsp;· 156" in text(preview)
    assert not Station.objects.exists()
    shown = {**preview.context["form"].kept.dict(), "seen": preview.context["plan"].fingerprint}
    confirmed = client.post(reverse("frame_confirm"), shown, follow=True)
    assert "The frame is up to date." in text(confirmed)
    assert '<p class="figure-value">104</p>' in text(confirmed)
    drawn = client.post(reverse("allocation_list"), {"seed": "20261118"}, follow=True)
    assert text(drawn).count("Estación") == 16
    assert "Poverty in the district, 2018 (%)" in text(drawn)
    allocation = Allocation.objects.get()
    locked = client.post(reverse("allocation_lock", args=[allocation.pk]), {"understood": "on"}, follow=True)
    assert "The allocation is locked." in text(locked)
    certificate = json.loads(client.get(reverse("allocation_certificate", args=[allocation.pk])).content)
    assert certificate == allocation.certificate
    assert Event.objects.filter(action="stations.download_certificate").count() == 1


def test_seed_that_is_no_number_keeps_what_was_typed(client, administrator, frame):
    response = client.post(reverse("allocation_list"), {"seed": "siete"})
    assert "The seed must be a whole number" in text(response)
    assert 'value="siete"' in text(response)


def test_locking_needs_the_box_ticked(client, administrator, frame):
    draft = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    client.post(reverse("allocation_lock", args=[draft.pk]), {})
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_draft_put_aside_stays_on_the_list(client, administrator, frame):
    draft = allocate_stations(by=SYSTEM, seed="7", now=NOW)
    response = client.post(reverse("allocation_discard", args=[draft.pk]), follow=True)
    assert "It stays on record" in text(response)
    assert "Discarded" in text(response)


@pytest.mark.parametrize("role", sorted(BLINDED_ROLES))
@pytest.mark.parametrize("page", ["frame", "allocation_list"])
def test_blinded_roles_stay_outside(client, frame, role, page):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse(page)).status_code == 403


def test_statistician_looks_but_may_not_draw(client, frame):
    client.force_login(UserFactory(role=Role.STATISTICIAN))
    assert client.get(reverse("allocation_list")).context["form"] is None
    assert client.post(reverse("allocation_list"), {"seed": "7"}).status_code == 200
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_draws_takes_as_many_queries_for_three_as_for_one(
    client, administrator, frame, count, django_assert_num_queries
):
    for seed in range(count):
        allocate_stations(by=administrator, seed=str(seed), now=NOW)
    with django_assert_num_queries(4):  # session, person, draws, locked draw
        client.get(reverse("allocation_list"))
