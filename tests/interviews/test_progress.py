"""How many interviews were held of those wanted, until all of them are: for coders and for the coordinator."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from interviews.models import Interview
from interviews.queries import interviews_wanted
from interviews.services import replace_dropouts, select_interviewees
from tests.factories import NOW, UserFactory
from tests.interviews.conftest import enrol
from tests.interviews.test_meeting_views import client_of


@pytest.fixture
def chosen(administrator, stations):
    enrol(stations, 5)
    return select_interviewees(by=administrator, seed=11, now=NOW)


def hold(count):
    """Say of so many interviews, in their order, that they were held."""
    ids = Interview.objects.filter(replaced_by=None).order_by("position").values_list("pk", flat=True)[:count]
    how = {"starts_at": NOW, "ends_at": NOW, "place": "office", "audio_agreed": False}
    held_by = UserFactory(role=Role.INTERVIEWER)
    Interview.objects.filter(pk__in=list(ids)).update(status="done", held_by=held_by, **how)


@pytest.mark.requirement("F53")
@pytest.mark.parametrize("held", [0, 5, 15, 16])
def test_coders_and_the_coordinator_read_how_many_were_held(chosen, administrator, held):
    hold(held)

    assert interviews_wanted() == (held, 16)
    for role, page in ((Role.RESEARCHER, "transcript_list"), (Role.ADMINISTRATOR, "interview_selection")):
        said = client_of(UserFactory(role=role)).get(reverse(page)).content.decode()
        assert f"{held} of 16 interviews were held" in said
        assert f'<progress class="w-100 mb-3" max="16" value="{held}"' in said


def test_coordinator_reads_it_by_group_and_coders_by_cell_alone(chosen):
    hold(16)

    coordinator = client_of(UserFactory(role=Role.ADMINISTRATOR)).get(reverse("interview_selection")).content.decode()
    coder = client_of(UserFactory(role=Role.RESEARCHER)).get(reverse("transcript_list")).content.decode()

    assert coordinator.count("<td>4 of 4</td>") == 4
    assert (coder.count("<td>4 of 4</td>"), coder.count("<td>16 of 16</td>")) == (0, 1)


def test_who_was_replaced_counts_no_more_and_who_came_instead_does(chosen, administrator):
    Interview.objects.filter(position__lte=2).update(status="refused")
    assert interviews_wanted() == (0, 16)
    replace_dropouts(by=administrator, chosen_before=chosen, now=NOW)
    hold(16)
    assert interviews_wanted() == (16, 16)


def test_before_anybody_is_chosen_nothing_is_counted(stations):
    for role, page in ((Role.RESEARCHER, "transcript_list"), (Role.ADMINISTRATOR, "interview_selection")):
        assert "interviews were held" not in client_of(UserFactory(role=role)).get(reverse(page)).content.decode()
