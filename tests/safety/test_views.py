"""The safety officer's pages, and what others see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import VaultKey
from safety.models import SafetyAction, SafetyCase
from tests.factories import NOW, UserFactory
from tests.risk.test_views import ARM_WORDS, signed_in
from tests.safety.factories import SafetyActionFactory, SafetyCaseFactory
from tests.safety.test_cases import raise_


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_asks_the_database_the_same_for_any_number(safety_officer, cases, django_assert_num_queries):
    for _ in range(cases):
        SafetyCaseFactory(duty_person=safety_officer)
    client = signed_in(safety_officer)

    with django_assert_num_queries(5):
        client.get(reverse("case_list"))


@pytest.mark.parametrize("cases", [1, 3])
def test_ones_own_list_asks_the_database_the_same_for_any_number(care, woman, cases, django_assert_num_queries):
    for rule in ("unsafe_visit", "distress", "other")[:cases]:
        SafetyCaseFactory(raised_by=care.officer, participant=woman, rule=rule)
    client = signed_in(care.officer)

    with django_assert_num_queries(4):
        client.get(reverse("own_case_list"))


@pytest.mark.parametrize("steps", [1, 3])
def test_a_case_asks_the_database_the_same_for_any_number_of_steps(safety_officer, steps, django_assert_num_queries):
    case = SafetyCaseFactory(at_work=True)
    for _ in range(steps):
        SafetyActionFactory(case=case, by=safety_officer)
    client = signed_in(safety_officer)

    with django_assert_num_queries(9):
        client.get(reverse("case_detail", args=[case.pk]))


@pytest.mark.requirement("N22")
def test_cases_wait_in_the_order_of_their_deadlines_and_closed_ones_follow(safety_officer):
    closed, at_work = SafetyCaseFactory(closed=True), SafetyCaseFactory(at_work=True)
    later = SafetyCaseFactory(first_response_due_at=timezone.now() + timedelta(hours=5, minutes=30))
    overdue = SafetyCaseFactory(
        raised_at=NOW - timedelta(days=30), first_response_due_at=timezone.now() - timedelta(hours=2, minutes=30)
    )

    response = signed_in(safety_officer).get(reverse("case_list"))

    assert [row.case for row in response.context["rows"]] == [overdue, later, at_work, closed]
    page = response.content.decode()
    assert "vencido hace 2 h" in page
    assert "faltan 5 h" in page
    assert "Intento de ahorcamiento" in page
    assert "Nadie de guardia" in page
    assert "Quispe" not in page
    assert not any(word in page.lower() for word in ARM_WORDS)


def test_the_list_can_be_narrowed(safety_officer):
    hers = SafetyCaseFactory(duty_person=safety_officer, severity="ordinary")
    late = SafetyCaseFactory(raised_at=NOW - timedelta(days=3), first_response_due_at=NOW - timedelta(days=2))
    at_work = SafetyCaseFactory(at_work=True)
    SafetyCase.objects.filter(pk=hers.pk).update(first_response_due_at=timezone.now() + timedelta(days=1))
    client = signed_in(safety_officer)

    def shown(**query):
        return [row.case for row in client.get(reverse("case_list"), query).context["rows"]]

    assert shown(state="overdue") == [late]
    assert shown(state="in_progress") == [at_work]
    assert shown(severity="ordinary") == [hers]
    assert shown(mine="on") == [hers]
    assert shown(state="unheard of", severity="x") == [late, hers, at_work]


@pytest.mark.requirement("F42")
def test_the_safety_officer_answers_and_closes(care, woman, safety_officer):
    case = raise_(care.officer, woman, note="Él la espera en la puerta")
    client, url = signed_in(safety_officer), reverse("case_detail", args=[case.pk])
    page = client.get(url).content.decode()
    assert "Él la espera en la puerta" in page
    assert reverse("card_emergency", args=[woman.study_code]) in page

    response = client.post(url, {"kind": "referred", "note": "", "seen": "0"})

    assert response.headers["Location"] == url
    assert SafetyAction.objects.get().kind == "referred"
    stale = client.post(url, {"kind": "emergency", "note": "Fueron ya", "seen": "0"}).content.decode()
    assert "avanzó mientras tanto" in stale
    assert "Fueron ya" in stale
    ended = client.post(reverse("case_close", args=[case.pk]), {"outcome": "in_care", "note": "", "seen": "1"})
    assert ended.headers["Location"] == reverse("case_list")
    assert SafetyCase.objects.get().state == "closed"
    assert "avanzó mientras tanto" in client.post(url, {"kind": "emergency", "note": ""}).content.decode()


@pytest.mark.parametrize(("page", "missing"), [("case_detail", "kind"), ("case_close", "outcome")])
def test_an_answer_needs_a_choice_and_keeps_the_note(safety_officer, page, missing):
    url = reverse(page, args=[SafetyCaseFactory().pk])

    response = signed_in(safety_officer).post(url, {"note": "Llamé tres veces"})

    assert list(response.context["form"].errors) == [missing]
    assert "Llamé tres veces" in response.content.decode()


def test_the_words_about_a_woman_whose_data_were_erased_stay_closed(care, woman, safety_officer):
    case = raise_(care.officer, woman, note="Él la espera en la puerta")
    VaultKey.objects.filter(participant=woman).update(wrapped=None, destroyed_at=NOW)

    page = signed_in(safety_officer).get(reverse("case_detail", args=[case.pk]))

    assert "fueron borrados" in page.context["refusal"]
    assert "puerta" not in page.content.decode()


def test_an_officer_tells_and_sees_only_that_it_is_looked_after(care, woman, safety_officer):
    client = signed_in(care.officer)
    url = reverse("case_raise", args=[woman.study_code])
    assert client.post(url, {"note": "Algo pasa"}).context["form"].errors.keys() == {"rule"}
    assert "Escriba en la nota" in client.post(url, {"rule": "other", "note": ""}).content.decode()

    response = client.post(url, {"rule": "harmed", "note": "La golpeó el domingo"})

    assert response.headers["Location"] == reverse("own_case_list")
    case = SafetyCase.objects.get()
    signed_in(safety_officer).post(
        reverse("case_detail", args=[case.pk]), {"kind": "other", "note": "Fue a la casa de su madre"}
    )
    page = client.get(reverse("own_case_list")).content.decode()
    assert "En atención" in page
    assert "madre" not in page
    assert "domingo" not in page
    for name in ("case_detail", "case_close"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 403


def test_nobody_tells_of_a_woman_elsewhere(care, woman):
    url = reverse("case_raise", args=[woman.study_code])
    for user in (care.stranger, care.other_interviewer):
        assert signed_in(user).post(url, {"rule": "harmed"}).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SAFETY_OFFICER])
def test_by_code_for_those_who_have_no_list_of_women(care, woman, role):
    client, url = signed_in(UserFactory(role=role)), reverse("case_raise_by_code")
    wrong = client.post(url, {"study_code": "P00000", "rule": "privacy", "note": "Un papel en la mesa"})
    assert list(wrong.context["form"].errors) == ["study_code"]
    assert "Un papel en la mesa" in wrong.content.decode()

    response = client.post(url, {"study_code": f" {woman.study_code.lower()} ", "rule": "privacy", "note": ""})

    assert response.headers["Location"] == reverse("home")
    assert SafetyCase.objects.get().participant == woman


def test_cases_are_for_the_safety_officer_alone(care):
    for role in set(Role) - {Role.SAFETY_OFFICER}:
        assert signed_in(UserFactory(role=role)).get(reverse("case_list")).status_code == 403


def test_no_page_of_an_unknown_case(safety_officer):
    for name in ("case_detail", "case_close"):
        assert signed_in(safety_officer).get(reverse(name, args=[10**9])).status_code == 404
