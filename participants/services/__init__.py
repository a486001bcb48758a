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
from participants.services.enrolment import (
    AlreadyEnrolled,
    NameMissing,
    NotAnAdult,
    StationNotInStudy,
    enrol_participant,
)
from participants.services.keys import Rotation, record_vault_check, rotate_keys
from participants.services.status import (
    StatusChangeRefused,
    change_status,
    withdraw_participant,
)

__all__ = [
    "AlreadyEnrolled",
    "ConsentMissing",
    "NameMissing",
    "NotAnAdult",
    "ParticipantLeft",
    "ParticipantOutOfReach",
    "Rotation",
    "StationNotInStudy",
    "StatusChangeRefused",
    "change_status",
    "enrol_participant",
    "open_safe_contact_card",
    "record_vault_check",
    "rotate_keys",
    "update_safe_contact",
    "withdraw_participant",
]
