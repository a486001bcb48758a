"""The worlds that the stories play in: a study before its first draw, and a small one in its tenth month."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from simulation.demo import prepare_empty
from simulation.loader import load_study
from simulation.team import DEMO_PASSWORD
from simulation.world import WorldSettings
from tests.fixtures.databases import CommittedStudy


def quietly(line: str) -> None:
    """Stories need no progress."""


@pytest.fixture
def new_study(committed_study: CommittedStudy) -> CommittedStudy:
    """Protocol, scale and accounts; no station yet."""
    prepare_empty(quietly)
    return committed_study


@pytest.fixture
def running_study(committed_study: CommittedStudy) -> CommittedStudy:
    """Sixteen stations with ten women each, today in the tenth month."""
    world = WorldSettings(seed=11, as_of=timezone.localdate(), participants=160)
    load_study(world, now=timezone.now(), say=quietly, password=DEMO_PASSWORD)
    return committed_study


def sign_in(page: Page, username: str) -> None:
    page.goto("/entrar/")
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Entrar").click()
    expect(page).not_to_have_url(re.compile("/entrar/"))
