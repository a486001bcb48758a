"""The researcher's story: the panel and its codebook without a name or an arm, and an estimate by the command shown."""

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible
from tests.fixtures.databases import CHECKOUT

pytestmark = pytest.mark.browser

ARMS = {"training", "risk_scale", "training_x_risk_scale", "arm"}


def download(page: Page, link: str, folder: Path) -> list[dict[str, str]]:
    with page.expect_download() as started:
        page.get_by_role("link", name=link).first.click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.requirement("F37")
def test_researcher_downloads_the_panel_and_estimates(running_study, desk: Page, tmp_path: Path):
    # given a researcher, who may know neither who the women are nor what their stations do
    sign_in(desk, "investigadora")
    desk.goto("/datos/")
    expect(desk.get_by_role("heading", name="Datos", exact=True)).to_be_visible()
    assert_accessible(desk)
    # when she downloads the panel and its codebook
    panel = download(desk, "Descargar los datos (CSV)", tmp_path)
    codebook = download(desk, "Descargar el libro de códigos (CSV)", tmp_path)
    # then there is one row for each woman and wave, in columns that the codebook explains, and no arm among them
    assert len({(row["woman"], row["wave"]) for row in panel}) == len(panel)
    assert {row["station"] for row in panel} == set("ABCDEFGHIJKLMNOP")
    assert {row["name"] for row in codebook} == set(panel[0])
    assert not ARMS & set(panel[0])
    # and the command that the page shows runs as it stands
    words = shlex.split(desk.locator("pre").inner_text().replace("\\\n", " "))
    assert words[:3] == ["python", "manage.py", "estimate"]
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words[2:]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "physical.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in result["coefficients"]] == ["group_2", "group_3", "group_4"]
    assert result["clusters"] == 16


@pytest.mark.requirement("F34")
def test_researcher_may_open_no_page_about_a_woman_or_a_draw(running_study, desk: Page):
    # given a researcher
    sign_in(desk, "investigadora")
    # when she types the addresses of others' pages
    statuses = [desk.goto(path).status for path in ("/visitas/", "/personas/", "/sorteos/", "/conversaciones/")]
    # then each is closed to her, and the page says so plainly
    assert statuses == [403, 403, 403, 403]
    expect(desk.get_by_role("heading", name="Usted no tiene acceso")).to_be_visible()
    assert_accessible(desk)
