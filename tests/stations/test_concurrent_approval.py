"""Two people at one draw at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from accounts.roles import Role
from audit.models import Event
from protocol.services import load_protocol
from stations import services
from stations.models import Commitment
from stations.services import commit_draw, import_frame
from tests.factories import NOW, PROTOCOL_FILE, UserFactory
from tests.fixtures.study import SYSTEM, approved_by, frame_of_lima, revealed_draw


def lay_ground() -> None:
    load_protocol(by=SYSTEM, text=PROTOCOL_FILE.read_text(), name=PROTOCOL_FILE.name, now=NOW)
    stations, districts = frame_of_lima()
    import_frame(by=SYSTEM, stations=stations, districts=districts)


def at_once(act, arguments):
    start = Barrier(len(arguments))

    def attempt(argument):
        start.wait()
        try:
            return act(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(attempt, arguments))


def test_three_who_approve_at_once_lock_once(committed_study):
    lay_ground()
    draft = revealed_draw()

    def approve(person):
        try:
            return approved_by(person, draft).status
        except services.AllocationLocked:
            return "too late"

    answers = at_once(approve, [UserFactory(role=Role.ADMINISTRATOR) for _ in range(3)])

    assert sorted(answers) == ["draft", "locked", "too late"]
    assert Event.objects.filter(action="stations.lock_allocation").count() == 1


def test_two_who_promise_at_once_leave_one_promise(committed_study):
    lay_ground()

    def promise(source):
        try:
            return commit_draw(by=SYSTEM, public_draw_source=source, now=NOW).public_draw_source
        except services.CommitmentOpen as error:
            return error.code

    answers = at_once(promise, ["first", "second"])

    assert sorted(answers) == sorted(["commitment_open", Commitment.objects.get().public_draw_source])


def test_two_who_reveal_at_once_draw_once(committed_study):
    lay_ground()
    promised = commit_draw(by=SYSTEM, public_draw_source="A public draw", now=NOW)

    def reveal(numbers):
        try:
            return services.reveal_draw(by=SYSTEM, commitment=promised, public_draw=numbers, now=NOW).public_draw
        except services.CommitmentClosed as error:
            return error.code

    answers = at_once(reveal, ["0007", "0008"])

    assert "commitment_closed" in answers
    assert {"0007", "0008"} & set(answers)
