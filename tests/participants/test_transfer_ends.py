"""What ends with a transfer or with her part, what she agreed to, and who decides nothing for her."""

from contextlib import nullcontext
from datetime import time, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from participants import queries, services
from participants.consent_scopes import Part
from participants.models import (
    AccessNotice,
    Conflict,
    ConsentSignature,
    ContactOverride,
    OutgoingMessage,
    Participant,
    SafeContactPlan,
    Transfer,
)
from participants.safe_contact import Contact
from tests.factories import (
    NOW,
    TODAY,
    ParticipantFactory,
    UserFactory,
)
from tests.participants.test_transfers import Two, hand_over, lose, make_two, propose
from tests.participants.test_views import signed_in
from visits.forms import MissedReasonForm
from visits.models import Visit
from visits.services import escalate_missed, mark_missed
from visits.services.participation import PLANNER
from visits.weeks import monday_of

Reason, Decline, State = Transfer.Reason, Transfer.Decline, Transfer.State


@pytest.fixture
def two(db) -> Two:
    return make_two()


@pytest.mark.requirement("F4")
@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("withdrawn", "not_said"),
        ("deceased", "deceased"),
        ("completed", "end"),
        ("moved", "moved"),
        ("lost", "not_found"),
    ],
)
def test_who_leaves_or_is_away_has_her_proposal_called_off_in_the_same_act(two, to, reason):
    transfer = propose(two)
    words = {"by": two.supervisor, "participant": two.woman, "reason": reason, "now": NOW}
    if to == "withdrawn":
        services.withdraw_participant(**words)
    else:
        services.change_status(**words, to=Participant.Status(to))

    transfer.refresh_from_db()
    assert (transfer.state, transfer.decided_by, transfer.decided_at) == ("called_off", two.supervisor, NOW)
    called_off = Event.objects.get(action="participants.call_off_transfer")
    assert (called_off.object_id, called_off.reason) == (two.woman.study_code, reason)
    with pytest.raises(services.TransferDecided):
        services.accept_transfer(by=two.receiver, transfer=transfer, now=NOW)


def test_who_rests_or_ends_a_part_is_still_proposed(two):
    transfer = propose(two)
    services.withdraw_in_part(by=two.supervisor, participant=two.woman, parts=[Part.SURVEYS], reason="tired", now=NOW)
    services.change_status(
        by=two.supervisor, participant=two.woman, to=Participant.Status.PAUSED, reason="travel", now=NOW
    )
    transfer.refresh_from_db()
    assert transfer.state == State.PROPOSED


