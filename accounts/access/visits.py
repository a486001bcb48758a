"""Who opens the pages of visits/."""

from accounts.access.groups import ADMIN, INTERVIEWER, POLICE, SUPERVISOR

PAGES: dict[str, frozenset[str]] = {
    "participant_detail": SUPERVISOR,
    "visit_list": POLICE,
    "visit_detail": POLICE,
    "visit_log": POLICE,
    "visit_correct": POLICE,
    "missed_list": SUPERVISOR,
    "explain_missed": SUPERVISOR,
    "conflict_list": SUPERVISOR,
    "conflict_decide": SUPERVISOR,
    "breach_list": SUPERVISOR,
    "week_board": SUPERVISOR,
    "week_officers": SUPERVISOR,
    "day_sheet": POLICE,
    "station_morning": SUPERVISOR,
    "visit_move": SUPERVISOR,
    "visit_officers": SUPERVISOR,
    "change_undo": SUPERVISOR,
    "visit_agree": SUPERVISOR,
    "shift_list": SUPERVISOR | ADMIN,
    "shift_edit": SUPERVISOR | ADMIN,
    "absence_add": SUPERVISOR | ADMIN,
    "absence_withdraw": SUPERVISOR | ADMIN,
    "visit_api_list": POLICE,
    "visit_api_log": POLICE,
    "visit_sync": POLICE,
    "device_api": POLICE | INTERVIEWER,
    "device_api_part": POLICE | INTERVIEWER,
}
