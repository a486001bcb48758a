"""The coordination's story: where each wave stands, who has which part of it, and why surveys were missed."""

import pytest
from playwright.sync_api import Page, expect

from surveys.models import SurveyCase
from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


def test_waves_are_followed_and_taken_along_as_a_file(running_study, desk: Page):
    # given a study in its tenth month
    sign_in(desk, "administradora")
    # when the coordination looks at the waves
    desk.goto("/resumen/olas/")
    table = desk.get_by_role("region", name="Por ola").get_by_role("table")
    # then each wave has its line, and every survey of the study is in the total
    expect(table.get_by_role("row")).to_have_count(7)
    total = table.get_by_role("row").last.get_by_role("cell").last
    expect(total).to_have_text(str(SurveyCase.objects.count()))
    # and each interviewer hers, with why surveys were missed
    expect(desk.get_by_role("region", name="Por encuestadora")).to_be_visible()
    expect(desk.get_by_role("region", name="Por qué se perdieron encuestas")).to_be_visible()
    assert_accessible(desk)
    # and the table can be taken along, without anybody's name
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Descargar (CSV)").click()
    lines = waiting.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) == 7
    assert lines[0].startswith("Ola,")
    assert lines[-1].startswith("Total,")
