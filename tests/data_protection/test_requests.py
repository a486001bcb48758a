"""Requests: who takes them in, what must be done before an answer, and who makes which half of a copy."""

from dataclasses import fields
from datetime import timedelta

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from data_protection import queries, request_states, services, tasks
from data_protection.forms.requests import NEXT_STEPS
from data_protection.models import DataRequest, DeskNotice, RequestHandover, RequestStep
from participants import sealing
from participants.identity import Identity
from participants.models import Conflict, Erasure, SealedCard, VaultKey
from participants.reach import ConflictOfInterest, ParticipantOutOfReach
from participants.services import confirm_erasure, withdraw_participant
from tests.architecture.reading import pdf_text
from tests.data_protection.test_incident_views import NAMING
from tests.factories import NOW, TODAY, DistrictFactory, ParticipantFactory, UserFactory
from tests.participants.test_views import signed_in

Kind, Channel, Verified = DataRequest.Kind, DataRequest.Channel, DataRequest.Verified


def taken(by, kind=Kind.ACCESS, **changes) -> DataRequest:
    words = {"channel": Channel.IN_PERSON, "received_on": TODAY, "now": NOW, **changes}
    return services.take_request(by=by, kind=kind, **words)


def verified(desk, request) -> DataRequest:
    return services.verify_requester(by=desk.administrator, request=request, how=Verified.DOCUMENT, now=NOW)


def test_each_status_has_its_transitions_and_its_page():
    assert set(request_states.TRANSITIONS) == set(DataRequest.Status.values) == set(NEXT_STEPS)


@pytest.mark.parametrize(
    ("status", "following"),
    [(s, f) for s, allowed in request_states.TRANSITIONS.items() for f in sorted(allowed)],
)
def test_what_a_status_allows_is_never_a_way_back(status, following):
    assert request_states.may_become(status, following)
    assert not request_states.may_become(following, status)


def test_a_supervisor_takes_in_for_her_station_only(desk, woman):
    assert taken(desk.care.supervisor, participant=woman).station == desk.care.station
    with pytest.raises(ParticipantOutOfReach):
        taken(desk.care.supervisor, participant=ParticipantFactory())


@pytest.mark.parametrize("role", [Role.OFFICER, Role.RESEARCHER, Role.SAFETY_OFFICER, Role.ETHICS_BOARD])
def test_other_roles_take_none_in(desk, role):
    with pytest.raises(PermissionMissing):
        taken(UserFactory(role=role))


def test_of_who_is_not_found_nothing_is_kept_but_a_number(desk):
    with pytest.raises(services.NoteWithoutWoman):
        taken(desk.care.supervisor, note="Rosa Quispe, 45678901")
    request = taken(desk.care.supervisor)

    assert (str(request), request.participant) == (f"S-{request.pk:04d}", None)
    assert RequestStep.objects.get().sealed_note is None
    verified(desk, request)
    done = services.answer_request(by=desk.administrator, request=request, now=NOW)
    assert done.status == "answered"


def test_a_note_lies_under_her_own_key(desk, woman):
    taken(desk.care.supervisor, participant=woman, note="Llamar a su hermana")
    sealed = bytes(RequestStep.objects.get().sealed_note)
    assert b"hermana" not in sealed
    assert sealing.unseal_text(woman, sealed, purpose="request note") == "Llamar a su hermana"
    assert "hermana" not in str(list(Event.objects.values()))


def test_a_request_does_not_come_in_tomorrow(desk):
    with pytest.raises(services.RequestDayWrong):
        taken(desk.administrator, received_on=TODAY + timedelta(days=1))


def test_a_term_is_extended_once_within_itself(desk, woman):
    request = taken(desk.administrator, Kind.RECTIFICATION, participant=woman)
    first, reason = request.due_on, DataRequest.ExtensionReason.SAFETY

    longer = services.extend_term(by=desk.administrator, request=request, reason=reason, now=NOW)

    assert longer.due_on > first
    with pytest.raises(services.NotExtendable):
        services.extend_term(by=desk.administrator, request=request, reason=reason, now=NOW)


@pytest.mark.parametrize(("kind", "days"), [(Kind.INFORMATION, 0), (Kind.REVOCATION, 0), (Kind.ACCESS, 90)])
def test_a_term_that_is_over_or_not_extendable_stays(desk, kind, days):
    request = taken(desk.administrator, kind)
    with pytest.raises(services.NotExtendable):
        services.extend_term(
            by=desk.administrator,
            request=request,
            reason=DataRequest.ExtensionReason.IDENTITY,
            now=NOW + timedelta(days=days),
        )