def test_who_asked_her_and_when_is_kept_and_the_database_wants_it(two):
    transfer = propose(two)
    assert (transfer.asked_by, transfer.agreed_on) == (two.officer, TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(asked_by=None)


@pytest.mark.parametrize(
    ("asked_by", "days", "error"),
    [
        ("officer", 0, None),
        ("officer", 1, services.AgreementDayWrong),
        ("officer", -400, services.AgreementDayWrong),
        ("receiver", 0, services.NotAskedHere),
    ],
)
def test_she_agreed_while_she_took_part_and_to_somebody_who_cares_for_her(two, asked_by, days, error):
    agreement = services.Agreement(getattr(two, asked_by), TODAY + timedelta(days=days))
    with pytest.raises(error) if error else nullcontext():
        services.propose_transfer(
            by=two.supervisor, participant=two.woman, to_station=two.there, reason=Reason.NEW_HOME,
            agreement=agreement, now=NOW,
        )  # fmt: skip


def allow(two, by, kind: Contact) -> ContactOverride:
    return services.override_contact(
        by=by, participant=two.woman, kind=kind, on=TODAY + timedelta(days=1), window=(time(22), time(23)),
        reason=ContactOverride.Reason.SHE_ASKED, sentence="She asked for it at the last visit", now=NOW,
    )  # fmt: skip


@pytest.mark.requirement("F40", "F55")
def test_what_the_old_station_wrote_and_allowed_ends_with_the_transfer_and_her_interviewers_stays(two):
    SafeContactPlan.objects.filter(participant=two.woman).update(channel="message")
    woman = Participant.objects.get(pk=two.woman.pk)
    later = {"participant": woman, "way": "sms", "text_code": "see_you", "queued_at": NOW, "state_changed_at": NOW}
    later |= {"not_before": NOW + timedelta(hours=20), "expires_at": NOW + timedelta(days=5)}
    of_police = OutgoingMessage.objects.create(**later, purpose="visits", queued_by=two.supervisor)
    of_surveys = OutgoingMessage.objects.create(**later, purpose="surveys", queued_by=two.woman.interviewer)
    visit, call = allow(two, two.supervisor, Contact.VISIT), allow(two, two.woman.interviewer, Contact.MESSAGE)

    hand_over(two)

    assert list(OutgoingMessage.objects.order_by("pk").values_list("pk", "state", "why")) == [
        (of_police.pk, "cancelled", "other_station"),
        (of_surveys.pk, "queued", ""),
    ]
    for override, ended_at in ((visit, NOW), (call, None)):
        override.refresh_from_db()
        assert override.ended_at == ended_at
    day, window = TODAY + timedelta(days=1), (time(22), time(23))
    assert queries.override_for(woman, Contact.VISIT, day, window) is None
    # The new station writes its own for the same day.
    assert allow(two, two.receiver, Contact.VISIT).ended_at is None


def test_every_exception_ends_when_she_leaves(two):
    override = allow(two, two.supervisor, Contact.VISIT)
    services.withdraw_participant(by=two.supervisor, participant=two.woman, reason="not_said", now=NOW)
    override.refresh_from_db()
    assert override.ended_at == NOW


@pytest.mark.requirement("F14")
def test_a_visit_of_the_old_station_that_nobody_logged_has_its_reason_and_is_on_nobodys_list(two):
    two.woman.visits.filter(planned_on__lte=TODAY).delete()
    plan = two.woman.week_plans.filter(monday=monday_of(TODAY)).first()
    words = {
        "plan": plan, "participant": two.woman, "station": two.here, "window_from": "09:00", "window_until": "12:00",
        "status_changed_at": NOW,
    }  # fmt: skip
    yesterday, today = TODAY - timedelta(days=1), TODAY
    missed = Visit.objects.create(**words, planned_on=yesterday, status="missed", grace_ends_at=NOW)
    begun = Visit.objects.create(**words, planned_on=today, grace_ends_at=NOW + timedelta(days=2))
    hand_over(two, now=NOW + timedelta(hours=1))

    mark_missed(by=PLANNER, now=NOW + timedelta(days=3))

    for visit in (missed, begun):
        visit.refresh_from_db()
        assert (visit.status, visit.missed_reason, visit.missed_explained_by) == ("missed", "handed_over", None)
    escalate_missed(by=PLANNER, now=NOW + timedelta(days=10))
    assert not Visit.objects.filter(pk__in=(missed.pk, begun.pk), escalated_at__isnull=False).exists()
    assert "handed_over" not in dict(MissedReasonForm().fields["reason"].choices)


def refused_and_reported(two, by) -> list:
    notices = AccessNotice.objects.filter(kind="conflict_refused", participant=two.woman, user=by)
    refused = Event.objects.filter(action="participants.refuse_act", object_id=two.woman.study_code)
    return [notices.count(), [event.details["refusal"] for event in refused]]


@pytest.mark.requirement("N28")
@pytest.mark.parametrize(
    "act",
    [
        lambda two: services.withdraw_participant(by=two.supervisor, participant=two.woman, reason="not_said", now=NOW),
        lambda two: services.withdraw_in_part(
            by=two.supervisor, participant=two.woman, parts=[Part.SURVEYS], reason="tired", now=NOW
        ),
        lambda two: services.change_status(
            by=two.supervisor, participant=two.woman, to=Participant.Status.PAUSED, reason="safety", now=NOW
        ),
        lambda two: services.postpone_return(
            by=two.supervisor, participant=two.woman, return_on=TODAY + timedelta(days=3), now=NOW
        ),
        propose,
    ],
)
def test_who_has_to_do_with_her_case_decides_nothing_for_her_and_it_is_reported(two, act):
    Conflict.objects.create(participant=two.woman, user=two.supervisor, declared_at=NOW)
    with pytest.raises(services.ActRefused):
        act(two)
    two.woman.refresh_from_db()
    assert (two.woman.status, Transfer.objects.count()) == ("enrolled", 0)
    assert refused_and_reported(two, two.supervisor) == [1, ["act_refused"]]


@pytest.mark.requirement("N28", "F4")
def test_no_conflict_keeps_her_in_the_study_for_an_administrator_records_what_she_ends(two):
    Conflict.objects.create(participant=two.woman, user=two.supervisor, declared_at=NOW)
    client = signed_in(UserFactory(role=Role.ADMINISTRATOR))
    url = reverse("participant_withdraw", args=[two.woman.study_code])
    assert two.woman.study_code in client.get(url).content.decode()

    ended = client.post(url, {"what": "whole", "past": "keep", "reason": "not_said", "confirmed": "on"})

    assert ended.status_code == 302, ended.context["form"].errors
    two.woman.refresh_from_db()
    assert two.woman.status == "withdrawn"
    assert not two.woman.visits.filter(status="planned", planned_on__gt=timezone.localdate()).exists()
    withdrawal = two.woman.withdrawals.get()
    papers = client.get(ended.headers["Location"]).content.decode()
    assert reverse("withdrawal_paper", args=[two.woman.study_code, withdrawal.pk]) in papers
    assert client.get(reverse("participant_status", args=[two.woman.study_code])).status_code == 403


@pytest.mark.requirement("N28")
def test_who_has_to_do_with_her_case_takes_her_into_no_care_of_his(two):
    transfer = propose(two)
    Conflict.objects.create(participant=two.woman, user=two.receiver, declared_at=NOW)
    with pytest.raises(services.ActRefused):
        services.accept_transfer(by=two.receiver, transfer=transfer, now=NOW)
    assert refused_and_reported(two, two.receiver) == [1, ["act_refused"]]

    two.woman.refresh_from_db()
    assert two.woman.station == two.here
    services.decline_transfer(by=two.receiver, transfer=transfer, reason=Decline.TIES, now=NOW)


def test_a_proposal_that_nobody_answers_is_called_off_by_an_administrator_and_frees_her(two):
    admin = UserFactory(role=Role.ADMINISTRATOR)
    transfer = propose(two)
    lose(two.here)
    client = signed_in(admin)
    with pytest.raises(services.TransferOpenAlready):
        services.transfer_from_lost_station(by=admin, participant=two.woman, to_station=two.there, now=NOW)
    call_off = reverse("transfer_call_off", args=[transfer.pk])
    assert call_off in client.get(reverse("lost_station_list")).content.decode()

    assert client.post(call_off).headers["Location"] == reverse("lost_station_list")

    transfer.refresh_from_db()
    assert (transfer.state, transfer.decided_by) == ("called_off", admin)
    services.transfer_from_lost_station(by=admin, participant=two.woman, to_station=two.there, now=timezone.now())
    two.woman.refresh_from_db()
    assert two.woman.station == two.there
    assert client.post(call_off).status_code == 404


def test_whom_she_left_learns_that_she_went_and_not_where_and_forgets_it_after_some_days(two):
    hand_over(two)
    url = reverse("transfer_list")
    page = signed_in(two.supervisor).get(url)
    (row,) = page.context["rows"]
    assert (row.to_station, row.transfer.state) == ("", "accepted")
    there = queries.station_codes()[two.there.pk]
    assert there not in page.content.decode()
    assert two.receiver.display_name not in page.content.decode()
    (taken,) = signed_in(two.receiver).get(url).context["rows"]
    assert taken.to_station == there

    went = timezone.now() - timedelta(days=15)
    Transfer.objects.create(
        participant=ParticipantFactory(station=two.there), from_station=two.here, to_station=two.there,
        reason="new_home", state="accepted", proposed_by=two.supervisor, asked_by=two.supervisor,
        agreed_on=went.date(), proposed_at=went, decided_by=two.receiver, decided_at=went,
    )  # fmt: skip
    assert len(signed_in(two.supervisor).get(url).context["rows"]) == 1
    assert len(signed_in(two.receiver).get(url).context["rows"]) == 2


@pytest.mark.requirement("N28", "F31")
@pytest.mark.parametrize(
    ("act", "action"),
    [
        (
            lambda two: services.queue_message(
                by=two.supervisor, participant=two.woman, text_code="see_you", way="sms", now=NOW
            ),
            "participants.refuse_act",
        ),
        (lambda two: allow(two, two.supervisor, Contact.VISIT), "participants.refuse_act"),
        (
            lambda two: services.confirm_safe_contact(by=two.supervisor, participant=two.woman, now=NOW),
            "participants.refuse_act",
        ),
        (
            lambda two: services.open_signed_copy(
                by=two.supervisor, signature=ConsentSignature(participant=two.woman), now=NOW
            ),
            "participants.refuse_card",
        ),
    ],
)
def test_every_way_to_her_that_a_tie_closes_is_reported(two, act, action):
    Conflict.objects.create(participant=two.woman, user=two.supervisor, declared_at=NOW)
    with pytest.raises(services.ConflictOfInterest):
        act(two)
    assert AccessNotice.objects.filter(kind="conflict_refused", user=two.supervisor).count() == 1
    assert Event.objects.filter(action=action, object_id=two.woman.study_code).count() == 1
