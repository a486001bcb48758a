from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from risk.models import Assessment, CurrentRisk, Scale
from tests.factories import (
    NOW,
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    UserFactory,
)
from tests.participants.test_views import signed_in
from tests.risk.scales import FVR
from tests.risk.test_scoring import ALL_NO, ALL_SI, NOTHING
from tests.safety.factories import SafetyCaseFactory

ARM_WORDS = ("control", "training", "risk_scale", "both", "capacitación", "grupo")


def posted(answers, **changes):
    return {f"item_{item}": answer for item, answer in answers.items()} | changes


def submit(user, woman, answers, **changes):
    return signed_in(user).post(
        reverse("assess_risk", args=[woman.study_code]), posted(answers, **changes), follow=True
    )


def test_the_form_asks_the_whole_scale_in_its_order(care, woman):
    page = signed_in(care.officer).get(reverse("assess_risk", args=[woman.study_code])).content.decode()

    places = [page.index(f'name="item_{item.id}"') for item in FVR.items]
    assert places == sorted(places)
    assert page.count('type="radio"') == 3 * (len(FVR.items) + 1)
    assert 'data-skipped-by="item_2a=no"' in page
    assert "¿Él ha intentado ahorcarla?" in page


def test_the_form_is_english_by_choice(care, woman):
    client = signed_in(care.officer)
    client.cookies["idioma"] = "en"

    page = client.get(reverse("assess_risk", args=[woman.study_code])).content.decode()

    assert "Has he tried to strangle you?" in page
    assert "¿" not in page


@pytest.mark.parametrize(
    ("answers", "changes", "level", "score"),
    [
        (ALL_SI, {}, "Severo 2", 29),
        (ALL_NO, {}, "Leve", 4),
        (ALL_NO | {"2a": "si"}, {}, "Moderado", 8),
        (ALL_NO, {"override_pregnancy": "si"}, "Moderado", 4),
        (ALL_NO, {"officer_level": "severo_1", "raised_reason": "weapon"}, "Severo 1", 4),
    ],
)
def test_a_filled_form_shows_score_and_level_in_words_and_never_an_arm(care, woman, answers, changes, level, score):
    response = submit(care.officer, woman, answers, **changes)

    page = response.content.decode()
    assert response.redirect_chain == [(reverse("risk_history", args=[woman.study_code]), 302)]
    assert level in page
    assert f"Puntaje {score}" in page
    assert "Incompleta" not in page
    assert not any(word in page.lower() for word in ARM_WORDS)
    assert CurrentRisk.objects.get(participant=woman).replan_pending


def test_an_incomplete_form_names_its_blanks_and_shows_no_low_level(care, woman):
    page = submit(care.officer, woman, {**NOTHING, "4": "", "18": ""}).content.decode()

    assert "Incompleta: faltan 2." in page
    assert "Sin respuesta: 4, 18." in page
    assert "Aún sin nivel" in page
    assert "Leve" not in page


def test_a_wholly_blank_form_is_refused_on_the_form(care, woman):
    page = submit(care.officer, woman, {}, note="").content.decode()

    assert "No hay ninguna respuesta en la ficha" in page
    assert not Assessment.objects.exists()


def test_blank_choices_are_kept_apart_from_no(care, woman):
    submit(care.officer, woman, {"1": "no"}, own_rating="10")

    assessment = Assessment.objects.get()
    assert (assessment.answers["1"], assessment.answers["2"], assessment.own_rating) == ("no", None, 10)
    assert assessment.overrides == {"pregnancy": None}


def test_lowering_is_refused_on_the_form_and_nothing_typed_is_lost(care, woman):
    response = submit(
        care.officer, woman, ALL_SI, officer_level="leve", raised_reason="weapon", note="Lo dice su hermana"
    )

    page = response.content.decode()
    assert "no bajarlo" in page
    assert "Lo dice su hermana" in page
    assert page.count("checked") == len(FVR.items) + 1
    assert not Assessment.objects.exists()


def test_an_answer_outside_the_scale_is_refused(care, woman):
    response = submit(care.officer, woman, ALL_NO | {"1": "quizás"})

    assert list(response.context["form"].errors) == ["item_1"]


def test_alerts_and_earlier_sheets_stand_in_the_history(care, woman):
    AssessmentFactory(participant=woman)

    page = submit(care.officer, woman, NOTHING | {"9": "si"}).content.decode()

    assert "Intento de ahorcamiento" in page
    assert "Fichas anteriores" in page
    assert "puntaje 4" in page


def test_without_a_scale_the_page_says_whom_to_tell(care, woman):
    Scale.objects.update(effective_on=timezone.localdate() + timedelta(days=1))

    page = signed_in(care.officer).get(reverse("assess_risk", args=[woman.study_code])).content.decode()

    assert "aún no está disponible" in page


@pytest.mark.requirement("F34")
@pytest.mark.parametrize("name", ["assess_risk", "risk_history"])
def test_risk_pages_are_not_found_from_another_station_and_closed_to_others(care, woman, safety_officer, name):
    url = reverse(name, args=[woman.study_code])

    assert signed_in(care.stranger).get(url).status_code == 404
    for user in (care.interviewer, safety_officer, UserFactory(role=Role.RESEARCHER)):
        assert signed_in(user).get(url).status_code == 403


def test_the_interviewers_card_says_nothing_of_risk(care, woman):
    CurrentRiskFactory(assessment=AssessmentFactory(participant=woman, level="severo_2", level_rank=3))

    page = (
        signed_in(care.interviewer).get(reverse("safe_contact_card", args=[woman.study_code])).content.decode().lower()
    )

    assert "rosa quispe" in page
    assert not any(word in page for word in ("riesgo", "severo", "nivel", "puntaje", "ficha"))


@pytest.mark.requirement("F38")
def test_the_supervisors_list_masks_names_and_puts_the_highest_level_first(care, woman):
    without = ParticipantFactory(station=care.station)
    high = ParticipantFactory(station=care.station)
    CurrentRiskFactory(assessment=AssessmentFactory(participant=woman))
    severe = AssessmentFactory(participant=high, level="severo_2", level_rank=3)
    CurrentRiskFactory(assessment=severe, reassess_due_on=NOW.date() - timedelta(days=9))
    ParticipantFactory()

    response = signed_in(care.supervisor).get(reverse("participant_list"))

    rows = [(row.participant, row.masked_name, row.level_label) for row in response.context["rows"]]
    assert rows == [
        (without, "R. Q.", "Aún sin nivel"),
        (high, "R. Q.", "Severo 2 (severo extremo)"),
        (woman, "R. Q.", "Leve (riesgo variable)"),
    ]
    assert response.context["rows"][1].is_overdue
    assert "Quispe" not in response.content.decode()


@pytest.mark.parametrize("women", [1, 3])
def test_the_supervisors_list_asks_the_database_the_same_for_any_number(care, women, django_assert_num_queries):
    for _ in range(women):
        CurrentRiskFactory(assessment__participant=ParticipantFactory(station=care.station))
    client = signed_in(care.supervisor)

    with django_assert_num_queries(6):
        client.get(reverse("participant_list"))


@pytest.mark.parametrize("sheets", [1, 3])
def test_the_history_asks_the_database_the_same_for_any_number(care, woman, sheets, django_assert_num_queries):
    for _ in range(sheets):
        SafetyCaseFactory(participant=woman, origin_id=str(AssessmentFactory(participant=woman).pk), closed=True)
    client = signed_in(care.officer)

    with django_assert_num_queries(9):
        client.get(reverse("risk_history", args=[woman.study_code]))
