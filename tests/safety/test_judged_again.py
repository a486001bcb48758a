"""An event is judged again, or withdrawn with a reason, and nothing is altered; a case goes into other hands."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from safety import queries, services
from safety.models import AdverseEvent, SafetyCase
from safety.services import Judgement
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.risk.test_views import signed_in
from tests.safety.factories import SafetyCaseFactory
from tests.safety.test_events import DISTRESS, write

Kind, Relatedness, Withdrawal = AdverseEvent.Kind, AdverseEvent.Relatedness, AdverseEvent.Withdrawal
HOSPITAL = Judgement(Kind.HOSPITAL, TODAY, Relatedness.PROBABLY)
LATER = NOW + timedelta(hours=3)


def judge(by, event, judgement=HOSPITAL, note="", now=LATER):
    return services.judge_event_again(by=by, event=event, judgement=judgement, note=note, now=now)


def withdraw(by, event, reason=Withdrawal.TWICE, now=LATER):
    return services.withdraw_event(by=by, event=event, reason=reason, now=now)


# --- Judged again ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("F42")
def test_a_later_judgement_stands_beside_the_first_and_the_board_hears_of_it(safety_officer):
    first = write(safety_officer, SafetyCaseFactory())
    assert queries.serious_events_untold() == []

    second = judge(safety_officer, first)

    first.refresh_from_db()
    assert (first.kind, first.is_serious, first.replaced_by) == ("distress", False, second)
    assert (second.kind, second.is_serious, second.replaces, second.discovered_at) == (
        "hospital", True, first, first.discovered_at,
    )  # fmt: skip
    assert queries.serious_events_untold() == [second.pk]
    assert [action.kind for action in queries.actions_of(second.case)] == ["event", "judged_again"]
    assert Event.objects.get(action="safety.judge_event_again").details == {
        "case": first.case_id, "event": second.pk, "before": first.pk, "kind": "hospital", "serious": True,
    }  # fmt: skip


def test_only_what_stands_is_judged_or_withdrawn(safety_officer):
    first = write(safety_officer, SafetyCaseFactory())
    second = judge(safety_officer, first)
    withdraw(safety_officer, second)
    for act, event in ((judge, first), (withdraw, first), (judge, second), (withdraw, second)):
        with pytest.raises(services.EventMovedOn):
            act(safety_officer, event)
    with pytest.raises(PermissionMissing):
        judge(UserFactory(role=Role.ADMINISTRATOR), write(safety_officer, SafetyCaseFactory()))


def test_what_is_wrong_with_a_first_judgement_is_wrong_with_a_later_one(safety_officer):
    event = write(safety_officer, SafetyCaseFactory())
    with pytest.raises(services.EventInFuture):
        judge(safety_officer, event, Judgement(Kind.DISTRESS, TODAY + timedelta(days=1), Relatedness.NOT))
    with pytest.raises(services.NoteNeeded):
        judge(safety_officer, event, Judgement(Kind.OTHER, TODAY, Relatedness.NOT))
    assert AdverseEvent.objects.count() == 1


# --- Withdrawn -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("F42")
def test_a_withdrawn_event_stays_with_its_reason_and_is_new_to_the_board_again(safety_officer):
    member = UserFactory(role=Role.ETHICS_BOARD)
    event = write(safety_officer, SafetyCaseFactory(), HOSPITAL)
    services.acknowledge_events(by=member, oldest=event.pk, newest=event.pk, now=NOW + timedelta(hours=1))
    assert [row.is_new for row in queries.events_listed(member)] == [False]

    withdraw(safety_officer, event)

    (row,) = queries.events_listed(member)
    assert (row.is_new, row.read, row.withdrawn_for) == (True, 0, "twice")
    assert queries.serious_events_untold() == []
    page = signed_in(member).get(reverse("event_list")).content.decode()
    assert "Se anotó dos veces" in page
    assert event.case.participant.study_code not in page
    services.acknowledge_events(by=member, oldest=event.pk, newest=event.pk, now=LATER + timedelta(hours=1))
    (row,) = queries.events_listed(member)
    assert (row.is_new, row.read) == (False, 1)


def test_the_database_wants_a_reason_and_one_later_judgement_alone(safety_officer):
    event = write(safety_officer, SafetyCaseFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        AdverseEvent.objects.filter(pk=event.pk).update(withdrawn_at=NOW)
    judge(safety_officer, event)
    other = write(safety_officer, event.case)
    with pytest.raises(DatabaseError), transaction.atomic():
        AdverseEvent.objects.filter(pk=other.pk).update(replaces=event)


# --- Into other hands ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("F42")
def test_a_case_goes_into_other_hands_and_its_clock_goes_on(safety_officer):
    other = UserFactory(role=Role.SAFETY_OFFICER)
    case = SafetyCaseFactory(duty_person=safety_officer)

    services.hand_over_case(by=safety_officer, case=case, to=other, note="Guardia de noche", now=NOW, seen=0)

    case.refresh_from_db()
    assert (case.duty_person, case.state, case.first_response_at) == (other, "open", None)
    (action,) = queries.actions_of(case)
    assert (action.kind, action.by, action.handed_to) == ("handed_over", safety_officer, other)
    assert list(queries.cases_filtered(other, NOW, mine=True)) == [case]
    assert Event.objects.get(action="safety.hand_over_by_hand").details == {"case": case.pk, "to": other.audit_name}


def test_a_case_goes_only_to_an_active_safety_officer_and_not_once_it_is_closed(safety_officer):
    case = SafetyCaseFactory(duty_person=safety_officer)
    for to, error in (
        (UserFactory(role=Role.ADMINISTRATOR), services.NotASafetyOfficer),
        (UserFactory(role=Role.SAFETY_OFFICER, is_active=False), services.NotASafetyOfficer),
        (safety_officer, services.InTheseHands),
    ):
        with pytest.raises(error):
            services.hand_over_case(by=safety_officer, case=case, to=to, note="", now=NOW)
    other = UserFactory(role=Role.SAFETY_OFFICER)
    with pytest.raises(services.CaseMovedOn):
        services.hand_over_case(by=safety_officer, case=case, to=other, note="", now=NOW, seen=7)
    closed = SafetyCaseFactory(closed=True)
    with pytest.raises(services.CaseMovedOn):
        services.hand_over_case(by=safety_officer, case=closed, to=other, note="", now=NOW)


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_safety_officer_judges_again_withdraws_and_hands_over_on_her_pages(safety_officer):
    other = UserFactory(role=Role.SAFETY_OFFICER)
    case = SafetyCaseFactory(duty_person=safety_officer)
    event, client = write(safety_officer, case), signed_in(safety_officer)
    detail, judging = reverse("case_detail", args=[case.pk]), reverse("event_judge", args=[event.pk])
    assert judging in client.get(detail).content.decode()
    assert client.get(judging).context["form"].initial["kind"] == "distress"
    wrong = client.post(
        judging, {"kind": "hospital", "occurred_on": "2199-01-01", "relatedness": "not", "note": "ñ<b>"}
    )
    assert "occurred_on" in wrong.context["form"].errors
    assert "ñ&lt;b&gt;" in wrong.content.decode()

    client.post(judging, {"kind": "hospital", "occurred_on": TODAY.isoformat(), "relatedness": "not"})

    second = AdverseEvent.objects.get(replaces=event)
    assert client.get(judging).status_code == 404
    taking_back = reverse("event_withdraw", args=[second.pk])
    assert client.post(taking_back, {"reason": "x"}).context["form"].errors
    client.post(taking_back, {"reason": "mistake"})
    assert "Se anotó por error" in client.get(detail).content.decode()
    client.post(reverse("case_hand_over", args=[case.pk]), {"to": str(other.pk), "seen": "3"})
    assert SafetyCase.objects.get(pk=case.pk).duty_person == other
    assert other.display_name in client.get(detail).content.decode()


def test_where_nobody_else_is_the_page_says_so(safety_officer):
    case = SafetyCaseFactory(duty_person=safety_officer)
    page = signed_in(safety_officer).get(reverse("case_hand_over", args=[case.pk])).content.decode()
    assert "No hay nadie más" in page


# --- Two at once -----------------------------------------------------------------------------------------------------


def test_two_who_judge_at_once_leave_one_judgement_that_stands(committed_study):
    ProtocolVersionFactory()
    officer = UserFactory(role=Role.SAFETY_OFFICER)
    event = write(officer, SafetyCaseFactory(participant=ParticipantFactory()), DISTRESS)
    results, start = [], threading.Barrier(2)

    def act(service) -> None:
        try:
            start.wait()
            service(officer, event)
            results.append("done")
        except services.EventMovedOn:
            results.append("moved on")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(service,)) for service in (judge, withdraw)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["done", "moved on"]
    assert AdverseEvent.objects.filter(replaced_by=None, withdrawn_at=None).count() in {0, 1}
