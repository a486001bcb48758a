"""Who opens the pages of safety/."""

from accounts.access.groups import ADMIN, BOARD, INTERVIEWER, POLICE, SAFETY, WATCHERS

PAGES: dict[str, frozenset[str]] = {
    "case_list": SAFETY,
    "case_detail": SAFETY,
    "case_close": SAFETY,
    "case_raise": POLICE | INTERVIEWER,
    "case_raise_by_code": SAFETY | ADMIN,
    "case_hand_over": SAFETY,
    "event_add": SAFETY,
    "event_judge": SAFETY,
    "event_withdraw": SAFETY,
    "event_list": WATCHERS,
    "events_read": BOARD,
    "duty_list": SAFETY | ADMIN,
    "duty_withdraw": SAFETY | ADMIN,
    "own_case_list": POLICE | INTERVIEWER | ADMIN,
}
