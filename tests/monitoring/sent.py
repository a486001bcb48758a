"""What leaves at a moment, kept in the memory of the test."""

from datetime import datetime, timedelta

from accounts.models import User
from messaging.senders import SendingFailed
from monitoring import tasks
from monitoring.jobs import LONGEST_SILENCE
from monitoring.models import JobHeartbeat
from monitoring.presenters.messages import messages_due
from participants.services import hold_secret
from tests.factories import NOW
from visits.models import Device

SENT: list[tuple[str, str]] = []


class KeepingSender:
    def send(self, address: str, text: str) -> None:
        SENT.append((address, text))

    def send_file(self, address: str, text: str, attachment: object) -> None:
        SENT.append((address, text))


class RefusingSender:
    def send(self, address: str, text: str) -> None:
        raise SendingFailed("ConnectionRefusedError")


def keep(settings) -> None:
    """Let everything that leaves be kept here."""
    SENT.clear()
    settings.MESSAGE_SENDERS = dict.fromkeys(("email", "sms"), f"{__name__}.KeepingSender")


def send(now: datetime, *kinds: str) -> list[tuple[str, str]]:
    """Send what is due at a moment, of some kinds if any are named; return what left."""
    before = len(SENT)
    for due in messages_due(now):
        if not kinds or due.kind in kinds:
            tasks.send_once(due, now=now)
    return SENT[before:]


def addresses(now: datetime, *kinds: str) -> list[str]:
    return [address for address, _text in send(now, *kinds)]


def all_jobs_ran(at: datetime) -> None:
    JobHeartbeat.objects.all().delete()
    JobHeartbeat.objects.bulk_create(JobHeartbeat(job=job, started_at=at, succeeded_at=at) for job in LONGEST_SILENCE)


def phone(owner: User, *, waits: timedelta | None, **more) -> Device:
    """Return a telephone on which something has waited for so long."""
    part = hold_secret(by=tasks.NOTIFIER, name=f"device {owner.pk} {Device.objects.count()}", secret=b"0" * 32)
    return Device.objects.create(
        user=owner, server_part=part, registered_at=NOW - 9 * timedelta(days=1), last_seen_at=NOW - timedelta(hours=1),
        unsent_count=0 if waits is None else 2, oldest_unsent_at=None if waits is None else NOW - waits, **more,
    )  # fmt: skip
