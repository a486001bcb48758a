"""The only writers of women's records."""

from participants.reach import (
    ConsentMissing,
    ParticipantLeft,
    ParticipantOutOfReach,
)
from participants.services.cards import (
    open_safe_contact_card,
    update_safe_contact,
)
from participants.services.consent_texts import ConsentTextDayTaken, ConsentTextFrozen, load_consent_text
from participants.services.enrolment import (
    AlreadyEnrolled,
    NameMissing,
    NotAnAdult,
    NotScreened,
    NotTheWomanScreened,
    StationFull,
    StationNotInStudy,
    enrol_participant,
)
from participants.services.erasure import (
    ErasedAlready,
    ErasureAskedAlready,
    ErasureNotOpen,
    SecondPersonNeeded,
    StillTakesPart,
    StudyStillRunning,
    cancel_erasure,
    confirm_erasure,
    destroy_keys,
    finish_destruction,
    record_certificate,
    request_destruction,
    request_erasure,
)
from participants.services.intake import (
    Received,
    ReportInFuture,
    ReportNumberMissing,
    ReportNumberTaken,
    receive_report,
)
from participants.services.keys import Rotation, record_vault_check, rotate_keys
from participants.services.report_keys import rotate_report_keys
from participants.services.screening import (
    NotHerFirstReport,
    ReportOutOfReach,
    ScreenedMeanwhile,
    ScreeningIncomplete,
    read_report,
    screen_report,
)
from participants.services.status import (
    StatusChangeRefused,
    change_status,
    withdraw_participant,
)

__all__ = [
    "AlreadyEnrolled",
    "ConsentMissing",
    "ConsentTextDayTaken",
    "ConsentTextFrozen",
    "ErasedAlready",
    "ErasureAskedAlready",
    "ErasureNotOpen",
    "NameMissing",
    "NotAnAdult",
    "NotHerFirstReport",
    "NotScreened",
    "NotTheWomanScreened",
    "ParticipantLeft",
    "ParticipantOutOfReach",
    "Received",
    "ReportInFuture",
    "ReportNumberMissing",
    "ReportNumberTaken",
    "ReportOutOfReach",
    "Rotation",
    "ScreenedMeanwhile",
    "ScreeningIncomplete",
    "SecondPersonNeeded",
    "StationFull",
    "StationNotInStudy",
    "StatusChangeRefused",
    "StillTakesPart",
    "StudyStillRunning",
    "cancel_erasure",
    "change_status",
    "confirm_erasure",
    "destroy_keys",
    "enrol_participant",
    "finish_destruction",
    "load_consent_text",
    "open_safe_contact_card",
    "read_report",
    "receive_report",
    "record_certificate",
    "record_vault_check",
    "request_destruction",
    "request_erasure",
    "rotate_keys",
    "rotate_report_keys",
    "screen_report",
    "update_safe_contact",
    "withdraw_participant",
]
