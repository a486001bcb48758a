"""The ways out: each sends one text to one address. Which is used is a setting; the console is the default."""

import json
import sys
import urllib.error
import urllib.request
from enum import StrEnum
from smtplib import SMTPException
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

TIMEOUT_S = 15
SHOWN_OF_ADDRESS = 3


class Way(StrEnum):
    """How a text travels."""

    EMAIL = "email"
    SMS = "sms"


class SendingFailed(Exception):
    """The text did not leave; it may be tried again. The message holds neither address nor text."""


class Sender(Protocol):
    """Takes a text to an address (an e-mail address, or a telephone number). Raise SendingFailed."""

    def send(self, address: str, text: str) -> None: ...


class ConsoleSender:
    """Prints what would be sent; of the address only the end, since what is printed is kept in logs."""

    def send(self, address: str, text: str) -> None:
        sys.stdout.write(f"message to …{address[-SHOWN_OF_ADDRESS:]}: {text}\n")


class EmailSender:
    """Sends by the mail server of the settings; the subject is the study's neutral name."""

    def send(self, address: str, text: str) -> None:
        try:
            send_mail(settings.MESSAGE_SUBJECT, text, None, [address])
        except (SMTPException, OSError) as error:
            raise SendingFailed(type(error).__name__) from None


class SmsGatewaySender:
    """Posts {"to", "text"} as JSON to the gateway of the settings, with its token."""

    def send(self, address: str, text: str) -> None:
        request = urllib.request.Request(  # noqa: S310 - the address is the installation's own setting
            settings.SMS_GATEWAY_URL,
            data=json.dumps({"to": address, "text": text}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
                pass
        except urllib.error.HTTPError as error:
            error.close()
            raise SendingFailed(f"status {error.code}") from None
        except OSError as error:
            raise SendingFailed(type(error).__name__) from None


def sender_for(way: Way) -> Sender:
    """Return the sender that the settings name for a way."""
    sender: Sender = import_string(settings.MESSAGE_SENDERS[way])()
    return sender
