"""The page of a woman's messages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.senders import Way
from messaging.texts import message_text
from participants import services
from participants.models import AccessNotice, OutgoingMessage, SafeContactPlan
from participants.safe_contact import LIMA
from tests.participants.test_messages import ROSA, make_reachable
from tests.participants.test_overrides import WHY
from tests.participants.test_views import signed_in

CHOSEN = {"text": "call_me", "way": "sms"}
OUTSIDE = CHOSEN | {"reason": "she_asked", "sentence": WHY}


@pytest.fixture
def now_safe(care):
    """A woman for whom the whole of today is safe."""
    return with_weekdays(make_reachable(care), days_from_today=[0])


@pytest.fixture
def now_unsafe(care):
    """A woman for whom only the day after tomorrow is safe."""
    return with_weekdays(make_reachable(care), days_from_today=[2])


def with_weekdays(woman, *, days_from_today):
    today = timezone.now().astimezone(LIMA).date()
    weekdays = [(today + timedelta(days=days)).isoweekday() for days in days_from_today]
    SafeContactPlan.objects.filter(participant=woman).update(
        safe_weekdays=weekdays, safe_from="00:00", safe_until="23:59:59.999"
    )
    woman.refresh_from_db()
    return woman


def page_of(woman) -> str:
    return reverse("participant_messages", args=[woman.study_code])


def test_a_supervisor_sees_the_texts_as_they_will_read_and_sends_one(care, now_safe):
    client = signed_in(care.supervisor)
    page = client.get(page_of(now_safe)).content.decode()
    assert message_text("call_me", "es") in page
    assert ROSA.telephone not in page
    assert ROSA.email not in page

    response = client.post(page_of(now_safe), CHOSEN)

    assert response.headers["Location"] == page_of(now_safe)
    message = OutgoingMessage.objects.get()
    assert (message.text_code, message.way, message.queued_by) == ("call_me", "sms", care.supervisor)
    assert "retirar" in client.get(page_of(now_safe)).content.decode()


def test_what_cannot_go_now_says_when_it_will(care, now_unsafe):
    client = signed_in(care.interviewer)
    client.post(page_of(now_unsafe), CHOSEN)

    message = OutgoingMessage.objects.get()
    assert message.not_before.astimezone(LIMA).date() == timezone.localdate() + timedelta(days=2)
    page = client.get(page_of(now_unsafe)).content.decode()
    assert page.count(message.not_before.astimezone(LIMA).strftime("%H:%M")) >= 2


def test_an_exception_is_written_with_its_reason(care, now_unsafe):
    client = signed_in(care.supervisor)
    url = reverse("message_outside", args=[now_unsafe.study_code])
    assert url in client.get(page_of(now_unsafe)).content.decode()

    refused = client.post(url, OUTSIDE | {"sentence": "urgente"})
    assert refused.context["form"].errors["sentence"]
    assert refused.context["form"]["sentence"].value() == "urgente"
    client.post(url, OUTSIDE)

    assert OutgoingMessage.objects.get().contact_override.reason == "she_asked"
    assert AccessNotice.objects.get().kind == "outside_safe_times"


def test_within_her_safe_times_there_is_no_exception(care, now_safe):
    response = signed_in(care.supervisor).post(reverse("message_outside", args=[now_safe.study_code]), OUTSIDE)

    assert response.headers["Location"] == page_of(now_safe)
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"), [({"text": "staff_notice"}, "text"), ({"text": ""}, "text"), ({"way": "pigeon"}, "way")]
)
def test_what_is_not_offered_is_refused_on_the_form(care, now_safe, changes, field):
    response = signed_in(care.supervisor).post(page_of(now_safe), CHOSEN | changes)

    assert response.context["form"].errors[field]
    assert not OutgoingMessage.objects.exists()


def test_a_second_message_is_refused_on_the_page(care, now_unsafe):
    client = signed_in(care.supervisor)
    client.post(page_of(now_unsafe), CHOSEN)

    response = client.post(page_of(now_unsafe), CHOSEN)

    assert response.context["form"].non_field_errors() == ["Ya hay un mensaje para ella en espera."]
    assert OutgoingMessage.objects.count() == 1


def test_why_nothing_can_be_written_stands_on_the_page(care, now_safe):
    SafeContactPlan.objects.filter(participant=now_safe).update(channel="visit")

    response = signed_in(care.supervisor).get(page_of(now_safe))

    assert (response.context["form"], response.context["outlook"].refusal) == (
        None,
        "Ella no quiere que la contacten de esta manera. No cambie nada: pregúntele en la próxima visita.",
    )


def test_a_message_is_taken_back_and_another_is_looked_at(care, now_unsafe):
    client = signed_in(care.supervisor)
    client.post(page_of(now_unsafe), CHOSEN)
    message = OutgoingMessage.objects.get()

    client.post(reverse("message_cancel", args=[now_unsafe.study_code, message.pk]))
    assert OutgoingMessage.objects.get().state == "cancelled"
    OutgoingMessage.objects.update(state="failed", why="refused")
    assert "visto" in client.get(page_of(now_unsafe)).content.decode()
    client.post(reverse("message_look", args=[now_unsafe.study_code, message.pk]))

    assert OutgoingMessage.objects.get().seen_by == care.supervisor


def test_each_sees_only_the_messages_of_her_own_side(care, now_unsafe):
    services.queue_message(
        by=care.supervisor, participant=now_unsafe, text_code="see_you", way=Way.SMS, now=timezone.now()
    )
    message = OutgoingMessage.objects.get()

    assert signed_in(care.interviewer).get(page_of(now_unsafe)).context["rows"] == []
    url = reverse("message_cancel", args=[now_unsafe.study_code, message.pk])
    assert signed_in(care.interviewer).post(url).status_code == 404
    assert signed_in(care.other_interviewer).get(page_of(now_unsafe)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_longer_list_asks_the_database_no_more(care, now_unsafe, django_assert_num_queries, count):
    for number in range(count):
        message = services.queue_message(
            by=care.supervisor, participant=now_unsafe, text_code="see_you", way=Way.SMS, now=timezone.now()
        )
        services.cancel_message(by=care.supervisor, message=message, now=timezone.now() + timedelta(seconds=number))
    client = signed_in(care.supervisor)

    with django_assert_num_queries(QUERIES):
        client.get(page_of(now_unsafe))


QUERIES = 6
