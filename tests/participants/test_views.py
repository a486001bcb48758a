import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants import sealing
from participants.identity import Identity
from participants.models import Participant
from tests.factories import ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.participants.screenings import eligible
from tests.participants.test_services import STROKES

FILLED = {
    "full_name": "Rosa Quispe Huamán",
    "document": "45678901",
    "age": "34",
    "scopes": ["visits", "surveys"],
    "text_version": "1",
    "strokes": json.dumps(STROKES),
    "safe_weekdays": ["2", "4"],
    "safe_from": "09:00",
    "safe_until": "12:00",
    "channel": "call",
    "telephone": "987654321",
    "address": "Jr. Los Jilgueros 123",
    "home_district": "elsewhere",
    "code_word": "canela",
    "who_may_be_home": "su madre",
    "if_someone_else_answers": "Encuesta de la municipalidad",
    "do_not_approach_if": "hay un auto gris",
}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def to_enrol(care) -> str:
    """The address where a woman found eligible is enrolled."""
    screening = eligible(Identity(FILLED["full_name"], document=FILLED["document"]), care.supervisor)
    return reverse("participant_enrol", args=[screening.report.code])


@pytest.fixture
def enrolled(care) -> Participant:
    ProtocolVersionFactory()
    response = signed_in(care.supervisor).post(to_enrol(care), FILLED)
    assert response.status_code == 302, response.context["form"].errors
    # As the room of surveys does within minutes.
    Participant.objects.update(interviewer=care.interviewer)
    return Participant.objects.get()


def test_supervisor_enrols_and_goes_on_to_the_risk_sheet(care):
    ProtocolVersionFactory()

    response = signed_in(care.supervisor).post(to_enrol(care), FILLED)

    woman = Participant.objects.get()
    assert response.headers["Location"] == reverse("assess_risk", args=[woman.study_code])
    assert set(woman.consents.values_list("scope", "text_version")) == {("visits", "1"), ("surveys", "1")}
    assert sealing.open_card(woman).do_not_approach_if == "hay un auto gris"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"age": "17"}, "age"),
        ({"age": "abc"}, "age"),
        ({"scopes": ["surveys"]}, "scopes"),
        ({"safe_weekdays": []}, "safe_weekdays"),
        ({"safe_weekdays": ["8"]}, "safe_weekdays"),
        ({"safe_until": "09:00"}, "safe_until"),
        ({"safe_from": "nine"}, "safe_from"),
        ({"telephone": ""}, "telephone"),
        ({"address": ""}, "address"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_is_kept(care, changes, field):
    ProtocolVersionFactory()

    response = signed_in(care.supervisor).post(to_enrol(care), FILLED | changes)

    assert list(response.context["form"].errors) == [field]
    assert "canela" in response.content.decode()
    assert not Participant.objects.exists()


def test_enrolling_her_again_says_so_and_keeps_what_was_typed(care, enrolled):
    response = signed_in(care.supervisor).post(to_enrol(care), FILLED | {"code_word": "tamal"})

    assert list(response.context["form"].errors) == ["__all__"]
    assert "ya está inscrita" in response.content.decode()
    assert "tamal" in response.content.decode()
    assert Participant.objects.count() == 1


def test_the_card_shows_first_what_keeps_her_safe(care, enrolled):
    response = signed_in(care.officer).get(reverse("safe_contact_card", args=[enrolled.study_code]))

    page = response.content.decode()
    words = ["hay un auto gris", "martes, jueves", "canela", "su madre", "Encuesta de la", "Rosa Quispe", "Jilgueros"]
    places = [page.index(word) for word in words]
    assert places == sorted(places)
    assert response.headers["Cache-Control"] == "no-store"
    title = page[page.index("<title>") : page.index("</title>")]
    assert not any(word in title for word in ("Rosa", "Quispe", enrolled.study_code))


@pytest.mark.requirement("F34", "F31")
def test_the_card_is_not_found_from_elsewhere_and_every_opening_is_recorded(care, enrolled):
    url = reverse("safe_contact_card", args=[enrolled.study_code])
    answers = [
        signed_in(user).get(url).status_code
        for user in (care.officer, care.supervisor, care.interviewer, care.stranger, care.other_interviewer)
    ]

    assert answers == [200, 200, 200, 404, 404]
    assert Event.objects.filter(action="participants.open_card").count() == 3


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR, Role.INTERVIEWER, Role.SAFETY_OFFICER})
)
def test_no_other_role_opens_the_card(care, enrolled, role):
    response = signed_in(UserFactory(role=role)).get(reverse("safe_contact_card", args=[enrolled.study_code]))

    assert response.status_code == 403
    assert "Quispe" not in response.content.decode()


def test_the_card_of_a_woman_who_left_stays_closed(care):
    woman = ParticipantFactory(station=care.station, status="withdrawn")

    page = signed_in(care.officer).get(reverse("safe_contact_card", args=[woman.study_code])).content.decode()

    assert "ya no participa" in page
    assert "Rosa" not in page
    assert not Event.objects.exists()


def test_an_officer_reviews_the_card_on_a_form_that_holds_what_is_known(care, enrolled):
    client = signed_in(care.officer)
    url = reverse("safe_contact_edit", args=[enrolled.study_code])
    form = client.get(url).context["form"]
    assert (form.initial["code_word"], form.initial["safe_weekdays"]) == ("canela", [2, 4])
    assert "full_name" not in form.fields

    before = timezone.now()
    response = client.post(url, FILLED | {"safe_weekdays": ["6"], "address": "Av. Nueva 9", "full_name": "Otra"})

    assert response.headers["Location"] == reverse("safe_contact_card", args=[enrolled.study_code])
    woman = Participant.objects.get()
    assert woman.safe_contact.safe_weekdays == [6]
    assert before <= woman.safe_contact.reviewed_at <= before + timedelta(minutes=1)
    card = sealing.open_card(woman)
    assert (card.full_name, card.address, card.document) == ("Rosa Quispe Huamán", "Av. Nueva 9", "45678901")


@pytest.mark.parametrize("name", ["safe_contact_edit", "participant_status", "participant_withdraw"])
def test_other_pages_are_not_found_from_elsewhere(care, enrolled, name):
    stranger = care.stranger
    stranger.role = Role.SUPERVISOR
    stranger.save()

    assert signed_in(stranger).get(reverse(name, args=[enrolled.study_code])).status_code == 404
