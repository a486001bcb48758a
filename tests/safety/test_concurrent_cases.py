"""Real transactions that meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.roles import Role
from safety.models import DutyTurn, SafetyCase, SafetyNotice
from safety.services import escalate_cases
from tests.factories import NOW, OfficerFactory, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.locks import at_once, somebody_waits_for_a_row, wait_until
from tests.participants.conftest import make_care
from tests.safety.test_cases import act, close, raise_
from tests.safety.test_duty import put
from tests.safety.test_escalation import CLOCK


def test_the_same_told_twice_at_once_is_one_case(committed_study):
    ProtocolVersionFactory()
    care = make_care()
    woman, colleague = ParticipantFactory(station=care.station), OfficerFactory(posted_at=care.station).user

    cases = at_once(lambda: raise_(care.officer, woman, now=NOW), lambda: raise_(colleague, woman, now=NOW))

    assert cases[0] == cases[1] == SafetyCase.objects.get()
    assert SafetyCase.objects.get().times == 2


def test_of_two_who_answer_the_same_page_at_once_one_is_told_to_look_again(committed_study):
    ProtocolVersionFactory()
    care = make_care()
    one, other = UserFactory(role=Role.SAFETY_OFFICER), UserFactory(role=Role.SAFETY_OFFICER)
    case = raise_(care.officer, ParticipantFactory(station=care.station))

    answers = at_once(lambda: act(one, case, seen=0), lambda: close(other, case, seen=0))

    assert [answer for answer in answers if isinstance(answer, str)] == ["case_moved_on"]
    assert SafetyCase.objects.get().actions.count() == 1


def test_two_sweeps_at_once_take_each_step_once(committed_study):
    ProtocolVersionFactory()
    care, later = make_care(), NOW + timedelta(hours=25)
    UserFactory(role=Role.SAFETY_OFFICER)
    for _ in range(4):
        raise_(care.officer, ParticipantFactory(station=care.station))

    moved = at_once(*[lambda: escalate_cases(by=CLOCK, now=later)] * 2)

    assert sum(moved) == 4
    assert SafetyNotice.objects.filter(step=2).count() == 8


def test_an_answer_and_the_clock_at_once_leave_the_case_answered(committed_study):
    ProtocolVersionFactory()
    care, officer = make_care(), UserFactory(role=Role.SAFETY_OFFICER)
    case = raise_(care.officer, ParticipantFactory(station=care.station))

    at_once(lambda: act(officer, case), lambda: escalate_cases(by=CLOCK, now=NOW + timedelta(hours=25)))

    assert SafetyCase.objects.get().state == "in_progress"
    assert escalate_cases(by=CLOCK, now=NOW + timedelta(hours=99)) == 0


def test_two_who_write_the_roster_at_once_leave_one_on_duty(committed_study):
    one, other = UserFactory(role=Role.SAFETY_OFFICER), UserFactory(role=Role.SAFETY_OFFICER)

    answers = at_once(lambda: put(one, one), lambda: put(other, other))

    assert [answer for answer in answers if isinstance(answer, str)] == ["duty_taken"]
    assert DutyTurn.objects.count() == 1


@pytest.mark.parametrize("answer", [act, close])
def test_what_happens_again_while_the_case_is_being_answered_waits_for_an_answer_of_its_own(committed_study, answer):
    ProtocolVersionFactory()
    care = make_care()
    woman, safety_officer = ParticipantFactory(station=care.station), UserFactory(role=Role.SAFETY_OFFICER)
    first = raise_(care.officer, woman)

    def told_again():
        try:
            return raise_(care.officer, woman)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            answer(safety_officer, first)
            telling = pool.submit(told_again)
            assert wait_until(somebody_waits_for_a_row)
        again = telling.result()

    first.refresh_from_db()
    assert (again.state, again.follows, first.times) == ("open", first, 1)
    assert SafetyCase.objects.waiting().get() == again
