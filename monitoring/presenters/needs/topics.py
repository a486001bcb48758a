"""What waits, by what is to be done with it: the kinds of a message, which tell nobody what it is about."""

from collections.abc import Mapping
from enum import StrEnum


class Topic(StrEnum):
    """In the order of a message; a text of each stands in messaging/texts.toml."""

    MEND = "mend"
    SEE = "see"
    DECIDE = "decide"
    EXPLAIN = "explain"
    DO = "do"
    REACH = "reach"


# Which of a person's needs is of which kind; what is overdue of one is counted with it, not twice.
_CODES: Mapping[Topic, str] = {
    Topic.MEND: "record_broken draw_differs locks_broken jobs_late backups phones_unsent",
    Topic.SEE: (
        "cases_open cases_under_way incidents access_notices complaints without_duty events_new phone_sheets "
        "address_holds"
    ),
    Topic.DECIDE: (
        "lowerings conflicts transfers entries approvals locks_to_sign late_arrivals plans unblinding releases "
        "releases_asked erasures lost_stations queries_answered doubtful_answered"
    ),
    Topic.EXPLAIN: "missed surveys_to_explain back_checks_to_explain queries doubtful",
    Topic.DO: "reassessments surveys interviews back_checks papers texts sessions care",
    Topic.REACH: (
        "women_to_tell messages reports_to_screen reports_to_enrol reports_to_try data_requests referrals renewals "
        "contact_reviews"
    ),
}
COUNTED_WITH_ANOTHER = frozenset({"cases_overdue"})
TOPIC_OF: Mapping[str, Topic] = {code: topic for topic, codes in _CODES.items() for code in codes.split()}
