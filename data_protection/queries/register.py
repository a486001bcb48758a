"""What the register of the data bank counts."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from data_protection.models import DataRequest
from participants.models import Erasure, Participant, ReportBox
from protocol.queries import current_protocol


def keep_reports_days() -> int | None:
    """Return after how many days a report forgets who made it, None where the protocol does not say."""
    screening = current_protocol().screening
    return screening.keep_identities_days if screening else None


def request_counts() -> Mapping[str, int]:
    """Return how many requests there were of each kind."""
    return dict(DataRequest.objects.order_by("kind").values_list("kind").annotate(requests=Count("pk")))


def erased_women() -> int:
    """Return of how many women the key was destroyed."""
    return Participant.objects.filter(data_erased_at__isnull=False).count()


def forgotten_reports() -> int:
    """Return how many reports no longer say who made them."""
    return ReportBox.objects.filter(destroyed_at__isnull=False).count()


def erasures_done() -> list[tuple[datetime, int]]:
    """Return when keys were destroyed and of how many women, in time."""
    done = Erasure.objects.exclude(done_at=None).order_by("done_at", "pk")
    return [(at, women) for at, women in done.values_list("done_at", "women_erased") if at is not None]
