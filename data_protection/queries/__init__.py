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
from data_protection.queries.register import (
    erased_women,
    erasures_done,
    forgotten_reports,
    keep_reports_days,
    request_counts,
)
from data_protection.queries.requests import (
    COPIED,
    HALF_OF,
    halves_missing,
    is_carried_out,
    open_requests,
    participant_coded,
    requests_listed,
    steps_of,
)

__all__ = [
    "COPIED",
    "HALF_OF",
    "accounts_to_report",
    "channel_of",
    "clocks",
    "erased_women",
    "erasures_done",
    "forgotten_reports",
    "halves_missing",
    "incident_counts",
    "incidents_listed",
    "is_barred",
    "is_carried_out",
    "keep_reports_days",
    "measures_of",
    "notices_unsent",
    "open_incidents",
    "open_requests",
    "participant_coded",
    "request_counts",
    "requests_listed",
    "steps_of",
    "takes_part",
    "women_of",
    "women_on_phone",
    "women_to_tell",
]
