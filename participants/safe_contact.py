"""When and how a woman may be reached: the part of her plan that a planner needs and that names nobody."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Safe weekdays (ISO: 1 Monday … 7 Sunday), hours of the day, and the channel."""

    weekdays: tuple[int, ...]
    safe_from: time
    safe_until: time
    channel: str = "visit"


class CardPurpose(StrEnum):
    """Why a sealed card is opened; the audit keeps it."""

    VISIT = "visit"
    SURVEY = "survey"
    REVIEW = "review"
    EMERGENCY = "emergency"
