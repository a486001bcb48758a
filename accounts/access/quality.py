"""Who opens the pages of quality/."""

from accounts.access.groups import ADMIN, INTERVIEWER, SUPERVISOR

PAGES: dict[str, frozenset[str]] = {
    "quality_list": SUPERVISOR | INTERVIEWER | ADMIN,
    "quality_detail": SUPERVISOR | INTERVIEWER | ADMIN,
    "quality_answer": SUPERVISOR | INTERVIEWER,
    "quality_accept": ADMIN,
    "quality_return": ADMIN,
    "person_rates": SUPERVISOR | ADMIN,
}
