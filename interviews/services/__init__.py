"""The only writers of interviews."""

from interviews.services.scheduling import (
    InterviewMovedOn,
    Meeting,
    NotYetTime,
    TimeIsPast,
    TimeNotSafe,
    agree_interview,
    end_interview,
    hold_interview,
    propose_interview,
)
from interviews.services.selecting import (
    PER_ARM,
    NobodyToReplace,
    NoLockedAllocation,
    TooFewConsenting,
    follow_participant,
    replace_dropouts,
    select_interviewees,
)

__all__ = [
    "PER_ARM",
    "InterviewMovedOn",
    "Meeting",
    "NoLockedAllocation",
    "NobodyToReplace",
    "NotYetTime",
    "TimeIsPast",
    "TimeNotSafe",
    "TooFewConsenting",
    "agree_interview",
    "end_interview",
    "follow_participant",
    "hold_interview",
    "propose_interview",
    "replace_dropouts",
    "select_interviewees",
]
