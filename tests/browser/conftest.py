"""The worlds that the stories play in, and the way through the door."""

import re
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.services import create_user
from simulation.demo import prepare_empty
from simulation.loader import load_study
from simulation.team import DEMO_PASSWORD
from simulation.world import WorldSettings
from stations.models import Station
from tests.factories import OfficerFactory, ProtocolVersionFactory, ScaleFactory, StationFactory, lock_allocation
from tests.fixtures.databases import CommittedStudy


@dataclass(frozen=True)
class TwoStations:
    """One where the level decides how often a woman is visited ("oficial"), one where it does not ("vecina")."""

    by_risk: Station
    as_usual: Station


def quietly(line: str) -> None:
    """Stories need no progress."""


@pytest.fixture
def new_study(committed_study: CommittedStudy) -> None:
    """Protocol, scale and office accounts; no station yet."""
    prepare_empty(quietly)


@pytest.fixture
def running_study(committed_study: CommittedStudy) -> None:
    """Sixteen stations with ten women each, today in the tenth month."""
    world = WorldSettings(seed=11, as_of=timezone.localdate(), participants=160)
    load_study(world, now=timezone.now(), say=quietly, password=DEMO_PASSWORD)


@pytest.fixture
def two_stations(committed_study: CommittedStudy) -> TwoStations:
    ProtocolVersionFactory()
    ScaleFactory()
    stations = TwoStations(StationFactory(), StationFactory())
    lock_allocation({stations.by_risk: "risk_scale", stations.as_usual: "control"})
    post_officer("oficial", stations.by_risk)
    post_officer("supervisora", stations.by_risk, Role.SUPERVISOR)
    post_officer("vecina", stations.as_usual)
    return stations


def post_officer(username: str, station: Station, role: Role = Role.OFFICER) -> None:
    user = create_user(
        by=SystemActor("test", frozenset({Permission.MANAGE_OFFICERS})),
        username=username,
        display_name=username.capitalize(),
        role=role,
        password=DEMO_PASSWORD,
    )
    OfficerFactory(user=user, posted_at=station)


def sign_in(page: Page, username: str) -> None:
    page.goto("/entrar/")
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Entrar").click()
    expect(page).not_to_have_url(re.compile("/entrar/"))


def sign_out(page: Page) -> None:
    page.locator("[data-sign-out] button").click()
    expect(page).to_have_url(re.compile("/entrar/"))