def test_an_ended_request_takes_no_step(desk, woman):
    request = taken(desk.administrator, participant=woman)
    services.refuse_request(by=desk.administrator, request=request, reason=DataRequest.Refusal.NOT_HER, now=NOW)
    for step in (services.answer_request, services.take_back_request):
        with pytest.raises(services.RequestMovedOn):
            step(by=desk.administrator, request=request, now=NOW)
    with pytest.raises(services.RequestMovedOn):
        verified(desk, request)


def test_access_is_answered_once_both_halves_are_handed_over(desk, woman):
    request = verified(desk, taken(desk.care.supervisor, participant=woman))
    with pytest.raises(services.NotCarriedOut):
        services.answer_request(by=desk.administrator, request=request, now=NOW)

    identity = services.open_copy(by=desk.care.supervisor, request=request, now=NOW)

    assert identity.full_name == "Rosa Quispe Huamán"
    opened = Event.objects.get(action="data_protection.open_copy")
    assert (opened.object_id, opened.details) == (woman.study_code, {"request": request.pk, "half": "station"})
    assert services.answer_request(by=desk.administrator, request=request, now=NOW).status == "answered"


def test_the_interviewer_makes_the_half_of_the_surveys(desk, woman):
    request = verified(desk, taken(desk.care.supervisor, participant=woman))
    services.open_copy(by=desk.care.interviewer, request=request, now=NOW)
    assert RequestHandover.objects.get().half == "surveys"


@pytest.mark.parametrize("who", ["officer", "stranger", "other_interviewer"])
def test_nobody_else_makes_a_copy(desk, woman, who):
    request = verified(desk, taken(desk.care.supervisor, participant=woman))
    with pytest.raises((services.NoCopyHere, ParticipantOutOfReach)):
        services.open_copy(by=getattr(desk.care, who), request=request, now=NOW)
    assert not Event.objects.filter(action="data_protection.open_copy").exists()


def test_the_administrator_never_opens_a_copy(desk, woman):
    request = verified(desk, taken(desk.care.supervisor, participant=woman))
    with pytest.raises(PermissionMissing):
        services.open_copy(by=desk.administrator, request=request, now=NOW)


def test_no_copy_before_it_is_checked_who_asks(desk, woman):
    with pytest.raises(services.NoCopyHere):
        services.open_copy(by=desk.care.supervisor, request=taken(desk.administrator, participant=woman), now=NOW)


def test_no_copy_from_who_has_to_do_with_her_case(desk, woman):
    request = verified(desk, taken(desk.administrator, participant=woman))
    Conflict.objects.create(participant=woman, user=desk.care.supervisor, declared_at=NOW)
    with pytest.raises(ConflictOfInterest):
        services.open_copy(by=desk.care.supervisor, request=request, now=NOW)


def test_who_has_left_may_still_ask_and_what_was_erased_is_not_read(desk, woman):
    withdraw_participant(by=desk.care.supervisor, participant=woman, reason="time", now=NOW)
    request = verified(desk, taken(desk.care.supervisor, participant=woman))
    VaultKey.objects.filter(participant=woman).update(wrapped=None, destroyed_at=NOW)
    assert services.open_copy(by=desk.care.supervisor, request=request, now=NOW) is None


def test_erasure_is_answered_once_two_people_did_it(desk, woman):
    withdraw_participant(by=desk.care.supervisor, participant=woman, reason="time", now=NOW)
    request = verified(desk, taken(desk.care.supervisor, Kind.CANCELLATION, participant=woman))
    erasure = services.ask_erasure(by=desk.administrator, request=request, now=NOW)
    with pytest.raises(services.NotCarriedOut):
        services.answer_request(by=desk.administrator, request=request, now=NOW)

    confirm_erasure(by=UserFactory(role=Role.ADMINISTRATOR), erasure=erasure, now=NOW)

    assert services.answer_request(by=desk.administrator, request=request, now=NOW).status == "answered"
    assert Erasure.objects.get().done_at is not None


def test_revocation_is_answered_once_the_withdrawal_stands(desk, woman):
    request = verified(desk, taken(desk.care.supervisor, Kind.REVOCATION, participant=woman))
    with pytest.raises(services.NotCarriedOut):
        services.answer_request(by=desk.administrator, request=request, now=NOW)
    withdraw_participant(by=desk.care.supervisor, participant=woman, reason="time", now=NOW)
    assert services.answer_request(by=desk.administrator, request=request, now=NOW).status == "answered"


