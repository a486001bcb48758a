"""Shares of people: as a slow count finds them, of whom each may read, in a fixed number of queries."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from back_checks.models import BackCheckItem
from quality.measures import OF_OFFICERS, Measure
from quality.models import PersonMonth
from quality.services import count_people
from quality.tasks import CHECKER
from simulation.loader import load_study
from simulation.world import WorldSettings
from surveys.models import CallAttempt, Submission, SurveyCase, SurveySitting
from tests.factories import NOW, OfficerFactory, StationFactory, UserFactory
from tests.quality.conftest import answered, logged
from visits.models import VisitLog


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return client


def counted() -> dict[tuple[str, int], tuple[int, int]]:
    """Return the cases and hits of each measure and person."""
    cases, hits = Counter(), Counter()
    for row in PersonMonth.objects.all():
        cases[row.measure, row.person_id] += row.cases
        hits[row.measure, row.person_id] += row.hits
    return {key: (cases[key], hits[key]) for key in cases}


def slow_count() -> dict[tuple[str, int], tuple[int, int]]:
    """Count row by row what `count_people` counts by statements."""
    told: list[tuple[str, int | None, bool]] = []
    for log in VisitLog.objects.all():
        who, met = log.logged_by_id, log.outcome == "met"
        told += [("met", who, met), ("not_wanted", who, log.outcome == "refused")]
        told.append(("sent_late", who, log.received_at - log.occurred_at > timedelta(days=1)))
        told += [("not_private", who, log.in_private == "no")] if log.in_private in {"yes", "no"} else []
        told += [("no_note", who, log.sealed_note is None)] if met else []
    for case in SurveyCase.objects.filter(status__in=("done", "partial", "refused")).select_related("participant"):
        survey = Submission.objects.filter(case=case).first()
        declined = CallAttempt.objects.filter(case=case, outcome="declined").order_by("-attempted_at", "-pk").first()
        who = survey.submitted_by_id if survey else None
        if who is None and case.status == "refused" and declined:
            who = declined.made_by_id
        told.append(("refused", who or case.participant.interviewer_id, case.status == "refused"))
    told += [("in_part", one.submitted_by_id, not one.is_complete) for one in Submission.objects.all()]
    told += [("not_alone", one.made_by_id, one.outcome == "not_alone") for one in CallAttempt.objects.all()]
    for item in BackCheckItem.objects.filter(kind__lte=2, differs__isnull=False).select_related("back_check"):
        told.append(("differs", item.back_check.first_id, bool(item.differs)))
    taken: list[tuple[int, int, float, float]] = []
    for one in Submission.objects.filter(is_complete=True, submitted_by__isnull=False):
        sittings = SurveySitting.objects.filter(case=one.case_id, opened_at__lte=one.submitted_at)
        spans = sorted((one.submitted_at - sitting.opened_at).total_seconds() / 60 for sitting in sittings)
        if spans:
            taken.append((one.instrument_id, one.submitted_by_id, spans[0], spans[-1]))
    for instrument in {one[0] for one in taken}:
        half = median(last for own, _who, last, _whole in taken if own == instrument) / 2
        told += [("short", who, whole < half) for own, who, _last, whole in taken if own == instrument]
    cases, hits = Counter(), Counter()
    for measure, person, is_so in told:
        if person is not None:
            cases[measure, person] += 1
            hits[measure, person] += is_so
    return {key: (cases[key], hits[key]) for key in cases}


@pytest.mark.requirement("N13")
def test_shares_are_what_a_slow_count_of_a_random_study_finds(committed_study):
    settings = WorldSettings(seed=23, as_of=timezone.localdate(), clusters=8, participants=64, elapsed_months=5)
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    people = list(User.objects.filter(role=Role.INTERVIEWER).order_by("pk"))
    for number, case in enumerate(SurveyCase.objects.filter(status__in=("done", "refused")).order_by("pk")[:40]):
        outcome = "declined" if case.status == "refused" else ("not_alone", "no_answer")[number % 2]
        made_by, at = people[number % len(people)], timezone.now() - timedelta(days=40, hours=number)
        CallAttempt.objects.create(
            case=case, attempted_at=at, channel="visit", outcome=outcome, made_by=made_by, recorded_at=at
        )
    for number, survey in enumerate(Submission.objects.order_by("pk")[:30]):
        began = survey.submitted_at - timedelta(minutes=5 + 7 * number)
        SurveySitting.objects.create(
            case=survey.case, opened_by=survey.submitted_by, opened_at=began, pin="x", ended_at=survey.submitted_at
        )
    count_people(by=CHECKER, now=timezone.now())
    assert counted() == slow_count()
    assert {measure for measure, _person in counted()} == set(Measure.values)


def test_counting_again_changes_nothing_and_is_recorded(team):
    logged(team.woman(), team.officer, NOW)
    first = count_people(by=CHECKER, now=NOW), counted()
    assert (count_people(by=CHECKER, now=NOW), counted()) == first
    assert Event.objects.filter(action="quality.count_people").count() == 2


def test_what_comes_late_is_counted_in_its_month(team):
    logged(team.woman(), team.officer, NOW)
    count_people(by=CHECKER, now=NOW)
    logged(team.woman(), team.officer, NOW - timedelta(hours=3), outcome="refused", sent_after=timedelta(days=40))
    count_people(by=CHECKER, now=NOW + timedelta(days=40))
    assert counted()["not_wanted", team.officer.pk] == (2, 1)
    assert counted()["sent_late", team.officer.pk] == (2, 1)
    assert set(PersonMonth.objects.values_list("month", flat=True)) == {NOW.date().replace(day=1)}


@pytest.mark.requirement("F34")
def test_supervisor_reads_of_whoever_logged_at_her_station_alone(team):
    elsewhere = StationFactory()
    other = OfficerFactory(posted_at=elsewhere).user
    for number in range(10):
        logged(team.woman(), team.officer, NOW - timedelta(hours=number))
        woman = team.woman()
        woman.station = elsewhere
        woman.save()
        logged(woman, other, NOW - timedelta(hours=number), outcome="refused")
    answered(team.woman(), team.interviewer, team.instrument, {"age": "40"})
    count_people(by=CHECKER, now=NOW)
    address = reverse("person_rates")

    def names(user: User, **chosen: str) -> list[str]:
        shown = signed_in(user).get(address, chosen).context["shown"]
        return sorted(row.name for row in shown.rows)

    coordinator = UserFactory(role=Role.ADMINISTRATOR)
    assert names(team.supervisor) == [team.officer.display_name]
    assert names(coordinator) == sorted([team.officer.display_name, other.display_name])
    # What is asked of interviewers is not hers to choose: the first measure is shown instead.
    assert names(team.supervisor, measure="in_part") == [team.officer.display_name]
    assert signed_in(coordinator).get(address, {"measure": "in_part"}).context["shown"].with_few == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR, Role.ADMINISTRATOR}))
def test_nobody_else_reads_them(db, role):
    assert signed_in(UserFactory(role=role)).get(reverse("person_rates")).status_code == 403


def test_supervisors_page_has_codes_and_no_names(team):
    for number in range(12):
        logged(team.woman(), team.officer, NOW - timedelta(hours=number), outcome=("met", "refused")[number % 2])
    count_people(by=CHECKER, now=NOW)
    page = signed_in(team.supervisor).get(reverse("person_rates")).content.decode()
    assert team.officer.display_name not in page.split("</header>")[-1]
    assert f". {team.officer.pk}" in page


@pytest.mark.parametrize("chosen", [{"measure": "zz", "span": "zz"}, {"measure": "short", "span": "3"}, {"span": "1"}])
def test_any_choice_is_answered(team, chosen):
    assert signed_in(UserFactory(role=Role.ADMINISTRATOR)).get(reverse("person_rates"), chosen).status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_page_costs_the_same_for_any_number(team, django_assert_num_queries, people):
    for _ in range(people):
        officer = OfficerFactory(posted_at=team.station).user
        for number in range(10):
            logged(team.woman(), officer, NOW - timedelta(hours=number), outcome=("met", "refused")[number % 2])
    count_people(by=CHECKER, now=NOW)
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    client.get(reverse("person_rates"))
    with django_assert_num_queries(5):  # session, person, people's counts, everybody's, when counted
        page = client.get(reverse("person_rates"))
    assert len(page.context["shown"].rows) == people


def test_measures_of_officers_are_counted_of_visits():
    assert {measure.value for measure in OF_OFFICERS} == {"met", "not_wanted", "not_private", "no_note", "sent_late"}


def test_two_counts_at_once_leave_each_row_once(committed_study):
    settings = WorldSettings(seed=3, as_of=timezone.localdate(), clusters=8, participants=24, elapsed_months=3)
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    before, together = counted(), Barrier(2)

    def count(_: int) -> int:
        together.wait()
        try:
            return count_people(by=CHECKER, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(count, range(2)))) == 1
    assert counted() == before
