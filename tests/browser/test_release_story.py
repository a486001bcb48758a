"""The release's story: asked for by a researcher, judged, approved by a second person, downloaded, compared."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from panel import tasks
from panel.models import Release
from tests.browser.conftest import sign_in, sign_out
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


def ask(page: Page, purpose: str) -> Release:
    page.goto("/datos/")
    page.get_by_role("link", name="Entregas", exact=True).click()
    page.get_by_role("link", name="Pedir una entrega").click()
    page.get_by_label("Para qué").fill(purpose)
    page.get_by_label("panel_wave", exact=True).check()
    assert_accessible(page)
    page.get_by_role("button", name="Pedir la entrega").click()
    expect(page.get_by_text("Pedida. Esta página dice cuánto avanza.")).to_be_visible()
    return Release.objects.get(purpose=purpose)


def let_a_worker_go_on(release: Release) -> None:
    tasks.build_release(release_id=release.pk)


def approve(page: Page, release: Release) -> None:
    sign_in(page, "administradora")
    page.goto("/datos/por-decidir/")
    page.get_by_role("link", name=str(release.pk), exact=True).click()
    expect(page.get_by_role("heading", name="Por qué decide otra persona")).to_be_visible()
    page.get_by_label("Por qué, en pocas palabras").fill("De acuerdo")
    assert_accessible(page)
    page.get_by_role("button", name="Aprobar", exact=True).click()
    expect(page.get_by_text("Su decisión quedó registrada.")).to_be_visible()
    sign_out(page)


@pytest.mark.requirement("N10")
def test_researcher_gets_a_release_that_a_second_person_approved(running_study, desk: Page, tmp_path: Path):
    # given a researcher who asks for a table and says what for
    sign_in(desk, "investigadora")
    release = ask(desk, "Tabla principal")
    expect(desk.get_by_role("progressbar", name="Avance")).to_be_visible()
    # when it was frozen and judged
    let_a_worker_go_on(release)
    desk.get_by_role("link", name="Ver de nuevo").click()
    # then she reads how well women hide, and that somebody else decides
    expect(desk.get_by_text("Espera aprobación")).to_be_visible()
    expect(desk.get_by_role("heading", name="Cuánto se confunden unas mujeres con otras")).to_be_visible()
    expect(desk.get_by_role("button", name="Aprobar")).to_have_count(0)
    assert_accessible(desk)
    sign_out(desk)
    # when the administrator says yes and it is packed
    approve(desk, release)
    let_a_worker_go_on(release)
    # then the researcher downloads it, whole
    sign_in(desk, "investigadora")
    desk.goto(f"/datos/entregas/{release.pk}/")
    with desk.expect_download() as started:
        desk.get_by_role("link", name="Descargar (zip)").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {"MANIFEST.json", "data/panel_wave.csv", "headline.R"} <= set(archive.namelist())
    desk.reload()
    assert_accessible(desk)
