"""Who opens the pages of complaints/."""

from accounts.access.groups import ADMIN, SAFETY, SIGNED_IN

PAGES: dict[str, frozenset[str]] = {
    "complaint_list": SIGNED_IN,
    "complaint_new": SIGNED_IN,
    "complaint_detail": SIGNED_IN,
    "complaint_take": ADMIN | SAFETY,
    "complaint_step": ADMIN | SAFETY,
}
