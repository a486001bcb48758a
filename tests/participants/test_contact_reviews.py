"""Is the way in which she is reached still right? Asked after each contact, and listed when it was not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from participants import queries, services
from participants.models import ContactReview, Participant, SafeContactPlan
from participants.presenters.contacts import plan_state
from participants.safe_contact import review_due_at
from tests.factories import NOW, ParticipantFactory, VisitFactory
from tests.participants.test_services import MORNINGS
from tests.participants.test_views import FILLED, signed_in
from visits.models import Visit, VisitLog
from visits.services import VisitAnswers, log_visit

DAY = timedelta(days=1)
HARM = {"in_private": "yes", "incident_type": "approach", "incident_injury": "no", "incident_weapon": "no"}


def reviewed(woman, days_ago, wanted_days_ago=None) -> Participant:
    wanted_at = None if wanted_days_ago is None else NOW - wanted_days_ago * DAY
    SafeContactPlan.objects.filter(participant=woman).update(
        reviewed_at=NOW - days_ago * DAY, review_wanted_at=wanted_at
    )
    return Participant.objects.get(pk=woman.pk)


def logged(care, woman, *, new_incident="", outcome="met") -> Visit:
    visit = woman.visits.get()
    log_visit(
        by=care.officer,
        visit=visit,
        log_id=uuid4(),
        outcome=VisitLog.Outcome(outcome),
        occurred_at=NOW,
        answers=VisitAnswers(new_incident=new_incident, **(HARM if new_incident == "yes" else {})),
        now=NOW,
    )
    return visit


@pytest.mark.requirement("F40")
@pytest.mark.parametrize(
    ("days_ago", "wanted_days_ago", "due_in_days"),
    [(29, None, 1), (30, None, 0), (3, 1, -1), (3, 5, 27), (3, 3, 27)],
)
def test_a_review_is_due_after_the_protocols_days_or_when_something_happened(days_ago, wanted_days_ago, due_in_days):
    wanted_at = None if wanted_days_ago is None else NOW - wanted_days_ago * DAY

    assert review_due_at(NOW - days_ago * DAY, wanted_at, 30) == NOW + due_in_days * DAY


def test_she_says_it_is_still_right(care, woman):
    contact = woman.visits.get().pk

    for moment in (NOW, NOW + DAY):
        services.confirm_safe_contact(by=care.officer, participant=woman, contact_id=contact, now=moment)

    assert SafeContactPlan.objects.get(participant=woman).reviewed_at == NOW
    review = ContactReview.objects.get()
    assert (review.occasion, review.contact_id, review.has_changed) == ("visit", contact, False)
    assert (review.reviewed_by, review.reviewed_at) == (care.officer, NOW)
    assert Event.objects.filter(action="participants.confirm_safe_contact").count() == 2


def test_a_change_is_a_review_too(care, woman):
    services.update_safe_contact(by=care.interviewer, participant=woman, safe_contact=MORNINGS, changes={}, now=NOW)

    review = ContactReview.objects.get()
    assert (review.occasion, review.has_changed, review.contact_id) == ("survey", True, None)


def test_who_does_not_care_for_her_confirms_nothing(care, woman):
    with pytest.raises(services.ParticipantOutOfReach):
        services.confirm_safe_contact(by=care.stranger, participant=woman, now=NOW)
    services.declare_conflict(by=care.officer, participant=woman, now=NOW)
    with pytest.raises(services.ConflictOfInterest):
        services.confirm_safe_contact(by=care.officer, participant=woman, now=NOW)


@pytest.mark.requirement("F40")
def test_something_that_happened_asks_for_a_review_at_once_which_only_police_see(care, woman):
    reviewed(woman, 2)

    logged(care, woman, new_incident="yes")

    later = NOW + timedelta(minutes=1)
    assert list(queries.contact_reviews_due(care.supervisor, later)) == [woman]
    assert list(queries.contact_reviews_due(care.interviewer, later)) == []
    services.confirm_safe_contact(by=care.officer, participant=woman, now=later)
    assert list(queries.contact_reviews_due(care.supervisor, later)) == []


@pytest.mark.parametrize("new_incident", ["no", ""])
def test_without_anything_new_the_review_keeps_its_time(care, woman, new_incident):
    reviewed(woman, 2)

    logged(care, woman, new_incident=new_incident)

    assert list(queries.contact_reviews_due(care.supervisor, NOW)) == []


def test_what_is_wanted_stands_first_then_the_oldest(care):
    recent, old, older, wanted = (ParticipantFactory(station=care.station) for _number in range(4))
    for woman, *days in ((recent, 29), (old, 31), (older, 40), (wanted, 3, 1)):
        reviewed(woman, *days)
    reviewed(ParticipantFactory(station=care.station, status="paused"), 40)
    reviewed(ParticipantFactory(), 40)

    assert list(queries.contact_reviews_due(care.supervisor, NOW)) == [wanted, older, old]


def test_each_side_knows_its_own_reviewer_alone(care, woman):
    services.confirm_safe_contact(by=care.officer, participant=woman, now=NOW)
    woman = Participant.objects.get(pk=woman.pk)

    assert plan_state(care.supervisor, woman, NOW).review.reviewed_by == care.officer
    state = plan_state(care.interviewer, woman, NOW + 2 * DAY)
    assert (state.review, state.days, state.is_due) == (None, 2, False)


@pytest.mark.requirement("F40")
def test_after_the_log_the_list_asks_once_and_goes_on(care, woman):
    reviewed(woman, 2)
    visit = logged(care, woman)
    client = signed_in(care.officer)
    day = f"{reverse('visit_list')}?dia={visit.planned_on}"
    confirm = reverse("safe_contact_confirm", args=[woman.study_code])
    assert confirm in client.get(day).content.decode()

    response = client.post(confirm, {"contact": visit.pk, "next": day})

    assert response.headers["Location"] == day
    assert confirm not in client.get(day).content.decode()
    assert ContactReview.objects.get().contact_id == visit.pk


def test_nobody_is_asked_about_a_woman_who_was_not_met(care, woman):
    visit = logged(care, woman, outcome="nobody_home")

    page = signed_in(care.officer).get(f"{reverse('visit_list')}?dia={visit.planned_on}").content.decode()

    assert reverse("safe_contact_confirm", args=[woman.study_code]) not in page


def test_a_change_after_a_visit_remembers_the_visit(care):
    woman = ParticipantFactory(station=care.station)
    visit = VisitFactory(plan__participant=woman, planned_on=timezone.localdate())
    url = reverse("safe_contact_edit", args=[woman.study_code])

    signed_in(care.officer).post(f"{url}?contacto={visit.pk}", FILLED)

    assert ContactReview.objects.get().contact_id == visit.pk


@pytest.mark.parametrize("words", [{}, {"contact": "x", "next": "https://example.org/"}, {"next": "//example.org"}])
def test_nonsense_is_no_contact_and_leads_nowhere_else(care, woman, words):
    response = signed_in(care.officer).post(reverse("safe_contact_confirm", args=[woman.study_code]), words)

    assert response.headers["Location"] == reverse("home")
    assert ContactReview.objects.get().contact_id is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_longer_list_asks_the_database_no_more(care, django_assert_num_queries, count):
    ParticipantFactory.create_batch(count, station=care.station)
    client = signed_in(care.supervisor)

    with django_assert_num_queries(QUERIES):
        response = client.get(reverse("contact_review_list"))

    assert len(response.context["rows"]) == count


QUERIES = 7


def test_nothing_to_review_says_so(care):
    response = signed_in(care.interviewer).get(reverse("contact_review_list"))

    assert "Nada por revisar" in response.content.decode()
