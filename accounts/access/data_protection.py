"""Who opens the pages of data_protection/."""

from accounts.access.groups import ADMIN, BOARD, DATA_DESK, INTERVIEWER, SAFETY, SUPERVISOR

PAGES: dict[str, frozenset[str]] = {
    "data_desk": DATA_DESK,
    "lost_phone": DATA_DESK - BOARD,
    "password_give": ADMIN,
    "data_incident_list": ADMIN | SAFETY,
    "data_incident_new": ADMIN,
    "data_incident_detail": ADMIN | SAFETY,
    "data_incident_draft": ADMIN,
    "data_request_list": ADMIN | SUPERVISOR | INTERVIEWER,
    "data_request_new": ADMIN | SUPERVISOR | INTERVIEWER,
    "data_request_detail": ADMIN | SUPERVISOR | INTERVIEWER,
    "data_request_copy": SUPERVISOR | INTERVIEWER,
    "data_request_correct": SUPERVISOR | INTERVIEWER,
    "data_request_erase": ADMIN,
    "data_register": ADMIN | BOARD,
    "data_register_paper": ADMIN | BOARD,
    "telling_list": ADMIN | SUPERVISOR,
    "telling_detail": ADMIN | SUPERVISOR,
}
