"""The safety officer is told of new notices, once, in words that tell nothing."""

import pytest

from participants import queries, services, tasks
from participants.models import AccessNotice, NoticeTold
from tests.factories import NOW, ParticipantFactory

TEXT = "Tiene un aviso nuevo en la agenda. Ingrese para verlo."


@pytest.fixture
def notice(db) -> AccessNotice:
    services.raise_notice(AccessNotice.Kind.SAME_MAN, now=NOW, participant=ParticipantFactory())
    return AccessNotice.objects.get()


@pytest.mark.requirement("F55")
def test_each_address_is_told_once_and_nothing_of_whom(notice, settings, capsys):
    settings.SAFETY_NOTICES_TO = ["guardia@example.org", "+51987654321"]

    for _again in range(2):
        tasks.send_notices()

    assert capsys.readouterr().out.splitlines() == [f"message to …org: {TEXT}", f"message to …321: {TEXT}"]
    notice.refresh_from_db()
    assert notice.sent_at is not None


def test_a_way_that_fails_leaves_the_notice_for_the_next_turn(notice, settings, capsys, caplog):
    settings.SAFETY_NOTICES_TO = ["+51987654321"]
    settings.MESSAGE_SENDERS = {"sms": "messaging.senders.SmsGatewaySender"}
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"

    tasks.send_notices()

    notice.refresh_from_db()
    assert notice.sent_at is None
    assert caplog.messages == ["a notice did not leave by sms: URLError"]


@pytest.mark.requirement("F55")
def test_who_could_not_be_told_is_tried_again_alone_and_a_notice_counts_once_all_heard(notice, settings, capsys):
    settings.SAFETY_NOTICES_TO = ["guardia@example.org", "+51987654321"]
    console, settings.SMS_GATEWAY_URL = settings.MESSAGE_SENDERS, "http://127.0.0.1:1/"
    settings.MESSAGE_SENDERS = console | {"sms": "messaging.senders.SmsGatewaySender"}
    for _again in range(2):
        tasks.send_notices()
    assert capsys.readouterr().out.splitlines() == [f"message to …org: {TEXT}"]
    notice.refresh_from_db()
    assert notice.sent_at is None
    # Neither address stands in the database.
    assert {row.address for row in NoticeTold.objects.all()} == {queries.address_key("GUARDIA@example.org ")}

    settings.MESSAGE_SENDERS = console
    tasks.send_notices()

    assert capsys.readouterr().out.splitlines() == [f"message to …321: {TEXT}"]
    notice.refresh_from_db()
    assert notice.sent_at is not None


def test_what_may_have_left_is_not_said_twice(notice, settings, caplog):
    settings.SAFETY_NOTICES_TO = ["+51987654321"]
    settings.MESSAGE_SENDERS = {"sms": "tests.participants.test_sending.Silent"}
    for _again in range(2):
        tasks.send_notices()
    assert caplog.messages == ["a notice may have left by sms: TimeoutError"]
    notice.refresh_from_db()
    assert notice.sent_at is not None


def test_with_nobody_to_tell_the_page_alone_holds_it(notice, capsys):
    tasks.send_notices()

    assert capsys.readouterr().out == ""
