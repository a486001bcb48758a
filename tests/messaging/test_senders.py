"""The ways out, each against a server that listens: nothing of what is sent stands in a log."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core import mail

from messaging.senders import (
    ConsoleSender,
    EmailSender,
    SendingFailed,
    SendingUncertain,
    SmsGatewaySender,
    Way,
    sender_for,
)

ADDRESS, TEXT = "+51987654321", "Hola."


@pytest.fixture
def gateway(settings) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """An SMS gateway on this machine; gives what it received."""
    received: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((self.headers["Authorization"], body))
            self.send_response(200 if body["to"] == ADDRESS else 500)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"http://127.0.0.1:{server.server_port}/", "secreto"
    yield received
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("way", Way)
def test_without_settings_the_console_sends_and_hides_the_address(way, capsys):
    sender = sender_for(way)
    assert isinstance(sender, ConsoleSender)

    sender.send(ADDRESS, TEXT)

    assert capsys.readouterr().out == "message to …321: Hola.\n"


def test_the_gateway_gets_address_and_text(gateway, settings):
    settings.MESSAGE_SENDERS = {"sms": "messaging.senders.SmsGatewaySender"}

    sender_for(Way.SMS).send(ADDRESS, TEXT)

    assert gateway == [("Bearer secreto", {"to": ADDRESS, "text": TEXT})]


def test_a_gateway_that_refuses_is_a_failure_without_address(gateway):
    with pytest.raises(SendingFailed) as caught:
        SmsGatewaySender().send("+51911111111", TEXT)

    assert str(caught.value) == "status 500"


def test_a_gateway_that_is_away_is_a_failure_without_address(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{probe.getsockname()[1]}/"

        with pytest.raises(SendingFailed) as caught:
            SmsGatewaySender().send(ADDRESS, TEXT)

    assert (str(caught.value), caught.value.__cause__) == ("URLError", None)


def test_mail_has_a_neutral_subject():
    EmailSender().send("guardia@example.org", TEXT)

    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Agenda", TEXT, ["guardia@example.org"])


def test_a_mail_server_that_is_away_is_a_failure_without_address(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]

        with pytest.raises(SendingFailed, match="ConnectionRefusedError"):
            EmailSender().send("guardia@example.org", TEXT)


def test_a_gateway_that_answers_nonsense_may_have_sent_it(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            caller, _address = listening.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(b"what?\r\n\r\n")

        talking = Thread(target=answer)
        talking.start()
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(SendingUncertain):
            SmsGatewaySender().send(ADDRESS, TEXT)
        talking.join()
