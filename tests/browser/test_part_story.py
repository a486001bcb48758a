"""A woman ends everything, and another goes over to a second station: what each person then sees, and what not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actors import SystemActor
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from participants.models import Participant
from surveys.services import lay_questionnaires, schedule_waves
from tests.browser.conftest import TwoStations, post_officer, sign_in, sign_out
from tests.factories import ParticipantFactory
from tests.fixtures.browser import assert_accessible
from visits.services import replan_participant
from visits.services.participation import PLANNER

pytestmark = pytest.mark.browser
STUDY = SystemActor("test", frozenset({Permission.MANAGE_INSTRUMENTS, Permission.COLLECT_SURVEYS}))


def followed_woman(two_stations: TwoStations) -> Participant:
    """A woman with a plan, an interviewer and a survey that is due."""
    now = timezone.now()
    post_officer("entrevistadora", two_stations.as_usual, Role.INTERVIEWER)
    interviewer = User.objects.get(username="entrevistadora")
    enrolled_on = timezone.localdate() - timedelta(days=92)
    woman = ParticipantFactory(station=two_stations.by_risk, interviewer=interviewer, enrolled_on=enrolled_on)
    lay_questionnaires(by=STUDY, now=now)
    schedule_waves(by=STUDY, participant=woman, now=now)
    replan_participant(by=PLANNER, participant=woman, now=now)
    return woman


@pytest.mark.requirement("F4")
def test_she_ends_everything_and_nothing_of_hers_is_left_on_any_list(two_stations: TwoStations, phone: Page):
    # given a woman with visits and a survey, on the lists of those who follow her
    woman = followed_woman(two_stations)
    sign_in(phone, "entrevistadora")
    phone.goto("/conversaciones/")
    expect(phone.get_by_role("main")).to_contain_text(woman.study_code)
    sign_out(phone)
    sign_in(phone, "supervisora")
    # when her supervisor opens her page
    phone.goto("/personas/")
    phone.get_by_role("link", name=woman.study_code, exact=True).click()
    expect(phone.get_by_role("main")).to_contain_text("Próxima visita")
    assert_accessible(phone)
    # and writes that she leaves, keeping what she told
    phone.get_by_role("link", name="Retirar").click()
    assert_accessible(phone)
    phone.get_by_label("Todo: ella deja el estudio").check()
    phone.get_by_label("Entiendo que").check()
    phone.get_by_role("button", name="Retirar").click()
    # then a certificate lies ready for her
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Constancia").first.click()
    assert download.value.suggested_filename.startswith("constancia-")
    assert_accessible(phone)
    # and her page plans nothing more and offers nothing more
    phone.get_by_role("link", name="Volver").click()
    expect(phone.get_by_role("main")).to_contain_text("ninguna planificada")
    expect(phone.get_by_role("link", name="Tarjeta")).to_have_count(0)
    assert_accessible(phone)
    # and her interviewer's list no longer has her
    sign_out(phone)
    sign_in(phone, "entrevistadora")
    phone.goto("/conversaciones/")
    expect(phone.get_by_role("main")).not_to_contain_text(woman.study_code)
    assert_accessible(phone)


@pytest.mark.requirement("F1")
def test_two_supervisors_hand_a_woman_over(two_stations: TwoStations, phone: Page):
    # given a woman of one station, and the supervisor of another
    post_officer("receptora", two_stations.as_usual, Role.SUPERVISOR)
    woman = followed_woman(two_stations)
    # when her supervisor proposes that the other station cares for her
    sign_in(phone, "supervisora")
    phone.goto(f"/personas/{woman.study_code}/")
    phone.get_by_role("link", name="Proponer un traslado a otra estación").click()
    assert_accessible(phone)
    phone.get_by_label("Estación que la atendería").select_option(index=1)
    phone.get_by_label("Ahora vive en la zona").check()
    phone.get_by_label("Ella sabe que").check()
    phone.get_by_role("button", name="Proponer").click()
    # then it waits for the other's answer
    expect(phone.get_by_role("main")).to_contain_text("Propuesto")
    assert_accessible(phone)
    sign_out(phone)
    # when the other one accepts
    sign_in(phone, "receptora")
    phone.goto("/traslados/")
    phone.get_by_role("link", name="Decidir P").click()
    assert_accessible(phone)
    phone.get_by_role("button", name="Aceptar").click()
    # then she is on her page, with her next visit and her safe contact to go through
    phone.goto(f"/personas/{woman.study_code}/")
    expect(phone.get_by_role("main")).to_contain_text("Revise con ella su contacto seguro")
    expect(phone.get_by_role("main")).not_to_contain_text("ninguna planificada")
    assert_accessible(phone)
    sign_out(phone)
    # and the first station sees her no longer
    sign_in(phone, "supervisora")
    phone.goto("/personas/")
    expect(phone.get_by_role("main")).not_to_contain_text(woman.study_code)
    assert phone.goto(f"/personas/{woman.study_code}/").status == 404
