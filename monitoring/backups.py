"""Whether the last backup is recent enough, and a restore was tried lately enough."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class BackupState:
    """The newest backup that was reported (None: none ever was) and the newest day on which a restore was tried."""

    made_at: datetime | None
    restored_on: date | None
    is_old: bool
    is_untried: bool

    @property
    def alarms(self) -> int:
        return self.is_old + self.is_untried


def backup_state(
    made_at: datetime | None,
    restored_on: date | None,
    *,
    alarm_after_days: int,
    restore_days: int,
    now: datetime,
    today: date,
) -> BackupState:
    """Judge the backups at a moment. Without a report there is none: that is an alarm too."""
    return BackupState(
        made_at,
        restored_on,
        is_old=made_at is None or now - made_at > timedelta(days=alarm_after_days),
        is_untried=restored_on is None or today - restored_on > timedelta(days=restore_days),
    )
