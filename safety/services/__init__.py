"""The only writers of safety cases."""

from safety.services.cases import (
    ACTION_NOTE,
    CASE_NOTE,
    CASE_SUMMARY,
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

__all__ = [
    "ACTION_NOTE",
    "CASE_NOTE",
    "CASE_SUMMARY",
    "CaseMovedOn",
    "NoteNeeded",
    "Origin",
    "RuleUnknown",
    "close_case",
    "open_notes",
    "raise_by_hand",
    "raise_case",
    "record_action",
]
