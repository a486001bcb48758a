"""After something hard somebody is asked how she is: nobody else reads it, and what is counted speaks of nobody."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import ACCESS
from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from care import queries, services
from care.models import Debrief
from care.services import CARER
from tests.factories import (
    NOW,
    OfficerFactory,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    VisitFactory,
)
from tests.participants.test_views import signed_in
from visits.models import VisitLog
from visits.services import VisitAnswers, log_visit

Feeling, Cause, Occasion = Debrief.Feeling, Debrief.Cause, Debrief.Occasion
MET = VisitAnswers(in_private="yes", new_incident="no", measures_obeyed="yes", next_contact="none")


def offer(person, *, cause=Cause.UNSAFE, now=NOW, source_id=None) -> Debrief:
    source_id = source_id or str(uuid4())
    services.offer_debriefs(
        by=CARER, people=[person.pk], occasion=Occasion.VISIT, cause=cause, source_id=source_id, now=now
    )
    return Debrief.objects.get(person=person, source_id=source_id)


@pytest.fixture
def officer(db):
    ProtocolVersionFactory()
    return OfficerFactory(posted_at=StationFactory()).user


# --- What is offered, to whom ----------------------------------------------------------------------------------------


@pytest.mark.requirement("N30")
@pytest.mark.parametrize(
    ("outcome", "answers", "cause"),
    [
        ("unsafe", VisitAnswers(reason="weapon"), "unsafe"),
        ("aborted", VisitAnswers(reason="he_arrived"), "aborted"),
        ("met", replace(MET, new_incident="yes", incident_type="force", incident_injury="no", incident_weapon="no"),
         "incident"),
        ("met", replace(MET, child_in_danger=True), "child"),
        ("met", MET, None),
        ("nobody_home", VisitAnswers(), None),
    ],
)  # fmt: skip
def test_a_hard_visit_offers_a_moment_to_those_who_went(officer, outcome, answers, cause):
    station = officer.officer.postings.get().station
    beside = OfficerFactory(posted_at=station)
    visit = VisitFactory(
        plan__participant=ParticipantFactory(station=station), first_officer=officer.officer, second_officer=beside
    )

    log_visit(
        by=officer, visit=visit, log_id=uuid4(), outcome=VisitLog.Outcome(outcome), occurred_at=NOW, answers=answers,
        now=NOW,
    )  # fmt: skip

    offered = set(Debrief.objects.values_list("person", "cause", "answered_at"))
    assert offered == ({(officer.pk, cause, None), (beside.user.pk, cause, None)} if cause else set())


def test_the_same_visit_is_offered_once(officer):
    offer(officer, source_id="one")
    offer(officer, source_id="one")
    assert queries.offers_waiting(officer).count() == 1


# --- What she says is hers -------------------------------------------------------------------------------------------


@pytest.mark.requirement("N30")
def test_what_somebody_answers_only_she_reads_and_the_audit_has_nothing_of_it(officer):
    debrief = offer(officer)
    services.answer_debrief(by=officer, debrief=debrief, feeling=Feeling.SHAKEN, now=NOW)

    assert [answer.feeling for answer in queries.answers_of(officer)] == ["shaken"]
    supervisor = OfficerFactory(
        user=UserFactory(role=Role.SUPERVISOR), posted_at=officer.officer.postings.get().station
    )
    for reader in (supervisor.user, *(UserFactory(role=role) for role in Role)):
        assert not Debrief.objects.visible_to(reader).exists()
        client = signed_in(reader)
        assert client.get(reverse("care_answer", args=[debrief.pk])).status_code in {403, 404}
        for page in ("care_own", "care_load", "care_counts"):
            if reader.role in ACCESS[page]:
                assert str(officer.display_name) not in client.get(reverse(page)).content.decode()
    assert "shaken" not in "".join(str(row) for row in Event.objects.values_list("details", "reason"))


def test_an_answer_is_given_once_and_by_nobody_else(officer):
    debrief, other = offer(officer), UserFactory(role=Role.OFFICER)
    with pytest.raises(services.NotYours):
        services.answer_debrief(by=other, debrief=debrief, feeling=Feeling.WELL, now=NOW)
    with pytest.raises(PermissionMissing):
        services.answer_debrief(by=UserFactory(role=Role.RESEARCHER), debrief=debrief, feeling=Feeling.WELL, now=NOW)
    services.answer_debrief(by=officer, debrief=debrief, feeling=Feeling.WELL, now=NOW)
    with pytest.raises(services.SaidAlready):
        services.answer_debrief(by=officer, debrief=debrief, feeling=Feeling.TIRED, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Debrief.objects.filter(pk=debrief.pk).update(feeling="")


# --- The load --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N30")
@pytest.mark.parametrize(("days_ago", "counts"), [(0, True), (13, True), (14, False)])
def test_three_hard_moments_within_two_weeks_are_noticed_and_none_that_somebody_told_herself(officer, days_ago, counts):
    station = officer.officer.postings.get().station
    supervisor = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=station).user
    elsewhere = OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=StationFactory()).user
    services.say_it_was_hard(by=officer, occasion=Occasion.VISIT, feeling=Feeling.TIRED, now=NOW)
    for _time in range(2):
        offer(officer)
    assert list(queries.people_over_cap(supervisor, NOW)) == []

    offer(officer, now=NOW - timedelta(days=days_ago))

    found = [(person, person.hard) for person in queries.people_over_cap(supervisor, NOW)]
    assert found == ([(officer, 3)] if counts else [])
    assert list(queries.people_over_cap(elsewhere, NOW)) == []


def test_an_administrator_sees_the_load_of_interviewers_alone(officer):
    interviewer = UserFactory(role=Role.INTERVIEWER)
    for person in (officer, interviewer):
        for _time in range(3):
            offer(person)
    admin = UserFactory(role=Role.ADMINISTRATOR)
    assert list(queries.people_over_cap(admin, NOW)) == [interviewer]


@pytest.mark.requirement("N30")
def test_the_counts_are_of_the_whole_study_and_hide_what_is_small(officer):
    people = [officer, *(UserFactory(role=Role.INTERVIEWER) for _ in range(11))]
    for place, person in enumerate(people):
        feeling = Feeling.WELL if place < 6 else Feeling.TIRED if place < 11 else Feeling.NEEDS_HELP
        services.answer_debrief(by=person, debrief=offer(person), feeling=feeling, now=NOW)
    counts = queries.care_counts(NOW)
    assert (counts.offered, counts.answered) == (12, 12)
    # One needs help: neither that nor what it follows from is shown.
    assert counts.by_feeling == {"well": 6, "tired": None, "shaken": None, "needs_help": None, "not_now": None}
    assert queries.care_counts(NOW + timedelta(days=91)).answered == 0


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_page_names_the_line_and_keeps_an_answer(officer):
    debrief = offer(officer, now=timezone.now())
    client, own = signed_in(officer), reverse("care_own")
    page = client.get(own).content.decode()
    assert 'href="tel:113"' in page
    assert reverse("care_answer", args=[debrief.pk]) in page
    bad = client.post(reverse("care_answer", args=[debrief.pk]), {"feeling": "<b>"})
    assert bad.context["form"].errors

    client.post(reverse("care_answer", args=[debrief.pk]), {"feeling": "needs_help"})
    client.post(own, {"occasion": "talk", "feeling": "tired"})

    assert [answer.feeling for answer in queries.answers_of(officer)] == ["tired", "needs_help"]
    empty = client.post(own, {"occasion": "talk"})
    assert "feeling" in empty.context["form"].errors
    assert 'value="talk"' in empty.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_load_asks_the_same_for_any_number(people, django_assert_num_queries, db):
    ProtocolVersionFactory()
    for _ in range(people):
        interviewer = UserFactory(role=Role.INTERVIEWER)
        for _time in range(3):
            offer(interviewer, now=timezone.now())
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    with django_assert_num_queries(5):
        assert len(client.get(reverse("care_load")).context["people"]) == people
