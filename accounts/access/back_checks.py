"""Who opens the pages of back_checks/."""

from accounts.access.groups import ADMIN, INTERVIEWER

PAGES: dict[str, frozenset[str]] = {
    "back_check_list": INTERVIEWER,
    "back_check_ask": INTERVIEWER,
    "back_check_try": INTERVIEWER,
    "back_check_missed": INTERVIEWER,
    "back_check_rates": ADMIN,
}
