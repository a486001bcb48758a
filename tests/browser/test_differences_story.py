"""The coordinator compares people beside what chance brings, and a complaint goes from hand to answer."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.fixtures.browser import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F50", "N13")
def test_coordinator_sees_who_differs_by_more_than_chance(running_study, desk: Page):
    # given the coordinator of a study in its tenth month
    sign_in(desk, "administradora")
    # when she compares how often officers met the woman
    desk.goto("/calidad/diferencias/?measure=met")
    # then a picture says what was found in its title, and its numbers are one click away
    expect(desk.locator("svg.chart")).to_be_visible()
    expect(desk.locator("figcaption")).to_contain_text("Se la encontró")
    desk.get_by_text("Los números de esta imagen").click()
    expect(desk.get_by_role("columnheader", name="Por azar, 95 de 100")).to_be_visible()
    assert_accessible(desk)
    # and another measure is chosen on the same page
    desk.get_by_label("Qué se compara").select_option("sent_late")
    desk.get_by_role("button", name="Mostrar").click()
    expect(desk.get_by_label("Qué se compara")).to_have_value("sent_late")
    assert_accessible(desk)


@pytest.mark.requirement("N25")
def test_complaint_told_to_an_interviewer_is_answered_by_the_desk(running_study, desk: Page):
    # given an interviewer to whom a neighbour complained
    sign_in(desk, "encuestadora")
    desk.goto("/quejas/nueva/")
    desk.get_by_label("Alguien cercano a una participante").check()
    desk.get_by_label("El trato que se dio a alguien").check()
    desk.get_by_label("Con las palabras en que se contó").fill("Pide que la llamen con más calma, por favor.")
    desk.get_by_label("Ordinaria").check()
    desk.get_by_label("Coordinación").check()
    assert_accessible(desk)
    desk.get_by_role("button", name="Anotarlo").click()
    # then it has a number, and its words are for the desk
    expect(desk.get_by_role("heading", name="Quejas")).to_be_visible()
    expect(desk.get_by_text("Anotada como Q-")).to_be_visible()
    assert_accessible(desk)


@pytest.mark.requirement("N13")
def test_coordinator_reads_what_was_told_otherwise_to_somebody_else(running_study, desk: Page):
    # given the coordinator of a study whose surveys are asked again in part
    sign_in(desk, "administradora")
    # when she opens what was asked again
    desk.goto("/preguntas/diferencias/")
    # then she reads shares with what is allowed, by question and by whoever asked first
    expect(desk.get_by_role("heading", name="Por pregunta")).to_be_visible()
    expect(desk.get_by_role("columnheader", name="Permitido, de 100").first).to_be_visible()
    expect(desk.get_by_role("heading", name="Por quien preguntó primero")).to_be_visible()
    assert_accessible(desk)
    # and the same facts beside chance alone are one click away
    desk.get_by_role("link", name="Junto al solo azar").click()
    expect(desk.get_by_label("Qué se compara")).to_have_value("differs")
    assert_accessible(desk)


@pytest.mark.requirement("N13", "F34")
def test_second_interviewer_reads_what_it_is_about(running_study, phone: Page):
    # given an interviewer with somebody to ask again, or nobody yet
    sign_in(phone, "encuestadora")
    # when she opens her list
    phone.goto("/preguntas/")
    # then its words are neutral
    expect(phone.get_by_role("heading", name="Unas preguntas", exact=True)).to_be_visible()
    assert_accessible(phone)
