"""What was written wrong of her name or document is corrected at her request, and she is found by what is right."""

import pytest
from django.urls import reverse

from accounts.permissions import PermissionMissing
from audit.models import Event
from data_protection import services
from data_protection.models import DataRequest
from participants import queries, sealing
from participants import services as women
from participants.identity import Identity
from participants.lookups import digests_of
from participants.models import AccessNotice, Conflict, Participant
from participants.services.cards import keep_hashes
from tests.data_protection.test_requests import Kind, taken, verified
from tests.factories import NOW, ParticipantFactory
from tests.participants.test_views import signed_in

WRONG = Identity("Rosa Quispe Huaman", document="40404041", telephone="987654321", address="Jr. Uno 1")


@pytest.fixture
def woman(desk) -> Participant:
    woman = ParticipantFactory(station=desk.care.station, interviewer=desk.care.interviewer, identity=WRONG)
    keep_hashes(woman, WRONG)
    return woman


@pytest.fixture
def asked(desk, woman) -> DataRequest:
    return verified(desk, taken(desk.care.supervisor, Kind.RECTIFICATION, participant=woman))


def correct(by, request, **changes):
    return services.correct_card(by=by, request=request, changes=changes, now=NOW)


@pytest.mark.requirement("F36")
def test_a_checked_request_corrects_what_is_wrong_and_nothing_else(desk, woman, asked):
    correct(desk.care.supervisor, asked, full_name="Rosa Quispe Huamán", document="40404040")

    card = sealing.open_card(Participant.objects.get(pk=woman.pk))
    assert (card.full_name, card.document, card.telephone) == ("Rosa Quispe Huamán", "40404040", "987654321")
    assert queries.is_enrolled_already(digests_of(Identity("", document="40404040")))
    assert not queries.is_enrolled_already(digests_of(Identity("", document="40404041")))
    event = Event.objects.get(action="participants.correct_identity")
    assert (event.object_id, event.details) == (woman.study_code, {"card": ["document", "full_name"]})


def test_only_a_checked_request_for_rectification_opens_the_way(desk, woman):
    unchecked = taken(desk.care.supervisor, Kind.RECTIFICATION, participant=woman)
    of_access = verified(desk, taken(desk.care.supervisor, participant=woman))
    for request in (unchecked, of_access):
        with pytest.raises(services.RequestMovedOn):
            correct(desk.care.supervisor, request, document="40404040")
    with pytest.raises(PermissionMissing):
        correct(desk.administrator, unchecked, document="40404040")


def test_a_document_of_another_card_is_refused_and_nothing_changes(desk, woman, asked):
    other = Identity("Luz Mamani", document="40404040")
    keep_hashes(ParticipantFactory(identity=other), other)
    with pytest.raises(women.DocumentOfAnother):
        correct(desk.care.supervisor, asked, document="40404040")
    assert sealing.open_card(Participant.objects.get(pk=woman.pk)).document == "40404041"


def test_a_stranger_and_whoever_has_to_do_with_her_case_correct_nothing(desk, woman, asked):
    Conflict.objects.create(participant=woman, user=desk.care.supervisor, declared_at=NOW)
    with pytest.raises(women.ActRefused):
        correct(desk.care.supervisor, asked, document="40404040")
    assert AccessNotice.objects.filter(kind="conflict_refused", user=desk.care.supervisor).count() == 1
    with pytest.raises(women.ParticipantOutOfReach):
        correct(desk.care.stranger, asked, document="40404040")


def test_the_page_keeps_what_was_typed_and_asks_for_something(desk, woman, asked):
    client, url = signed_in(desk.care.supervisor), reverse("data_request_correct", args=[asked.pk])
    assert url in client.get(reverse("data_request_detail", args=[asked.pk])).content.decode()
    empty = client.post(url, {"full_name": " ", "document": ""})
    assert "Escriba qué se debe corregir" in empty.content.decode()
    long = client.post(url, {"full_name": "x" * 200, "document": "<b>"})
    assert "full_name" in long.context["form"].errors
    assert "&lt;b&gt;" in long.content.decode()

    client.post(url, {"full_name": "Rosa Quispe Huamán"})

    assert sealing.open_card(Participant.objects.get(pk=woman.pk)).full_name == "Rosa Quispe Huamán"
