"""The second interviewer's pages, and the coordinator's rates."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from back_checks.models import BackCheck, BackCheckItem
from back_checks.queries import compared_by_first, compared_by_question
from tests.back_checks.conftest import ANSWERS
from tests.back_checks.test_asking import SAME, answer
from tests.factories import UserFactory


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return client


@pytest.fixture
def open_now(field):
    """A back-check that is open on the day on which the test runs."""
    now = timezone.now()
    today = timezone.localdate(now)
    return field.check(window_from=today, window_until=today + timedelta(days=5), chosen_at=now, status_changed_at=now)


def filled(**more: str) -> dict[str, str]:
    """Return what the form sends, of ten o'clock yesterday: she is safe every day from 9 to 18."""
    at = (timezone.localtime() - timedelta(days=1)).replace(hour=10, minute=0)
    return {**SAME, "at": at.strftime("%Y-%m-%dT%H:%M"), "channel": "visit", "is_private": "on", **more}


@pytest.mark.requirement("F34")
def test_list_is_the_second_interviewers_alone(field, open_now):
    def listed(user: User) -> list[BackCheck]:
        return [row.back_check for row in signed_in(user).get(reverse("back_check_list")).context["rows"]]

    assert listed(field.second) == [open_now]
    assert listed(field.first) == []
    address = reverse("back_check_ask", args=[open_now.pk])
    assert signed_in(field.first).get(address).status_code == 404
    assert signed_in(field.second).get(address).status_code == 200


def test_page_shows_the_card_and_nothing_that_was_answered_first(field, open_now):
    page = signed_in(field.second).get(reverse("back_check_ask", args=[open_now.pk]))
    assert page.context["identity"].full_name in page.content.decode()
    form = page.context["form"]
    assert {name: form[name].value() for name in SAME} == dict.fromkeys(SAME)
    assert [name for name in form.fields if name in ANSWERS] == [
        "age", "education", "children", "years_together", "place_to_stay", "people_to_turn_to", "response_2",
        "response_4",
    ]  # fmt: skip


def test_page_keeps_the_answers(field, open_now):
    page = signed_in(field.second).post(reverse("back_check_ask", args=[open_now.pk]), filled())
    assert page.status_code == 302, page.context["form"].errors
    open_now.refresh_from_db()
    assert open_now.status == "done"


@pytest.mark.parametrize("bad", [{"is_private": ""}, {"age": "x"}, {"education": "zz"}, {"at": "2020-01-01T10:00"}])
def test_page_that_is_refused_keeps_what_was_typed(field, open_now, bad):
    page = signed_in(field.second).post(reverse("back_check_ask", args=[open_now.pk]), filled(**bad))
    assert page.status_code == 422
    assert page.context["form"]["children"].value() == SAME["children"]
    assert not BackCheckItem.objects.exists()


def test_attempt_and_reason_are_written_on_their_pages(field, open_now):
    client, told = signed_in(field.second), filled()
    form = {"at": told["at"], "channel": "visit", "outcome": "no_answer"}
    assert client.post(reverse("back_check_try", args=[open_now.pk]), form).status_code == 302
    assert client.post(reverse("back_check_try", args=[open_now.pk]), {**form, "outcome": "zz"}).status_code == 422
    assert client.post(reverse("back_check_missed", args=[open_now.pk]), {"reason": "zz"}).status_code == 422
    assert client.post(reverse("back_check_missed", args=[open_now.pk]), {"reason": "unsafe"}).status_code == 302
    open_now.refresh_from_db()
    assert (open_now.status, open_now.missed_reason) == ("missed", "unsafe")


def test_second_tap_and_who_left_meanwhile_lead_back_to_the_list(field, open_now):
    client, address = signed_in(field.second), reverse("back_check_ask", args=[open_now.pk])
    for _tap in range(2):
        said = client.post(address, filled(), follow=True)
        assert said.redirect_chain == [(reverse("back_check_list"), 302)]
        assert "Saved. Thank you." in said.content.decode()
    BackCheck.objects.update(status="cancelled", asked_at=None, channel="")
    for name in ("back_check_ask", "back_check_try"):
        said = client.get(reverse(name, args=[open_now.pk]), follow=True)
        assert "Do not contact her about it." in said.content.decode()


@pytest.mark.parametrize("checks", [1, 3])
def test_list_costs_the_same_for_any_number(field, django_assert_num_queries, checks):
    today = timezone.localdate()
    for _ in range(checks):
        field.check(window_from=today, window_until=today)
    client = signed_in(field.second)
    client.get(reverse("back_check_list"))
    with django_assert_num_queries(6):  # session, person, counted, checks, tries, to explain
        client.get(reverse("back_check_list"))


def asked_again(field, number: int) -> None:
    for place in range(number):
        said = {**SAME, "education": "primary"} if place % 2 else {**SAME, "age": ""}
        answer(field, field.check(), said)


@pytest.mark.requirement("N13")
def test_rates_are_what_a_slow_count_finds(field):
    asked_again(field, 7)
    told = Counter((item.question, item.kind) for item in BackCheckItem.objects.all() if item.differs is not None)
    differ = Counter((item.question, item.kind) for item in BackCheckItem.objects.all() if item.differs)
    assert {(one.name, one.kind): (one.compared, one.differ) for one in compared_by_question()} == {
        key: (told[key], differ[key]) for key in told
    }
    by_kind = Counter(item.kind for item in BackCheckItem.objects.all() if item.differs is not None)
    assert {one.kind: one.compared for one in compared_by_first()} == by_kind
    assert {one.name for one in compared_by_first()} == {field.first.display_name}


@pytest.mark.parametrize("checks", [1, 3])
def test_rates_cost_the_same_for_any_number(field, django_assert_num_queries, checks):
    asked_again(field, checks)
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    client.get(reverse("back_check_rates"))
    # session, person, protocol, progress, questions, waves, questionnaires, firsts, reasons
    with django_assert_num_queries(9):
        page = client.get(reverse("back_check_rates"))
    assert page.context["progress"].done == checks


def test_rates_name_no_woman(field):
    asked_again(field, 3)
    page = signed_in(UserFactory(role=Role.ADMINISTRATOR)).get(reverse("back_check_rates")).content.decode()
    assert [code for code in BackCheck.objects.values_list("participant__study_code", flat=True) if code in page] == []


def test_empty_pages_say_what_will_come(field):
    assert "Nobody to ask again" in signed_in(field.second).get(reverse("back_check_list")).content.decode()
    coordinator = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    assert "No survey was drawn yet" in coordinator.get(reverse("back_check_rates")).content.decode()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_reads_the_rates(db, role):
    assert signed_in(UserFactory(role=role)).get(reverse("back_check_rates")).status_code == 403
