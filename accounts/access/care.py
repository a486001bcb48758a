"""Who opens the pages of care/."""

from accounts.access.groups import ADMIN, INTERVIEWER, POLICE, SUPERVISOR, WATCHERS

PAGES: dict[str, frozenset[str]] = {
    "care_own": POLICE | INTERVIEWER,
    "care_answer": POLICE | INTERVIEWER,
    "care_load": SUPERVISOR | ADMIN,
    "care_counts": WATCHERS,
}
