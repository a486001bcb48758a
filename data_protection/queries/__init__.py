"""What pages and services read of the desk."""

from data_protection.queries.incidents import (
    channel_of,
    clocks,
    incident_counts,
    incidents_listed,
    is_barred,
    measures_of,
    notices_unsent,
    open_incidents,
    takes_part,
    women_of,
    women_to_tell,
)
from data_protection.queries.phones import accounts_to_report, women_on_phone

__all__ = [
    "accounts_to_report",
    "channel_of",
    "clocks",
    "incident_counts",
    "incidents_listed",
    "is_barred",
    "measures_of",
    "notices_unsent",
    "open_incidents",
    "takes_part",
    "women_of",
    "women_on_phone",
    "women_to_tell",
]
