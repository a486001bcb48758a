"""One woman on one page, for her station's supervisor alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from participants.models import Participant
from tests.factories import (
    AssessmentFactory,
    CurrentRiskFactory,
    ParticipantFactory,
    ReferralFactory,
    UserFactory,
    VisitFactory,
    WeekPlanFactory,
)
from tests.participants.test_views import signed_in


@pytest.fixture
def woman(field) -> Participant:
    woman = ParticipantFactory(station=field.by_risk)
    assessment = AssessmentFactory(participant=woman)
    CurrentRiskFactory(assessment=assessment)
    tomorrow = timezone.localdate() + timedelta(days=1)
    plan = WeekPlanFactory(participant=woman, monday=tomorrow - timedelta(days=tomorrow.weekday()))
    VisitFactory(plan=plan, planned_on=tomorrow)
    return woman


def page_of(user, woman):
    return signed_in(user).get(reverse("participant_detail", args=[woman.study_code]))


@pytest.mark.requirement("F1")
def test_one_page_says_how_she_stands_and_leads_everywhere(field, woman):
    ReferralFactory(participant=woman)
    page = page_of(field.supervisor, woman)
    text = page.content.decode()
    assert (page.context["open_referrals"], page.context["next_visit"].participant) == (1, woman)
    for said in (woman.study_code, "R. Q.", "Inscrita", "Visitas domiciliarias"):
        assert said in text
    for name in (
        "participant_history", "participant_status", "transfer_propose", "consent_list", "withdrawal_list",
        "participant_withdraw", "who_looked", "risk_history", "participant_referrals", "participant_messages",
    ):  # fmt: skip
        assert f'href="{reverse(name, args=[woman.study_code])}"' in text


def test_of_who_left_nothing_more_can_be_done(field, woman):
    Participant.objects.filter(pk=woman.pk).update(status="withdrawn")
    text = page_of(field.supervisor, woman).content.decode()
    for name in ("participant_status", "transfer_propose", "participant_withdraw", "assess_risk", "safe_contact_card"):
        assert f'href="{reverse(name, args=[woman.study_code])}"' not in text
    assert reverse("withdrawal_list", args=[woman.study_code]) in text


def test_it_is_her_supervisors_alone(field, woman):
    interviewer = UserFactory(role=Role.INTERVIEWER)
    assert [page_of(user, woman).status_code for user in (field.officer, interviewer)] == [403, 403]
    elsewhere = ParticipantFactory()
    assert page_of(field.supervisor, elsewhere).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_the_database_the_same_for_any_past(field, woman, rows, django_assert_num_queries):
    for number in range(rows):
        ReferralFactory(participant=woman)
        plan = woman.week_plans.first()
        VisitFactory(plan=plan, planned_on=timezone.localdate() + timedelta(days=2 + number))
    client, url = signed_in(field.supervisor), reverse("participant_detail", args=[woman.study_code])
    with django_assert_num_queries(11):
        assert client.get(url).context["open_referrals"] == rows
