"""What was held is decided without being read: it counts or is set aside, once, and everything stays kept."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants.models import AccessNotice, Conflict, Consent
from participants.reach import ActRefused, ConsentMissing
from surveys.interviewing import Wish
from surveys.models import (
    CallAttempt,
    EntryDecision,
    PhoneEntry,
    Submission,
    SubmissionVersion,
    SurveyCase,
    SurveyDebrief,
)
from surveys.services import EntryDecided, NothingToCount, Weighed, decide_entry, schedule_waves, weigh_entry
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.surveys.conftest import STUDY
from tests.surveys.test_entries import AGO, attempt, entry, sync

COUNTS, SET_ASIDE = EntryDecision.Decision.COUNTS, EntryDecision.Decision.SET_ASIDE
ASKED_THEN = EntryDecision.Reason.ASKED_THEN


@pytest.fixture
def coordinator(db):
    return UserFactory(role=Role.ADMINISTRATOR)


def held(interviewer, case, one, status="missed") -> PhoneEntry:
    """Return what a phone sent after its survey had come to a status."""
    SurveyCase.objects.filter(pk=case.pk).update(status=status)
    sync(interviewer, one)
    return PhoneEntry.objects.get(pk=one.id)


def decide(by, kept, decision=COUNTS, reason=ASKED_THEN):
    return decide_entry(by=by, entry=kept, decision=decision, reason=reason, now=NOW)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.requirement("F22", "F28")
@pytest.mark.parametrize("status", ["missed", "refused", "on_hold"])
def test_survey_that_counts_closes_its_case_as_of_the_day_on_which_she_answered(case, interviewer, coordinator, status):
    kept = held(interviewer, case, entry(case), status)

    decide(coordinator, kept)

    case.refresh_from_db()
    stored = Submission.objects.get(case=case)
    assert (case.status, stored.submitted_by, stored.submitted_at, stored.findings) == (
        "done", interviewer, NOW - AGO, [],
    )  # fmt: skip
    event = Event.objects.get(action="surveys.decide_entry")
    assert (event.actor, event.reason, event.details) == (
        coordinator.audit_name,
        "asked_then",
        {"entry": str(kept.pk), "kind": "survey", "held_for": kept.held_for, "decision": "counts"},
    )


def test_survey_that_counts_beside_another_makes_that_an_earlier_version(case, interviewer, coordinator):
    sync(interviewer, entry(case, response_3="4"))
    kept = held(interviewer, case, entry(case, response_3="1"), "done")

    decide(coordinator, kept)

    version = SubmissionVersion.objects.get(submission__case=case)
    assert (Submission.objects.get(case=case).answers["response_3"], version.answers["response_3"]) == ("1", "4")
    assert (version.reason, version.replaced_by) == ("kept_aside", coordinator)


def test_survey_set_aside_changes_nothing_and_stays_sealed(case, interviewer, coordinator):
    kept = held(interviewer, case, entry(case))

    decide(coordinator, kept, SET_ASIDE, EntryDecision.Reason.ASKED_ANEW)

    case.refresh_from_db()
    assert (case.status, Submission.objects.count()) == ("missed", 0)
    assert PhoneEntry.objects.get(pk=kept.pk).sealed_content is not None


def test_first_decision_stands_and_is_never_altered(case, interviewer, coordinator):
    kept = held(interviewer, case, entry(case))
    decide(coordinator, kept, SET_ASIDE)
    with pytest.raises(EntryDecided):
        decide(coordinator, kept)
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryDecision.objects.update(decision="counts")
    assert EntryDecision.objects.get().decision == "set_aside"


def test_what_she_did_not_answer_takes_nothing_away(case, interviewer, coordinator):
    sync(interviewer, entry(case))
    kept = held(interviewer, case, entry(case, agreement="no"), "done")
    with pytest.raises(NothingToCount):
        decide(coordinator, kept)
    assert (SurveyCase.objects.get(pk=case.pk).status, EntryDecision.objects.count()) == ("done", 0)


def test_attempt_and_debriefing_count_as_they_were_written(case, interviewer, coordinator, woman):
    tried = held(interviewer, case, attempt(case), "missed")
    decide(coordinator, tried)
    assert (CallAttempt.objects.get().made_by, SurveyCase.objects.get(pk=case.pk).status) == (interviewer, "missed")

    other = UserFactory(role=Role.INTERVIEWER)
    woman.interviewer = other
    woman.save()
    said = entry(case, "debrief", codes=["hard"], wish=Wish.SAME, note="Lloró.")
    said.whole["codes"] = ["hard"]
    woman.interviewer_changes.create(
        before=interviewer, after=other, reason="load", changed_by=other, changed_at=NOW - AGO
    )
    sync(interviewer, said)
    decide(coordinator, PhoneEntry.objects.get(pk=said.id))
    debrief = SurveyDebrief.objects.get()
    assert (debrief.made_by, debrief.codes, debrief.wish) == (interviewer, ["hard"], "same")


def test_nothing_counts_after_she_ended_her_consent_and_it_can_be_set_aside(case, interviewer, coordinator, woman):
    kept = held(interviewer, case, entry(case))
    woman.consents.filter(scope=Consent.Scope.SURVEYS).update(ended_at=NOW - timedelta(minutes=5))
    with pytest.raises(ConsentMissing):
        decide(coordinator, kept)
    assert Submission.objects.count() == 0
    assert decide(coordinator, kept, SET_ASIDE, EntryDecision.Reason.SHE_WISHES).decision == "set_aside"


def test_weighing_gives_numbers_and_no_answer(case, interviewer, coordinator):
    sync(interviewer, entry(case, response_3="4"))
    kept = held(interviewer, case, entry(case, response_3="1"), "done")
    weighed = weigh_entry(by=coordinator, entry=kept, now=NOW)
    answered = len(Submission.objects.get(case=case).answers)
    assert weighed == Weighed(SurveyCase.Status.DONE, answered, 1, 0)
    assert Event.objects.filter(action="surveys.weigh_entry", actor=coordinator.audit_name).count() == 1


def test_whoever_has_to_do_with_her_case_decides_nothing(case, interviewer, coordinator, woman):
    kept = held(interviewer, case, entry(case))
    Conflict.objects.create(participant=woman, user=coordinator, declared_at=NOW)
    for act in (lambda: weigh_entry(by=coordinator, entry=kept, now=NOW), lambda: decide(coordinator, kept)):
        with pytest.raises(ActRefused):
            act()
    assert AccessNotice.objects.filter(user=coordinator, participant=woman).exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_the_coordinator_decides(case, interviewer, role):
    kept = held(interviewer, case, entry(case))
    with pytest.raises(PermissionMissing):
        decide(UserFactory(role=role), kept)


@pytest.mark.requirement("F22")
def test_coordinator_decides_on_the_page_and_reads_no_answer(case, interviewer, coordinator, woman):
    kept = held(interviewer, case, entry(case, response_3="1"))
    client = signed_in(coordinator)
    listed = client.get(reverse("entry_list")).content.decode()
    assert woman.study_code in listed
    assert reverse("entry_list") in client.get(reverse("interviewer_list")).content.decode()
    address = reverse("entry_decide", args=[kept.pk])
    assert "response_3" not in client.get(address).content.decode()

    unsaid = client.post(address, {"decision": "counts"})
    assert (unsaid.status_code, EntryDecision.objects.count()) == (200, 0)
    assert client.post(address, {"decision": "counts", "reason": "fuller"}).url == reverse("entry_list")

    assert EntryDecision.objects.get().reason == "fuller"
    again = client.post(address, {"decision": "set_aside", "reason": "repeated"})
    assert "Alguien ya" in again.content.decode()
    assert EntryDecision.objects.get().decision == "counts"


def test_interviewer_sees_what_she_sent_and_decides_nothing(case, interviewer):
    kept = held(interviewer, case, entry(case))
    client = signed_in(interviewer)
    page = client.get(reverse("entry_list")).content.decode()
    assert case.participant.study_code in page
    assert client.get(reverse("entry_decide", args=[kept.pk])).status_code == 403
    stranger = signed_in(UserFactory(role=Role.INTERVIEWER)).get(reverse("entry_list")).content.decode()
    assert case.participant.study_code not in stranger
    assert "No hay nada guardado aparte" in stranger


@pytest.mark.parametrize("women", [1, 3])
def test_list_costs_the_same_for_any_number(study, interviewer, coordinator, django_assert_num_queries, women):
    for woman in ParticipantFactory.create_batch(women, interviewer=interviewer, enrolled_on=NOW.date()):
        case = schedule_waves(by=STUDY, participant=woman, now=NOW)[0]
        held(interviewer, case, entry(case))
    client = signed_in(coordinator)
    client.get(reverse("entry_list"))
    with django_assert_num_queries(5):
        assert len(client.get(reverse("entry_list")).context["page"].object_list) == women
