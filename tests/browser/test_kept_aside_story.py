"""The coordinator's story: what a phone sent too late waits whole, is weighed in numbers, and is decided once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from participants.models import Participant
from surveys.models import EntryDecision, PhoneEntry, Submission, SubmissionVersion
from surveys.services import lay_questionnaires, mark_overdue, schedule_waves, submit_survey, sync_entries
from tests.browser.conftest import sign_in
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from tests.surveys.conftest import STUDY, sent
from tests.surveys.test_entries import attempt, entry

pytestmark = pytest.mark.browser
KEPT_ASIDE = "/conversaciones/apartadas/"


@pytest.fixture
def woman(new_study) -> Participant:
    """Asked with a signal; her interviewer's phone sent another sheet and a try afterwards."""
    now, enrolled_on = timezone.now(), timezone.localdate() - timedelta(days=92)
    lay_questionnaires(by=STUDY, now=now)
    interviewer = User.objects.get(username="encuestadora")
    woman = ParticipantFactory(interviewer=interviewer, enrolled_on=enrolled_on)
    case = schedule_waves(by=STUDY, participant=woman, now=now)[1]
    mark_overdue(by=STUDY, now=now)
    submit_survey(by=interviewer, case=case, content=sent(case), now=now)
    ago = now - timedelta(hours=3)
    late = (entry(case, at=ago, response_1="2", response_2="3"), attempt(case, at=ago, attempted_at=ago))
    sync_entries(by=interviewer, sent=late, clock_skew_s=0, now=now)
    return woman


@pytest.mark.requirement("F22")
def test_what_came_too_late_is_decided_and_both_stay_kept(woman: Participant, desk: Page, phone: Page):
    # given the coordinator, who comes to what is kept aside from the list of those who ask
    sign_in(desk, "administradora")
    desk.goto("/conversaciones/equipo/")
    desk.get_by_role("link", name="Guardado aparte (2)").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Guardado aparte")
    expect(desk.get_by_text("Por decidir")).to_have_count(2)
    assert_accessible(desk)
    # when she opens the survey, then it is weighed in numbers, and no answer is shown
    desk.get_by_role("link", name=f"{woman.study_code} · Encuesta").click()
    differing = desk.get_by_role("row", name="Con otra respuesta que lo que vale ahora")
    expect(differing.get_by_role("cell")).to_have_text("2")
    assert_accessible(desk)
    # and nothing is decided without a reason
    desk.get_by_label("Vale", exact=True).check()
    desk.get_by_role("button", name="Decidir").click()
    expect(desk.locator("input[name=reason]:invalid").first).to_be_visible()
    expect(desk.get_by_label("Vale", exact=True)).to_be_checked()
    assert not EntryDecision.objects.exists()
    # when she says why, then it counts, and what stood is an earlier version
    desk.get_by_label("Se le preguntó entonces, como dice").check()
    desk.get_by_role("button", name="Decidir").click()
    expect(desk.get_by_text("Lo guardado aparte se conserva.")).to_be_visible()
    expect(desk.get_by_text("Por decidir")).to_have_count(1)
    assert_accessible(desk)
    assert (Submission.objects.get().answers["response_1"], SubmissionVersion.objects.get().answers["response_1"]) == (
        "2", "4",
    )  # fmt: skip
    assert (EntryDecision.objects.get().decision, PhoneEntry.objects.held().count()) == ("counts", 2)
    # and her interviewer sees what became of it, and decides nothing
    sign_in(phone, "encuestadora")
    phone.goto(KEPT_ASIDE)
    expect(phone.get_by_text("Por decidir")).to_have_count(1)
    expect(phone.get_by_text("Vale", exact=True)).to_have_count(1)
    expect(phone.locator("a.item-card")).to_have_count(0)
    assert_accessible(phone)


def test_where_nothing_is_kept_aside_the_page_says_so(new_study, desk: Page):
    sign_in(desk, "administradora")
    desk.goto(KEPT_ASIDE)
    expect(desk.get_by_text("No hay nada guardado aparte")).to_be_visible()
    assert_accessible(desk)
