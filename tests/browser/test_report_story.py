"""The report's story: from a release to the plan's whole analysis, read on the page and taken away."""

import zipfile
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from panel import services, tasks
from panel.models import Release, ReleaseReport
from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


def a_release(owner: str, approver: str) -> Release:
    now = timezone.now()
    terms = services.Terms(datasets=("panel_wave",), forms=("csv",))
    people = {name: User.objects.get(username=name) for name in (owner, approver)}
    release = services.ask_release(by=people[owner], terms=terms, purpose="Tabla principal", now=now)
    tasks.build_release(release_id=release.pk)
    release.refresh_from_db()
    if release.state == Release.State.WAITING:
        services.approve_release(by=people[approver], release=release, note="", now=now)
        tasks.build_release(release_id=release.pk)
    return release


def is_as_wide_as_its_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.requirement("F46")
def test_researcher_makes_reads_and_takes_the_report(running_study, desk: Page, tmp_path: Path):
    # given a researcher with a release that is ready
    release = a_release("investigadora", "administradora")
    sign_in(desk, "investigadora")
    desk.goto(f"/datos/entregas/{release.pk}/")
    # when she asks for the report with one click
    desk.get_by_role("button", name="Hacer el informe").click()
    # then the page says how far it is
    expect(desk.get_by_role("progressbar", name="Avance")).to_be_visible()
    assert_accessible(desk)
    # when a worker made it
    tasks.build_report(report_id=ReleaseReport.objects.get().pk)
    desk.get_by_role("link", name="Ver de nuevo").click()
    # then she reads that it is blinded, the flow, and each outcome's charts and tables
    expect(desk.get_by_text("CEGADO", exact=False).first).to_be_visible()
    expect(desk.get_by_role("heading", name="De las denuncias al análisis")).to_be_visible()
    expect(desk.get_by_role("img", name="Agresión física, training:", exact=False)).to_be_visible()
    assert is_as_wide_as_its_screen(desk)
    assert_accessible(desk)
    # and takes it away
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Tablas (CSV, zip)").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert "trial_flow.csv" in archive.namelist()
    # also on a narrow screen
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.reload()
    expect(desk.get_by_role("heading", name="De las denuncias al análisis")).to_be_visible()
    assert is_as_wide_as_its_screen(desk)
    assert_accessible(desk)
