"""From the world's days to dates and times in Lima."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LIMA = ZoneInfo("America/Lima")


class StudyClock:
    """Turns study days (0 is the first) into dates, and days with minutes into aware datetimes."""

    def __init__(self, first_day: date) -> None:
        self._first_day = first_day
        self._midnight = datetime.combine(first_day, time(0), tzinfo=LIMA)

    def date(self, day: int) -> date:
        """Return the date of a study day."""
        return self._first_day + timedelta(days=int(day))

    def at(self, day: int, minutes: int) -> datetime:
        """Return the moment `minutes` after midnight of a study day; Lima keeps one offset all year."""
        return self._midnight + timedelta(days=int(day), minutes=int(minutes))
