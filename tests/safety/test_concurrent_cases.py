"""Real transactions that meet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from accounts.errors import StudyError
from accounts.roles import Role
from safety.models import SafetyCase
from tests.factories import NOW, OfficerFactory, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.participants.conftest import make_care
from tests.safety.test_cases import act, close, raise_


def at_once(*attempts: Callable[[], object]) -> list[object]:
    together = Barrier(len(attempts))

    def run(attempt):
        together.wait()
        try:
            return attempt()
        except StudyError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


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
