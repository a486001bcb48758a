"""The clock of cases that nobody answers: run twice, at once, late, and around people who come and go."""

from datetime import timedelta

import pytest

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from safety import services, tasks
from safety.models import SafetyCase, SafetyNotice
from tests.factories import NOW, UserFactory
from tests.safety.factories import SafetyCaseFactory
from tests.safety.test_cases import act, close, raise_

CLOCK = SystemActor("test clock", frozenset({Permission.ESCALATE_CASES}))
TEXT = "Tiene un aviso nuevo en la agenda. Ingrese para verlo."


def sweep(hours: float) -> int:
    return services.escalate_cases(by=CLOCK, now=NOW + timedelta(hours=hours))


def told(case: SafetyCase) -> list[tuple[int, str]]:
    return list(case.notices.order_by("step", "audience").values_list("step", "audience"))


@pytest.mark.requirement("F15")
@pytest.mark.requirement("F42")
@pytest.mark.requirement("N22")
def test_a_reminder_at_half_time_then_everybody_in_charge_then_each_day(care, woman, safety_officer):
    case = raise_(care.officer, woman)
    assert [sweep(hours) for hours in (1, 12, 12, 23, 24, 30, 48, 49, 80)] == [0, 1, 0, 0, 1, 0, 1, 0, 1]

    assert told(case) == [
        (0, "safety"), (1, "safety"), (2, "administrators"), (2, "safety"), (3, "administrators"), (3, "safety"),
        (4, "administrators"), (4, "safety"),
    ]  # fmt: skip
    case.refresh_from_db()
    assert (case.escalation_level, case.escalated_at) == (4, NOW + timedelta(hours=80))
    steps = Event.objects.filter(action="safety.escalate_case").order_by("id")
    assert [(event.object_id, event.details["step"]) for event in steps] == [
        (woman.study_code, n) for n in (1, 2, 3, 4)
    ]


def test_a_late_sweep_takes_no_step_back(care, woman, safety_officer):
    case = raise_(care.officer, woman)
    assert (sweep(30), sweep(13), sweep(30)) == (1, 0, 0)
    case.refresh_from_db()
    assert case.escalation_level == 2


def test_what_is_answered_or_closed_is_left_alone(care, woman, safety_officer):
    act(safety_officer, raise_(care.officer, woman))
    close(safety_officer, raise_(care.officer, woman, "officer_concern"))
    assert sweep(100) == 0


@pytest.mark.parametrize("status", ["withdrawn", "deceased"])
def test_the_clock_runs_on_when_she_leaves(care, woman, safety_officer, status):
    raise_(care.officer, woman)
    woman.status = status
    woman.save()
    assert sweep(24) == 1


def test_with_nobody_on_duty_the_administrators_hear_at_once(care, woman):
    case = raise_(care.officer, woman)
    assert told(case) == [(0, "administrators"), (0, "safety")]
    sweep(12)
    assert told(case)[2:] == [(1, "administrators"), (1, "safety")]


def test_a_case_without_hands_goes_to_whoever_comes(care, woman, safety_officer):
    waiting, at_work = raise_(care.officer, woman), SafetyCaseFactory(at_work=True, duty_person=safety_officer)
    closed = SafetyCaseFactory(closed=True, duty_person=safety_officer)
    safety_officer.is_active = False
    safety_officer.save()
    sweep(1)
    assert SafetyCase.objects.get(pk=waiting.pk).duty_person == safety_officer  # there is nobody else

    other = UserFactory(role=Role.SAFETY_OFFICER)
    sweep(2)
    sweep(2)

    assert {case.duty_person for case in SafetyCase.objects.exclude(pk=closed.pk)} == {other}
    closed.refresh_from_db()
    assert closed.duty_person == safety_officer
    handed = Event.objects.filter(action="safety.hand_over_case").order_by("id")
    assert [event.details["case"] for event in handed] == [waiting.pk, at_work.pk]


def test_only_the_clock_escalates(safety_officer):
    with pytest.raises(PermissionMissing):
        services.escalate_cases(by=safety_officer, now=NOW)


@pytest.mark.requirement("F55")
def test_each_audience_is_told_once_in_words_that_tell_nothing(care, woman, settings, capsys):
    settings.SAFETY_NOTICES_TO, settings.ADMIN_NOTICES_TO = ["guardia@example.org"], ["+51987654321"]
    raise_(care.officer, woman)
    raise_(care.officer, woman, "officer_concern")

    for _again in range(2):
        tasks.send_notices()

    assert capsys.readouterr().out.splitlines() == [f"message to …org: {TEXT}", f"message to …321: {TEXT}"]
    assert not SafetyNotice.objects.filter(sent_at=None).exists()


def test_what_did_not_leave_waits_for_the_next_turn_and_holds_nobody_else_up(care, woman, settings, capsys, caplog):
    settings.SAFETY_NOTICES_TO, settings.ADMIN_NOTICES_TO = ["+51987654321"], ["jefa@example.org"]
    settings.MESSAGE_SENDERS = settings.MESSAGE_SENDERS | {"sms": "messaging.senders.SmsGatewaySender"}
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"
    raise_(care.officer, woman)

    tasks.send_notices()

    assert list(SafetyNotice.objects.filter(sent_at=None).values_list("audience", flat=True)) == ["safety"]
    assert caplog.messages == ["a notice did not leave by sms: URLError"]


def test_the_task_lets_the_clock_run(safety_officer):
    case = SafetyCaseFactory(raised_at=NOW - timedelta(days=9), first_response_due_at=NOW - timedelta(days=8))
    tasks.escalate_cases()
    case.refresh_from_db()
    assert case.escalation_level >= 2
    assert case.duty_person == safety_officer
