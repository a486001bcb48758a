from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.consent_scopes import Part
from participants.models import Consent, Erasure, Participant, Withdrawal
from participants.services import withdraw_in_part
from tests.documents.test_pdf import pages
from tests.factories import (
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
    lock_allocation,
)
from tests.participants.test_views import signed_in
from visits.models import Visit
from visits.services import plan_week, replan_participant
from visits.services.participation import PLANNER

WHOLE = {"what": ["whole"], "past": "keep"}


@pytest.fixture
def station(db):
    ProtocolVersionFactory()
    station = StationFactory()
    lock_allocation({station: "control"})
    return station


@pytest.fixture
def supervisor(station):
    return OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=station).user


@pytest.fixture
def visit(station) -> Visit:
    tomorrow = timezone.localdate() + timedelta(days=1)
    woman = ParticipantFactory(station=station)
    monday = tomorrow - timedelta(days=tomorrow.weekday())
    return VisitFactory(plan__participant=woman, plan__monday=monday, planned_on=tomorrow)


@pytest.mark.requirement("F4")
def test_withdrawal_ends_consents_and_visits_in_one_step(supervisor, visit):
    woman = visit.participant
    url = reverse("participant_withdraw", args=[woman.study_code])
    client = signed_in(supervisor)
    assert "no se puede deshacer" in client.get(url).content.decode()

    response = client.post(url, {**WHOLE, "reason": "not_said", "confirmed": "on"}, follow=True)

    assert "Retirada" in response.content.decode()
    assert Participant.objects.get().status == Participant.Status.WITHDRAWN
    assert not Consent.objects.filter(ended_at=None).exists()
    visit.refresh_from_db()
    assert visit.status == Visit.Status.SUPERSEDED
    assert Event.objects.get(action="participants.withdraw").reason == "not_said"


@pytest.mark.parametrize(
    "filled", [WHOLE | {"reason": "not_said"}, WHOLE | {"confirmed": "on", "reason": "because"}, {"confirmed": "on"}]
)
def test_withdrawal_without_confirmation_changes_nothing(supervisor, visit, filled):
    signed_in(supervisor).post(reverse("participant_withdraw", args=[visit.participant.study_code]), filled)

    assert Participant.objects.get().status == Participant.Status.ENROLLED


def test_withdrawing_twice_is_refused_in_words(supervisor, visit):
    url = reverse("participant_withdraw", args=[visit.participant.study_code])
    client = signed_in(supervisor)
    client.post(url, {**WHOLE, "reason": "safety", "confirmed": "on"})

    again = client.post(url, {**WHOLE, "reason": "safety", "confirmed": "on"})

    assert "no permite este cambio" in again.content.decode()


@pytest.mark.requirement("F16")
def test_a_pause_takes_her_visits_back_in_the_same_step(supervisor, visit):
    client, url = signed_in(supervisor), reverse("participant_status", args=[visit.participant.study_code])
    offered = [value for value, _label in client.get(url).context["form"].fields["to"].choices]
    assert offered == ["paused", "moved", "lost", "deceased", "completed"]

    response = client.post(url, {"to": "paused", "reason": "travel"})

    assert response.headers["Location"] == reverse("participant_history", args=[visit.participant.study_code])
    assert Participant.objects.get().status == "paused"
    visit.refresh_from_db()
    assert visit.status == Visit.Status.SUPERSEDED


def test_only_the_supervisor_of_her_station_may(supervisor, station, visit):
    officer = OfficerFactory(posted_at=station).user
    elsewhere = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=StationFactory()).user
    for name in ("participant_withdraw", "participant_status"):
        url = reverse(name, args=[visit.participant.study_code])
        assert [signed_in(user).get(url).status_code for user in (officer, elsewhere)] == [403, 404]


@pytest.mark.parametrize(
    ("what", "ended", "left", "visit_status"),
    [
        ("visits", {"visits"}, {"surveys"}, "superseded"),
        ("surveys", {"surveys"}, {"visits"}, "planned"),
    ],
)
def test_she_may_end_a_part_and_keep_the_rest(supervisor, visit, what, ended, left, visit_status):
    woman = visit.participant
    client, url = signed_in(supervisor), reverse("participant_withdraw", args=[woman.study_code])

    response = client.post(url, {"what": [what], "past": "keep", "reason": "time", "confirmed": "on"})

    assert response.headers["Location"] == reverse("withdrawal_list", args=[woman.study_code])
    assert set(woman.consents.filter(ended_at=None).values_list("scope", flat=True)) == left
    woman.refresh_from_db()
    visit.refresh_from_db()
    assert (woman.status, visit.status) == ("enrolled", visit_status)
    withdrawal = Withdrawal.objects.get()
    assert (set(withdrawal.scopes), withdrawal.is_whole, withdrawal.erasure_wanted) == (ended, False, False)
    again = client.post(url, {"what": [what], "past": "keep", "reason": "time", "confirmed": "on"})
    assert "no hay nada que terminar" in again.content.decode()


def test_what_she_told_is_erased_only_when_everything_ends(supervisor, visit):
    client, url = signed_in(supervisor), reverse("participant_withdraw", args=[visit.participant.study_code])
    refused = client.post(url, {"what": ["visits"], "past": "erase", "reason": "time", "confirmed": "on"})
    assert "solo se pueden borrar cuando termina todo" in refused.content.decode()
    assert not Withdrawal.objects.exists()

    client.post(url, {"what": ["whole"], "past": "erase", "reason": "time", "confirmed": "on"})

    assert Erasure.objects.get().participant == visit.participant
    assert Withdrawal.objects.get().erasure_wanted


def test_a_certificate_says_what_ended_and_names_nobody(supervisor, visit):
    woman, client = visit.participant, signed_in(supervisor)
    client.post(
        reverse("participant_withdraw", args=[woman.study_code]),
        {"what": ["visits"], "past": "keep", "reason": "not_said", "confirmed": "on"},
    )
    address = reverse("withdrawal_paper", args=[woman.study_code, Withdrawal.objects.get().pk])

    first, second = client.get(address), client.get(address)

    assert first.content == second.content
    text = " ".join(pages(first.content))
    assert woman.study_code in text
    assert "Visitas domiciliarias" in text
    assert Event.objects.filter(action="participants.take_withdrawal_certificate").count() == 2


def test_a_plan_made_afterwards_gives_her_no_visit(supervisor, visit):
    woman = visit.participant
    withdraw_in_part(by=supervisor, participant=woman, parts=[Part.VISITS], reason="time", now=timezone.now())
    monday = visit.planned_on - timedelta(days=visit.planned_on.weekday())
    plan_week(by=PLANNER, monday=monday + timedelta(days=7), station_ids=[woman.station_id], now=timezone.now())
    replan_participant(by=PLANNER, participant=woman, now=timezone.now())

    assert not woman.visits.filter(status="planned").exists()
