"""One contact outside her safe times: who may allow it, what nobody can, and who hears of it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from participants import queries, sealing, services
from participants.models import AccessNotice, ContactOverride, Participant, SafeContactPlan
from participants.safe_contact import LIMA, Contact
from participants.services.overrides import OVERRIDE_REASON
from tests.factories import NOW, TODAY, UserFactory, VisitFactory
from visits.queries import participants_to_replan
from visits.services import replan_participant
from visits.services.participation import PLANNER

WHY = "Pidió que vayamos de noche: su hermana estará con ella."
EVENING = (time(19), time(20))
Reason = ContactOverride.Reason


def override(by, woman, kind=Contact.VISIT, *, on=TODAY, window=EVENING, sentence=WHY, now=NOW):
    return services.override_contact(
        by=by, participant=woman, kind=kind, on=on, window=window, reason=Reason.SHE_ASKED, sentence=sentence, now=now
    )


def chose(woman: Participant, channel: str) -> Participant:
    SafeContactPlan.objects.filter(participant=woman).update(channel=channel)
    return Participant.objects.get(pk=woman.pk)


@pytest.mark.requirement("F40")
def test_a_supervisor_allows_one_visit_outside_her_safe_times(care, woman):
    allowed = override(care.supervisor, woman)

    assert queries.override_for(woman, Contact.VISIT, TODAY, EVENING) == allowed
    assert queries.override_for(woman, Contact.VISIT, TODAY, (time(19, 15), time(20))) == allowed
    assert queries.override_for(woman, Contact.VISIT, TODAY, (time(18, 59), time(20))) is None
    assert queries.override_for(woman, Contact.VISIT, TODAY, (time(19), time(20, 1))) is None
    assert queries.override_for(woman, Contact.VISIT, TODAY + timedelta(days=1), EVENING) is None
    assert queries.override_for(woman, Contact.CALL, TODAY, EVENING) is None


def test_the_sentence_is_sealed_and_the_safety_officer_is_told(care, woman, client):
    allowed = override(care.supervisor, woman)

    assert WHY.encode() not in bytes(allowed.sealed_reason)
    assert sealing.unseal_text(woman, allowed.sealed_reason, purpose=OVERRIDE_REASON) == WHY
    notice = AccessNotice.objects.get()
    assert (notice.kind, notice.participant, notice.user, notice.contact_override) == (
        "outside_safe_times",
        woman,
        care.supervisor,
        allowed,
    )
    client.force_login(UserFactory(role=Role.SAFETY_OFFICER))
    page = client.get(reverse("access_notice", args=[notice.pk]))
    assert WHY in page.content.decode()
    event = Event.objects.get(action="participants.override_contact")
    assert (event.reason, event.object_id) == ("she_asked", woman.study_code)
    assert event.details == {"override": allowed.pk, "kind": "visit", "on": "2026-11-18"}


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("supervisor", Contact.VISIT, True),
        ("supervisor", Contact.MESSAGE, True),
        ("interviewer", Contact.VISIT, False),
        ("interviewer", Contact.MESSAGE, True),
        ("officer", Contact.VISIT, False),
        ("officer", Contact.MESSAGE, False),
    ],
)
def test_a_visit_takes_a_supervisor_and_a_message_whoever_writes_to_her(care, woman, role, kind, may):
    by, her = getattr(care, role), chose(woman, "message")

    if may:
        assert override(by, her, kind).kind == kind
    else:
        with pytest.raises(PermissionMissing):
            override(by, her, kind)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"sentence": "Es urgente."}, services.OverrideReasonTooShort),
        ({"window": (time(20), time(19))}, services.OverrideWindowEmpty),
        ({"window": (time(10), time(12))}, services.WithinSafeTimes),
        ({"on": TODAY - timedelta(days=1)}, services.OverrideInPast),
        # It is 10:00 in Lima.
        ({"window": (time(7), time(10))}, services.OverrideInPast),
        ({"kind": Contact.MESSAGE}, services.ChannelNotHers),
        ({"kind": Contact.CALL}, services.ChannelNotHers),
    ],
)
def test_what_makes_no_exception_is_refused(care, woman, changed, error):
    with pytest.raises(error):
        override(care.supervisor, woman, **changed)

    assert not ContactOverride.objects.exists()
    assert not AccessNotice.objects.exists()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("paused", services.NotFollowedNow),
        ("moved", services.NotFollowedNow),
        ("lost", services.NotFollowedNow),
        ("withdrawn", services.ParticipantLeft),
        ("deceased", services.ParticipantLeft),
        ("completed", services.ParticipantLeft),
    ],
)
def test_nobody_is_reached_who_is_not_followed(care, woman, status, error):
    Participant.objects.filter(pk=woman.pk).update(status=status)

    with pytest.raises(error):
        override(care.supervisor, Participant.objects.get(pk=woman.pk))


def test_consent_cannot_be_overridden(care, woman):
    woman.consents.filter(scope="visits").update(ended_at=NOW)

    with pytest.raises(services.ConsentMissing):
        override(care.supervisor, woman)


def test_a_supervisor_of_another_station_sees_nobody_and_a_conflict_closes(care, woman):
    services.declare_conflict(by=care.supervisor, participant=woman, now=NOW)

    with pytest.raises(services.ConflictOfInterest):
        override(care.supervisor, woman)
    with pytest.raises(services.ParticipantOutOfReach):
        override(care.other_interviewer, chose(woman, "message"), Contact.MESSAGE)


def test_an_exception_allows_one_contact_of_a_kind_a_day(care, woman):
    override(care.supervisor, woman)

    with pytest.raises(services.OverriddenAlready):
        override(care.supervisor, woman, window=(time(21), time(22)))
    assert override(care.supervisor, woman, on=TODAY + timedelta(days=1)).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactOverride.objects.update(window_until=time(1))


def test_days_and_hours_are_limas(care, woman):
    # 23:30 in Lima: in UTC it is the nineteenth already.
    late = datetime(2026, 11, 18, 23, 30, tzinfo=LIMA)

    assert override(care.supervisor, woman, window=(time(23), time(23, 59)), now=late).on == date(2026, 11, 18)


@pytest.mark.requirement("F40")
def test_an_overridden_visit_stands_when_the_plan_is_fitted(care, woman):
    plan, tomorrow = woman.week_plans.get(), TODAY + timedelta(days=1)
    visit = VisitFactory(plan=plan, planned_on=tomorrow, window_from=EVENING[0], window_until=EVENING[1])
    assert participants_to_replan(TODAY) == [woman.pk]

    override(care.supervisor, woman, on=tomorrow)
    replan_participant(by=PLANNER, participant=woman, now=NOW)

    visit.refresh_from_db()
    assert visit.status == "planned"
    assert participants_to_replan(TODAY) == []
    assert replan_participant(by=PLANNER, participant=woman, now=NOW) == []


def test_an_overridden_visit_falls_with_her_consent(care, woman):
    plan, tomorrow = woman.week_plans.get(), TODAY + timedelta(days=1)
    visit = VisitFactory(plan=plan, planned_on=tomorrow, window_from=EVENING[0], window_until=EVENING[1])
    override(care.supervisor, woman, on=tomorrow)

    woman.consents.filter(scope="visits").update(ended_at=NOW)
    assert participants_to_replan(TODAY) == [woman.pk]
    replan_participant(by=PLANNER, participant=woman, now=NOW)

    visit.refresh_from_db()
    assert visit.status == "superseded"
