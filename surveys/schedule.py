"""When each wave of surveys is due for a woman, and what may become of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from protocol.months import months_after

TRANSITIONS: dict[str, frozenset[str]] = {
    "due": frozenset({"late", "done", "partial", "not_private", "refused", "missed", "on_hold", "cancelled"}),
    "late": frozenset({"done", "partial", "not_private", "refused", "missed", "on_hold", "cancelled"}),
    "not_private": frozenset({"not_private", "done", "partial", "refused", "missed", "on_hold", "cancelled"}),
    # While she rests, or has not signed the newer text yet.
    "on_hold": frozenset({"due", "late", "missed", "cancelled"}),
    # If she agrees to surveys again while the window is open.
    "cancelled": frozenset({"due"}),
    # What she answered is kept; the rest may follow while the window is open.
    "partial": frozenset({"partial", "done"}),
    "done": frozenset(),
    "refused": frozenset(),
    "missed": frozenset(),
}
OPEN = frozenset({"due", "late", "not_private"})
HELD = frozenset({"on_hold"})
ANSWERED = frozenset({"done", "partial"})
# Why a case is cancelled or on hold; whoever left for another reason has her status as the reason.
HER_CHOICE, PAUSED, NOT_RENEWED = "her_choice", "paused", "not_renewed"


@dataclass(frozen=True, slots=True)
class WaveRule:
    """A wave of the protocol: months after enrolment, and days open before and after."""

    code: str
    month: int
    window_days: int


@dataclass(frozen=True, slots=True)
class DueWave:
    """One woman's wave: the day it is due and the first and last day of its window."""

    code: str
    number: int
    due_on: date
    window_from: date
    window_until: date


def may_become(status: str, following: str) -> bool:
    """Say whether a case of the first status may get the second; a final status allows nothing."""
    return following in TRANSITIONS[status]


def due_waves(enrolled_on: date, waves: Iterable[WaveRule]) -> tuple[DueWave, ...]:
    """Return a woman's waves, numbered from 0 in the protocol's order; no window opens before she is enrolled."""
    found = []
    for number, wave in enumerate(waves):
        due_on = months_after(enrolled_on, wave.month)
        window = timedelta(days=wave.window_days)
        found.append(DueWave(wave.code, number, due_on, max(enrolled_on, due_on - window), due_on + window))
    return tuple(found)
