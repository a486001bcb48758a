"""How the pages of officers say what a transfer would do."""

from dataclasses import dataclass
from datetime import date, timedelta

from stations.models import Officer, Station
from stations.queries import arms_differ, last_study_posting, postings_of


@dataclass(frozen=True, slots=True)
class Move:
    """What a transfer would do: which posting it ends and when, and whether it crosses arms."""

    station: Station
    starts_on: date
    leaves: Station | None
    last_day: date
    is_later: bool
    crosses_arms: bool


def move_of(officer: Officer, station: Station, *, starts_on: date, today: date) -> Move:
    """Return what a transfer would do, without doing it; only for readers of the arm."""
    last_day = starts_on - timedelta(days=1)
    current = next((posting for posting in postings_of(officer) if posting.is_open), None)
    before = last_study_posting(officer, before=starts_on)
    return Move(
        station=station,
        starts_on=starts_on,
        leaves=current.station if current else None,
        last_day=last_day,
        is_later=starts_on > today,
        crosses_arms=before is not None
        and arms_differ(before.station_id, station.pk, on=min(before.ends_on or last_day, last_day)),
    )