def test_the_sweep_reminds_and_tells_of_what_is_late_once_a_term(desk, woman):
    request = taken(desk.administrator, Kind.RECTIFICATION, participant=woman)  # due on 2 December

    for days in (0, 9, 12, 12, 15, 15):
        services.sweep_desk(by=tasks.SWEEPER, now=NOW + timedelta(days=days))

    told = list(DeskNotice.objects.order_by("pk").values_list("kind", "due_on"))
    assert told == [("request_due", request.due_on), ("request_overdue", request.due_on)]


def test_each_sees_the_requests_of_her_own(desk, woman):
    own, elsewhere, unknown = (
        taken(desk.administrator, participant=woman),
        taken(desk.administrator, participant=ParticipantFactory()),
        taken(desk.care.supervisor),
    )
    seen = {
        who: set(queries.requests_listed(user, NOW))
        for who, user in {**vars(desk.care), "administrator": desk.administrator}.items()
        if who != "station"
    }
    assert seen == {
        "administrator": {own, elsewhere, unknown},
        "supervisor": {own, unknown},
        "officer": set(),
        "interviewer": {own},
        "stranger": set(),
        "other_interviewer": set(),
    }


def test_the_halves_hold_what_their_makers_may_see(desk, woman):
    request = verified(desk, taken(desk.administrator, participant=woman))
    address = f"/datos-personales/pedidos/{request.pk}/copia/"

    station = pdf_text(signed_in(desk.care.supervisor).post(address).content)
    surveys = pdf_text(signed_in(desk.care.interviewer).post(address).content)

    assert "Rosa Quispe Huam" in station
    assert "Rosa Quispe Huam" in surveys
    assert ("Valoraciones" in station, "Respuestas" in station) == (True, False)
    assert ("Valoraciones" in surveys, "Respuestas" in surveys) == (False, True)
    assert SealedCard.objects.count() == 1


def test_every_field_of_hers_is_on_the_paper_and_none_of_others(desk, woman):
    district = DistrictFactory(name="Distrito Uno")
    values = {field.name: f"Dato{n:02d}" for n, field in enumerate(fields(Identity))} | {
        "home_district": district.ubigeo
    }
    sealed = sealing.seal_card(woman, Identity(**values))
    SealedCard.objects.filter(participant=woman).update(ciphertext=sealed)
    request = verified(desk, taken(desk.administrator, participant=woman))

    paper = pdf_text(signed_in(desk.care.supervisor).post(f"/datos-personales/pedidos/{request.pk}/copia/").content)

    of_others = {name for name in values if name.startswith(("aggressor_", "trusted_", "who_may_be_home"))}
    assert {name for name, text in values.items() if text in paper} == values.keys() - of_others - {"home_district"}
    assert "Distrito Uno" in paper


def test_the_pages_lead_from_taking_in_to_the_answer(desk, woman):
    supervisor, administrator = signed_in(desk.care.supervisor), signed_in(desk.administrator)
    words = {"kind": "rectification", "channel": "in_person", "received_on": "2026-11-18"}

    wrong = supervisor.post("/datos-personales/pedidos/nuevo/", {**words, "study_code": "<p9", "note": "algo"})
    assert "No hay ningún código &lt;P9." in wrong.content.decode()
    assert wrong.context["form"]["note"].value() == "algo"
    supervisor.post("/datos-personales/pedidos/nuevo/", {**words, "study_code": woman.study_code.lower()})
    request = DataRequest.objects.get()
    page = f"/datos-personales/pedidos/{request.pk}/"
    assert 'name="step"' not in supervisor.get(page).content.decode()
    for step in ({"step": "verify", "how": "document"}, {"step": "answer", "note": "Hecho"}):
        administrator.post(page, step)

    request.refresh_from_db()
    assert request.status == "answered"
    assert "avanzó entretanto" in administrator.post(page, {"step": "answer"}, follow=True).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk, woman, rows, django_assert_num_queries):
    for _ in range(rows):
        taken(desk.administrator, participant=woman)
    client = signed_in(desk.administrator)
    with django_assert_num_queries(4):  # session, person, count, rows
        assert client.get("/datos-personales/pedidos/").status_code == 200


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ETHICS_BOARD])
def test_the_register_counts_and_names_nobody(desk, woman, role):
    taken(desk.administrator, participant=woman)
    client = signed_in(UserFactory(role=role))

    page = client.get("/datos-personales/registro/").content.decode()
    paper = pdf_text(client.get("/datos-personales/registro/papel/").content)

    assert "Hasta que se destruyan las claves" in page
    for text in (page, paper):
        assert NAMING.search(text) is None
        assert woman.study_code not in text
