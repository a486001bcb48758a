"""Messages on their way: the task, workers that meet or die, and nothing of hers written down."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.core import serializers
from django.db import connection
from django.utils import timezone

from accounts.sweeping import StepsFailed
from audit.models import Event
from messaging.senders import SendingFailed, SendingUncertain
from messaging.texts import message_text
from participants import services, tasks
from participants.models import OutgoingMessage, Participant, SafeContactPlan
from participants.outgoing import MessageState
from participants.tasks import MESSENGER
from tests.factories import NOW
from tests.participants.conftest import make_care
from tests.participants.test_messages import ROSA, claimed, make_reachable, queued, states


class Refusing:
    def send(self, address: str, text: str) -> None:
        raise SendingFailed("status 400")


class Silent:
    def send(self, address: str, text: str) -> None:
        raise SendingUncertain("TimeoutError")


@pytest.fixture
def always_safe(care):
    """Safe around the clock, so that the task, which reads the clock, always may send."""
    woman = make_reachable(care)
    SafeContactPlan.objects.update(safe_from=time(0), safe_until=time.max, safe_weekdays=[1, 2, 3, 4, 5, 6, 7])
    return Participant.objects.get(pk=woman.pk)


@pytest.mark.requirement("F55")
def test_the_task_sends_once_and_nothing_of_hers_is_written_down(care, always_safe, settings, capsys, caplog):
    message = queued(care.supervisor, always_safe)

    for _again in range(2):
        tasks.send_messages()

    text = message_text("see_you", "es")
    assert capsys.readouterr().out == f"message to …321: {text}\n"
    assert states(message) == [("sent", "")]
    written = serializers.serialize("json", [*OutgoingMessage.objects.all(), *Event.objects.all()]) + caplog.text
    assert [mark for mark in ("987", "rosa", "Rosa", text) if mark in written] == []
    opening = Event.objects.get(action="participants.open_card")
    assert (opening.actor, opening.details) == ("system:messenger", {"purpose": "message", "message": message.pk})


def test_one_message_that_always_fails_holds_up_none_of_those_after_it(care, always_safe, caplog):
    """Its text was taken out of the approved ones while it waited."""
    broken = queued(care.supervisor, always_safe)
    OutgoingMessage.objects.filter(pk=broken.pk).update(text_code="no_longer_approved")
    whole = queued(care.supervisor, make_reachable(care, replace(ROSA, telephone="987 654 322")))
    SafeContactPlan.objects.update(safe_from=time(0), safe_until=time.max, safe_weekdays=[1, 2, 3, 4, 5, 6, 7])
    OutgoingMessage.objects.update(not_before=NOW, expires_at=timezone.now() + timedelta(days=1))

    with pytest.raises(StepsFailed):
        tasks.send_messages()

    assert states(broken, whole) == [("queued", ""), ("sent", "")]
    assert f"step {broken.pk} failed: KeyError in message_text" in caplog.text
    assert always_safe.study_code not in caplog.text


@pytest.mark.parametrize(
    ("sender", "state", "log"),
    [
        (Refusing, ("queued", ""), "message {} did not leave by sms: status 400"),
        (Silent, ("unknown", "no_answer"), "message {} may have left by sms: TimeoutError"),
    ],
)
def test_what_is_certain_is_tried_again_and_what_is_not_never(care, always_safe, settings, caplog, sender, state, log):
    settings.MESSAGE_SENDERS = {"sms": f"{__name__}.{sender.__name__}"}
    message = queued(care.supervisor, always_safe)

    tasks.send_message(message_id=message.pk)

    assert states(message) == [state]
    assert caplog.messages == [log.format(message.pk)]


@pytest.mark.requirement("F55")
def test_two_workers_at_once_claim_it_once(committed_study):
    care = make_care()
    message = queued(care.supervisor, make_reachable(care))
    together = Barrier(4)

    def attempt(_worker):
        together.wait()
        try:
            return claimed(message)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        envelopes = list(pool.map(attempt, range(4)))

    assert [envelope.message_id for envelope in envelopes if envelope] == [message.pk]
    assert OutgoingMessage.objects.get().attempts == 1


def test_two_messages_to_her_at_once_leave_one_for_tomorrow(committed_study):
    care = make_care()
    woman = make_reachable(care)
    both = [queued(care.supervisor, woman), queued(care.interviewer, woman)]
    together = Barrier(2)

    def attempt(message):
        together.wait()
        try:
            return claimed(message)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        envelopes = list(pool.map(attempt, both))

    assert sum(envelope is not None for envelope in envelopes) == 1
    assert sorted(OutgoingMessage.objects.values_list("state", flat=True)) == [
        MessageState.QUEUED,
        MessageState.SENDING,
    ]


def test_withdrawal_and_sending_at_once_agree(committed_study):
    care = make_care()
    woman = make_reachable(care)
    message = queued(care.supervisor, woman)
    together = Barrier(2)

    def send():
        together.wait()
        try:
            return claimed(message) is not None
        finally:
            connection.close()

    def leave():
        together.wait()
        try:
            services.withdraw_participant(by=care.supervisor, participant=woman, reason="her_wish", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        has_left, _ended = pool.submit(send), pool.submit(leave)
        has_left, _ended = has_left.result(), _ended.result()

    assert states(message) == [("sending", "")] if has_left else [("cancelled", "not_followed")]


KILLED = """
import os, sys, datetime, django, time_machine
django.setup()
time_machine.travel(datetime.datetime.fromisoformat(sys.argv[2])).start()
from participants import tasks
class Dying:
    def send(self, address, text):
        os._exit(9)
tasks.sender_for = lambda way: Dying()
tasks.send_message(message_id=int(sys.argv[1]))
"""


@pytest.mark.requirement("F55")
def test_a_worker_killed_while_sending_leaves_it_to_a_person(committed_study):
    care = make_care()
    woman = make_reachable(care)
    SafeContactPlan.objects.update(safe_from=time(0), safe_until=time.max)
    message = queued(care.supervisor, woman)

    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(message.pk), timezone.now().isoformat()],
        env={**committed_study.environment, "PYTHONPATH": str(Path.cwd())},
        check=False,
        capture_output=True,
    )

    assert killed.returncode == 9, killed.stderr
    assert states(message) == [("sending", "")]
    tasks.send_message(message_id=message.pk)
    assert states(message) == [("sending", "")]
    message.refresh_from_db()
    services.sweep_messages(by=MESSENGER, now=message.claimed_at + timedelta(minutes=15))
    assert states(message) == [("unknown", "broken_off")]
