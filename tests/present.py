"""The moment that factories count back from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import factory

from participants.safe_contact import LIMA

START = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


@dataclass
class Present:
    """Always the same moment, or the real one for tests that have the real clock (tests/fixtures/clock.py)."""

    now: datetime = START

    @property
    def today(self) -> date:
        return self.now.astimezone(LIMA).date()


present = Present()


def days_ago(days: int) -> factory.LazyFunction:
    return factory.LazyFunction(lambda: present.now - timedelta(days=days))


def on_day(days: int) -> factory.LazyFunction:
    """So many days after today, before it if negative."""
    return factory.LazyFunction(lambda: present.today + timedelta(days=days))
