from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants.models import Consent, Participant
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

    response = client.post(url, {"reason": "not_said", "confirmed": "on"}, follow=True)

    assert "Retirada" in response.content.decode()
    assert Participant.objects.get().status == Participant.Status.WITHDRAWN
    assert not Consent.objects.filter(ended_at=None).exists()
    visit.refresh_from_db()
    assert visit.status == Visit.Status.SUPERSEDED
    assert Event.objects.get(action="participants.withdraw").reason == "not_said"


@pytest.mark.parametrize("filled", [{"reason": "not_said"}, {"confirmed": "on", "reason": "because"}])
def test_withdrawal_without_confirmation_changes_nothing(supervisor, visit, filled):
    signed_in(supervisor).post(reverse("participant_withdraw", args=[visit.participant.study_code]), filled)

    assert Participant.objects.get().status == Participant.Status.ENROLLED


def test_withdrawing_twice_is_refused_in_words(supervisor, visit):
    url = reverse("participant_withdraw", args=[visit.participant.study_code])
    client = signed_in(supervisor)
    client.post(url, {"reason": "safety", "confirmed": "on"})

    again = client.post(url, {"reason": "safety", "confirmed": "on"})

    assert "no permite este cambio" in again.content.decode()


@pytest.mark.requirement("F16")
def test_a_pause_takes_her_visits_back_in_the_same_step(supervisor, visit):
    client, url = signed_in(supervisor), reverse("participant_status", args=[visit.participant.study_code])
    offered = [value for value, _label in client.get(url).context["form"].fields["to"].choices]
    assert offered == ["paused", "moved", "lost", "deceased", "completed"]

    response = client.post(url, {"to": "paused", "reason": "travel"})

    assert response.headers["Location"] == reverse("risk_history", args=[visit.participant.study_code])
    assert Participant.objects.get().status == "paused"
    visit.refresh_from_db()
    assert visit.status == Visit.Status.SUPERSEDED


def test_only_the_supervisor_of_her_station_may(supervisor, station, visit):
    officer = OfficerFactory(posted_at=station).user
    elsewhere = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=StationFactory()).user
    for name in ("participant_withdraw", "participant_status"):
        url = reverse(name, args=[visit.participant.study_code])
        assert [signed_in(user).get(url).status_code for user in (officer, elsewhere)] == [403, 404]
