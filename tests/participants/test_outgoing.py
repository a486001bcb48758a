"""The rules of messages to a woman."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from accounts.roles import Role
from messaging.senders import Way
from messaging.texts import message_text
from participants import outgoing
from participants.consent_scopes import SCOPE_OF
from participants.identity import Identity
from participants.outgoing import MAY_HAVE_LEFT, TEXTS_OF, TRANSITIONS, MessageState, Purpose, retry_at
from tests.factories import NOW


@dataclass(frozen=True)
class Rules:
    attempts: int = 3
    retry_minutes: int = 10


def test_every_state_has_a_label_and_a_transition():
    assert set(TRANSITIONS) == {state.value for state in MessageState}
    assert {after for following in TRANSITIONS.values() for after in following} <= set(TRANSITIONS)


@pytest.mark.requirement("F55")
def test_what_may_have_left_is_never_sent_again():
    for state in MAY_HAVE_LEFT - {MessageState.SENDING}:
        assert TRANSITIONS[state] == frozenset()
    assert outgoing.may_become("sending", "queued")
    assert not outgoing.may_become("unknown", "queued")


def test_every_purpose_has_texts_a_consent_and_a_status():
    for purpose in Purpose:
        assert SCOPE_OF[outgoing.FEATURE_OF[purpose]]
        assert outgoing.STATUS_OF[purpose] in {"enrolled", "completed"}
        assert all(message_text(code, "es") for code in TEXTS_OF[purpose])
    assert all("staff_notice" not in codes for codes in TEXTS_OF.values())


@pytest.mark.parametrize(
    ("role", "status", "expected"),
    [
        (Role.SUPERVISOR, "enrolled", "visits"),
        (Role.SUPERVISOR, "completed", "visits"),
        (Role.INTERVIEWER, "enrolled", "surveys"),
        (Role.INTERVIEWER, "paused", "surveys"),
        (Role.INTERVIEWER, "completed", "after_study"),
        ("system", "enrolled", "surveys"),
    ],
)
def test_what_a_message_is_about_follows_from_who_writes(role, status, expected):
    assert outgoing.purpose_for(role, status) == expected


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 10), (2, 20), (3, None), (4, None)])
def test_each_pause_is_twice_the_last_until_it_is_over(attempts, minutes):
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)

    assert retry_at(attempts, NOW, Rules()) == expected


@pytest.mark.parametrize(
    ("way", "identity", "expected"),
    [
        (Way.SMS, Identity("R", telephone="987 654 321"), "+51987654321"),
        (Way.SMS, Identity("R", telephone="01 4567890"), None),
        (Way.SMS, Identity("R"), None),
        (Way.EMAIL, Identity("R", email=" rosa@example.org "), "rosa@example.org"),
        (Way.EMAIL, Identity("R", telephone="987654321"), None),
    ],
)
def test_a_message_goes_where_the_card_says_or_nowhere(way, identity, expected):
    assert outgoing.address_for(identity, way) == expected
