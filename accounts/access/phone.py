"""Who opens the pages of phone/."""

from accounts.access.groups import ADMIN, INTERVIEWER, POLICE, PUBLIC, SUPERVISOR

PAGES: dict[str, frozenset[str]] = {
    "phone_shell": PUBLIC,
    "phone_worker": PUBLIC,
    "phone_manifest": PUBLIC,
    "notebook_shell": PUBLIC,
    "notebook_worker": PUBLIC,
    "notebook_manifest": PUBLIC,
    "phone_session": PUBLIC,
    "phone_list": SUPERVISOR | ADMIN,
    "sheet_seen": SUPERVISOR,
    "log_rescue": SUPERVISOR,
    "entry_rescue": ADMIN,
    "phone_days": POLICE,
    "phone_parcels": POLICE | INTERVIEWER,
    "phone_wipe": POLICE | INTERVIEWER,
    "phone_notebook": INTERVIEWER,
    "entry_sync": INTERVIEWER,
    "sheet_sync": POLICE,
}
