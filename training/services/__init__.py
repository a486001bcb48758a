"""The only writers of sessions and attendance."""

from training.services.attendance import (
    EntryInconsistent,
    NobodyCame,
    OfficerNotOnRoster,
    SessionInFuture,
    record_attendance,
)
from training.services.certificates import (
    NothingToCertify,
    SessionNotHeld,
    issue_certificates,
)
from training.services.imports import ImportChangedMeanwhile, import_attendance
from training.services.sessions import (
    ModuleUnknown,
    NobodyMissing,
    NotATrainingStation,
    ReasonMissing,
    RegularSessionFirst,
    SessionAlreadyHeld,
    SessionChangedMeanwhile,
    SessionFacts,
    SessionsUsedUp,
    SessionTaken,
    SessionWithdrawn,
    StationNotDrawn,
    change_session,
    plan_session,
    withdraw_session,
)

__all__ = [
    "EntryInconsistent",
    "ImportChangedMeanwhile",
    "ModuleUnknown",
    "NobodyCame",
    "NobodyMissing",
    "NotATrainingStation",
    "NothingToCertify",
    "OfficerNotOnRoster",
    "ReasonMissing",
    "RegularSessionFirst",
    "SessionAlreadyHeld",
    "SessionChangedMeanwhile",
    "SessionFacts",
    "SessionInFuture",
    "SessionNotHeld",
    "SessionTaken",
    "SessionWithdrawn",
    "SessionsUsedUp",
    "StationNotDrawn",
    "change_session",
    "import_attendance",
    "issue_certificates",
    "plan_session",
    "record_attendance",
    "withdraw_session",
]
