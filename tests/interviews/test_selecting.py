"""Four women of each arm by a recorded rule, and who is asked instead, without showing the arm."""

from collections import Counter

import pytest

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from interviews.models import Interview
from interviews.queries import progress_by_arm, progress_by_cell
from interviews.selection import Rule
from interviews.services import (
    NobodyToReplace,
    NoLockedAllocation,
    TooFewConsenting,
    replace_dropouts,
    select_interviewees,
)
from participants.models import Consent, Participant
from tests.factories import NOW, AssessmentFactory, UserFactory
from tests.interviews.conftest import ARMS, enrol


def chosen_of(selection) -> list[Interview]:
    return list(Interview.objects.filter(selection=selection).order_by("position").select_related("participant"))


def arms_of(interviews, stations) -> list[str]:
    return [stations[interview.participant.station] for interview in interviews]


@pytest.mark.requirement("F53")
@pytest.mark.parametrize("rule", Rule.values)
def test_chooses_four_of_each_arm_in_an_order_by_seed(administrator, stations, rule):
    enrol(stations, 6)
    selection = select_interviewees(by=administrator, seed=11, rule=rule, now=NOW)
    chosen = chosen_of(selection)
    arms = arms_of(chosen, stations)
    assert Counter(arms) == dict.fromkeys(ARMS, 4)
    assert [interview.position for interview in chosen] == list(range(1, 17))
    assert arms != sorted(arms)
    assert (selection.seed, selection.rule, selection.candidates) == ("11", rule, 24)


def test_grid_takes_first_level_and_age(administrator, stations):
    for station in stations:
        for age in (25, 45):
            enrol([station], 3, age_at_enrolment=age)
            for woman in enrol([station], 3, age_at_enrolment=age):
                AssessmentFactory(participant=woman, level_rank=3, level="severo_2")
    for woman in Participant.objects.filter(assessments=None):
        AssessmentFactory(participant=woman)
    selection = select_interviewees(by=administrator, seed=5, rule=Rule.PURPOSIVE_GRID, now=NOW)
    cells = Counter((stations[row.participant.station], row.cell) for row in chosen_of(selection))
    assert set(cells.values()) == {1}
    assert len(cells) == 16
    assert [(row.done, row.wanted) for row in progress_by_cell()] == [(0, 4)] * 4


def test_event_tells_digest_and_count_and_neither_seed_nor_arm(administrator, stations):
    enrol(stations, 4)
    selection = select_interviewees(by=administrator, seed=11, now=NOW)
    event = Event.objects.get(action="interviews.select")
    assert event.details == {
        "rule": "seeded_random", "chosen": 16, "candidates_sha256": selection.candidates_sha256
    }  # fmt: skip


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


@pytest.mark.parametrize("rule", Rule.values)
def test_who_drops_out_is_replaced_by_a_woman_of_her_arm_once(administrator, stations, rule):
    # Three of each arm stay behind: the order is by chance, and all who drop out may be of one arm.
    enrol(stations, 7)
    selection = select_interviewees(by=administrator, seed=1, rule=rule, now=NOW)
    gone = chosen_of(selection)[:3]
    Interview.objects.filter(pk__in=[row.pk for row in gone]).update(status="refused")

    assert replace_dropouts(by=administrator, chosen_before=selection, now=NOW) == 3
    new = chosen_of(selection)[16:]
    assert [row.position for row in new] == [17, 18, 19]
    pairs = [(arms_of([row], stations), arms_of([row.replaces], stations)) for row in new]
    assert [one for one, _other in pairs] == [other for _one, other in pairs]
    assert sum(row.wanted for row in progress_by_arm(language="en")) == 16
    with pytest.raises(NobodyToReplace):
        replace_dropouts(by=administrator, chosen_before=selection, now=NOW)
    event = Event.objects.filter(action="interviews.replace").latest("pk")
    assert event.details == {"rule": rule, "chosen": 3}


def test_replacement_needs_consent_today(administrator, stations):
    enrol(stations, 5)
    selection = select_interviewees(by=administrator, seed=1, now=NOW)
    Consent.objects.exclude(participant__interviews__isnull=False).filter(scope="interview").update(ended_at=NOW)
    Interview.objects.filter(selection=selection, position=1).update(status="lost")
    with pytest.raises(NobodyToReplace):
        replace_dropouts(by=administrator, chosen_before=selection, now=NOW)
