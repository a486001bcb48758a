"""Four women of each arm, by seed, without showing the arm."""

from collections import Counter

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from interviews.models import Interview
from interviews.selection import select_by_group
from interviews.services import NoLockedAllocation, TooFewConsenting, select_interviewees
from participants.models import Participant
from tests.factories import NOW, ParticipantFactory, StationFactory, UserFactory, lock_allocation

ARMS = ("control", "training", "risk_scale", "both")


@pytest.fixture
def administrator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def stations(db):
    stations = {StationFactory(): arm for arm in ARMS}
    lock_allocation(stations)
    return stations


def enrol(stations, count, scopes=("visits", "surveys", "interview")):
    for station in stations:
        ParticipantFactory.create_batch(count, station=station, scopes=scopes)


def test_chooses_four_of_each_arm_in_an_order_by_seed(administrator, stations):
    enrol(stations, 6)
    selection = select_interviewees(by=administrator, seed=11, now=NOW)

    chosen = list(Interview.objects.filter(selection=selection).order_by("position").select_related("participant"))
    arms = [stations[interview.participant.station] for interview in chosen]
    assert Counter(arms) == dict.fromkeys(ARMS, 4)
    assert [interview.position for interview in chosen] == list(range(1, 17))
    assert arms != sorted(arms)


def test_event_tells_seed_and_count_and_no_arm(administrator, stations):
    enrol(stations, 4)
    select_interviewees(by=administrator, seed=11, now=NOW)
    event = Event.objects.get(action="interviews.select")
    assert event.details == {"seed": "11", "rule": "seeded_random", "chosen": 16}


@pytest.mark.requirement("F4")
def test_women_without_consent_or_out_of_follow_up_are_never_chosen(administrator, stations):
    enrol(stations, 4)
    enrol(stations, 3, scopes=("visits", "surveys"))
    Participant.objects.filter(pk=Participant.objects.first().pk).update(status=Participant.Status.WITHDRAWN)
    with pytest.raises(TooFewConsenting):
        select_interviewees(by=administrator, seed=11, now=NOW)
    assert not Interview.objects.exists()


def test_second_choice_finds_other_women(administrator, stations):
    enrol(stations, 8)
    first = select_interviewees(by=administrator, seed=1, now=NOW)
    second = select_interviewees(by=administrator, seed=2, now=NOW)
    chosen = [set(s.interviews.values_list("participant", flat=True)) for s in (first, second)]
    assert [len(women) for women in chosen] == [16, 16]
    assert not chosen[0] & chosen[1]


def test_needs_a_locked_allocation(administrator):
    with pytest.raises(NoLockedAllocation):
        select_interviewees(by=administrator, seed=1, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_the_administrator_chooses(role):
    with pytest.raises(PermissionMissing):
        select_interviewees(by=UserFactory(role=role), seed=1, now=NOW)


def test_same_seed_gives_the_same_choice_whatever_the_order():
    groups = {"a": [1, 2, 3, 4, 5], "b": [6, 7, 8, 9]}
    turned = {"b": [9, 8, 7, 6], "a": [5, 4, 3, 2, 1]}
    assert select_by_group(groups, per_group=2, seed=5) == select_by_group(turned, per_group=2, seed=5)
