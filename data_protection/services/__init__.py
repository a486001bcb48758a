"""The only writers of the desk."""

from data_protection.services.incidents import (
    CodeUnknown,
    IncidentFacts,
    IncidentMovedOn,
    MomentsOutOfOrder,
    ReferenceInvalid,
    WhyNotNotifiedMissing,
    WomenNotSettled,
    add_women,
    close_incident,
    open_incident,
    record_draft,
    record_measure,
    record_notification,
)
from data_protection.services.notices import mark_notices_sent, sweep_desk
from data_protection.services.phones import AccountOutOfReach, report_lost_phone
from data_protection.services.telling import ToldAlready, WayNotSafe, record_not_told, record_told

__all__ = [
    "AccountOutOfReach",
    "CodeUnknown",
    "IncidentFacts",
    "IncidentMovedOn",
    "MomentsOutOfOrder",
    "ReferenceInvalid",
    "ToldAlready",
    "WayNotSafe",
    "WhyNotNotifiedMissing",
    "WomenNotSettled",
    "add_women",
    "close_incident",
    "mark_notices_sent",
    "open_incident",
    "record_draft",
    "record_measure",
    "record_not_told",
    "record_notification",
    "record_told",
    "report_lost_phone",
    "sweep_desk",
]
