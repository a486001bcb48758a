"""Two interviewers' story: a paper is entered by both, apart; where they differ one looks again and decides."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actors import SystemActor
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.services import create_user
from participants.models import Participant
from simulation.team import DEMO_PASSWORD
from surveys.models import PaperEntry, Submission
from surveys.services import load_instrument, pin_instrument, publish_instrument, schedule_waves
from tests.browser.conftest import sign_in
from tests.browser.test_questionnaire_story import sheets
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from tests.surveys.conftest import STUDY
from tests.surveys.xforms.workbooks import workbook

pytestmark = pytest.mark.browser


@pytest.fixture
def woman(new_study) -> Participant:
    """Asked on paper today, with two questions."""
    now = timezone.now()
    house = workbook(sheets("${privacy} = 'yes'"))
    loaded = load_instrument(by=STUDY, source=house, name="casa.xlsx", now=now)
    publish_instrument(by=STUDY, instrument=loaded, now=now)
    pin_instrument(by=STUDY, wave="baseline", instrument=loaded, now=now)
    create_user(
        by=SystemActor("test", frozenset({Permission.MANAGE_OFFICERS})),
        username="compañera",
        display_name="Compañera",
        role=Role.INTERVIEWER,
        password=DEMO_PASSWORD,
    )
    interviewer = User.objects.get(username="encuestadora")
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=timezone.localdate())
    schedule_waves(by=STUDY, participant=woman, now=now)
    return woman


def enter(page: Page, woman: Participant, *, rooms: str) -> None:
    page.goto("/conversaciones/")
    page.get_by_role("link", name="En papel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("En papel")
    assert_accessible(page)
    page.get_by_role("link", name=woman.study_code).click()
    asked = page.locator(".question-container")
    asked.filter(has_text="¿Está a solas?").get_by_role("radio", name="Sí").check()
    asked.filter(has_text="¿Cuántos cuartos?").get_by_role("spinbutton").press_sequentially(rooms)
    page.keyboard.press("Tab")
    assert_accessible(page)
    page.get_by_role("button", name="Guardar la encuesta").click()
    expect(page.locator("[data-web-form]")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("En papel")


@pytest.mark.requirement("F28")
def test_two_enter_a_paper_apart_and_one_decides_where_they_differ(woman: Participant, phone: Page, desk: Page):
    # given an interviewer who enters the paper of a woman of hers
    sign_in(phone, "encuestadora")
    enter(phone, woman, rooms="3")
    expect(phone.get_by_text("Ningún papel espera")).to_be_visible()
    assert Submission.objects.count() == 0
    # and another one who enters it without seeing what the first wrote, by the woman's code alone
    sign_in(desk, "compañera")
    enter(desk, woman, rooms="5")
    # when the second compares both readings and looks at the paper again
    desk.get_by_role("link", name=woman.study_code).click()
    expect(desk.get_by_role("group", name="¿Cuántos cuartos?")).to_be_visible()
    expect(desk.get_by_role("radio")).to_have_count(2)
    assert_accessible(desk)
    # then nothing is kept before she decides
    desk.get_by_role("button", name="Guardar estas respuestas").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    assert_accessible(desk)
    # and what she decides is the survey, with both readings kept as they were
    desk.get_by_role("radio", name="5", exact=True).check()
    desk.get_by_role("button", name="Guardar estas respuestas").click()
    expect(desk.get_by_text("La encuesta está guardada")).to_be_visible()
    expect(desk.get_by_role("link", name=woman.study_code)).to_have_count(0)
    assert Submission.objects.get(case__participant=woman).answers == {"privacy": "yes", "rooms": "5"}
    assert [entry.answers["rooms"] for entry in PaperEntry.objects.order_by("position")] == ["3", "5"]
