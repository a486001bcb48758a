"""The only writers of safety cases."""

from safety.services.cases import (
    ACTION_NOTE,
    CASE_NOTE,
    CASE_SUMMARY,
    EVENT_NOTE,
    CaseMovedOn,
    NoteNeeded,
    Origin,
    RuleUnknown,
    close_case,
    open_notes,
    raise_by_hand,
    raise_case,
    record_action,
)
from safety.services.duty import DutyOutOfOrder, DutyTaken, NotASafetyOfficer, set_duty, withdraw_duty
from safety.services.escalation import escalate_cases
from safety.services.events import (
    EventInFuture,
    Judgement,
    acknowledge_events,
    mark_board_notified,
    record_event,
)
from safety.services.telling import mark_notices_sent

__all__ = [
    "ACTION_NOTE",
    "CASE_NOTE",
    "CASE_SUMMARY",
    "EVENT_NOTE",
    "CaseMovedOn",
    "DutyOutOfOrder",
    "DutyTaken",
    "EventInFuture",
    "Judgement",
    "NotASafetyOfficer",
    "NoteNeeded",
    "Origin",
    "RuleUnknown",
    "acknowledge_events",
    "close_case",
    "escalate_cases",
    "mark_board_notified",
    "mark_notices_sent",
    "open_notes",
    "raise_by_hand",
    "raise_case",
    "record_action",
    "record_event",
    "set_duty",
    "withdraw_duty",
]
