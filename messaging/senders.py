"""The ways out: each sends one text to one address. Which is used is a setting; the console is the default."""

import json
import socket
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPException
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

TIMEOUT_S = 15
SHOWN_OF_ADDRESS = 3
# The mail server said no before it had the text, or was never reached.
_NOT_TAKEN = (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    ConnectionRefusedError,
    socket.gaierror,
)


class Way(StrEnum):
    """How a text travels."""

    EMAIL = "email"
    SMS = "sms"


class SendingFailed(Exception):
    """The text did not leave; it may be tried again. The message holds neither address nor text."""


class SendingUncertain(SendingFailed):
    """The text may have left: nobody answered, or too late. Sent again it might arrive twice."""


class Sender(Protocol):
    """Takes a text to an address (an e-mail address, or a telephone number). Raise SendingFailed, SendingUncertain."""

    def send(self, address: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a text: a neutral name, its content, and what it is (a media type)."""

    name: str
    content: bytes
    media_type: str


@runtime_checkable
class FileSender(Protocol):
    """Takes a text with a file to an address. Raise SendingFailed, SendingUncertain."""

    def send_file(self, address: str, text: str, attachment: Attachment) -> None: ...


class ConsoleSender:
    """Prints what would be sent; of the address only the end, since what is printed is kept in logs."""

    def send(self, address: str, text: str) -> None:
        sys.stdout.write(f"message to …{address[-SHOWN_OF_ADDRESS:]}: {text}\n")

    def send_file(self, address: str, text: str, attachment: Attachment) -> None:
        self.send(address, f"{text} [{attachment.name}, {len(attachment.content)} bytes]")


class EmailSender:
    """Sends by the mail server of the settings; the subject is the study's neutral name."""

    def send(self, address: str, text: str) -> None:
        self._leave(EmailMessage(settings.MESSAGE_SUBJECT, text, None, [address]))

    def send_file(self, address: str, text: str, attachment: Attachment) -> None:
        message = EmailMessage(settings.MESSAGE_SUBJECT, text, None, [address])
        message.attach(attachment.name, attachment.content, attachment.media_type)
        self._leave(message)

    def _leave(self, message: EmailMessage) -> None:
        try:
            message.send()
        except _NOT_TAKEN as error:
            raise SendingFailed(type(error).__name__) from None
        except (SMTPException, OSError) as error:
            raise SendingUncertain(type(error).__name__) from None


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
            raise _of_status(error.code) from None
        except (OSError, HTTPException) as error:
            never_connected = isinstance(getattr(error, "reason", error), ConnectionRefusedError | socket.gaierror)
            raise (SendingFailed if never_connected else SendingUncertain)(type(error).__name__) from None


def _of_status(status: int) -> SendingFailed:
    """Return the failure that an HTTP status means: a server that erred may have sent it all the same."""
    message = f"status {status}"
    return SendingUncertain(message) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else SendingFailed(message)


def sender_for(way: Way) -> Sender:
    """Return the sender that the settings name for a way."""
    sender: Sender = import_string(settings.MESSAGE_SENDERS[way])()
    return sender


def file_sender_for(way: Way) -> FileSender:
    """Return the same sender where it takes files too. Raise SendingFailed where it does not."""
    sender = sender_for(way)
    if not isinstance(sender, FileSender):
        raise SendingFailed(f"{type(sender).__name__} takes no files")
    return sender
