"""A station's phones in words, and the sheets from them that are marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phone.freshness import Concern, PhoneState, concerns, waits_since
from risk.models import PhoneSheet
from risk.sheet_content import SheetMark
from visits.models import Device

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone as the list shows it: whose, what waits on it, how its clock goes."""

    device: Device
    waiting: str
    clock: str
    concerns: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A marked sheet: of whom, and why."""

    sheet: PhoneSheet
    marks: tuple[str, ...]


def phone_rows(phones: Iterable[Device], now: datetime) -> list[PhoneRow]:
    """Return phones in words."""
    return [_row(phone, now) for phone in phones]


def sheet_rows(sheets: Iterable[PhoneSheet]) -> list[SheetRow]:
    """Return marked sheets in words."""
    return [SheetRow(sheet, tuple(str(SheetMark(mark).label) for mark in sheet.marks)) for sheet in sheets]


def duration(seconds: float) -> str:
    """Return a time in its largest whole unit: "2 h"."""
    for length, unit in ((_DAY_S, _("d")), (_HOUR_S, _("h")), (_MINUTE_S, _("min"))):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return _("less than a minute")


def _row(phone: Device, now: datetime) -> PhoneRow:
    state = PhoneState(phone.last_seen_at, phone.oldest_unsent_at, phone.clock_skew_s, phone.wiped_at)
    found = concerns(state, now)
    kind = "bad" if Concern.UNSENT in found else "warn"
    return PhoneRow(phone, _waiting(phone, state, now), _clock(phone), tuple(str(each.label) for each in found), kind)


def _waiting(phone: Device, state: PhoneState, now: datetime) -> str:
    if not phone.unsent_count:
        return _("Everything was sent")
    since = waits_since(state)
    count = ngettext("%(count)d waits", "%(count)d wait", phone.unsent_count) % {"count": phone.unsent_count}
    if since is None:
        return count
    return _("%(count)s, the oldest for %(time)s") % {
        "count": count, "time": duration(max(0, (now - since).total_seconds())),
    }  # fmt: skip


def _clock(phone: Device) -> str:
    skew = phone.clock_skew_s or 0
    if abs(skew) < _MINUTE_S:
        return ""
    words = _("Its clock is %(time)s ahead") if skew > 0 else _("Its clock is %(time)s behind")
    return words % {"time": duration(abs(skew))}
