"""The only writers of the directory and of referrals."""

from referrals.services.directory import (
    DistrictUnknown,
    ServiceKnown,
    ServiceRetired,
    add_service,
    change_service,
    load_directory,
    retire_service,
)
from referrals.services.referring import (
    Agreement,
    MoreThanAgreed,
    OfferedAlready,
    ReferralMovedOn,
    StepDayWrong,
    StepWords,
    answer_offer,
    follow_participant,
    offer_referral,
    open_notes,
    record_outcome,
    record_sent,
    sweep_referrals,
)

__all__ = [
    "Agreement",
    "DistrictUnknown",
    "MoreThanAgreed",
    "OfferedAlready",
    "ReferralMovedOn",
    "ServiceKnown",
    "ServiceRetired",
    "StepDayWrong",
    "StepWords",
    "add_service",
    "answer_offer",
    "change_service",
    "follow_participant",
    "load_directory",
    "offer_referral",
    "open_notes",
    "record_outcome",
    "record_sent",
    "retire_service",
    "sweep_referrals",
]
