"""Who opens the pages of referrals/."""

from accounts.access.groups import ADMIN, INTERVIEWER, POLICE, SAFETY

PAGES: dict[str, frozenset[str]] = {
    "help_directory": POLICE | INTERVIEWER | SAFETY,
    "referral_list": POLICE | INTERVIEWER,
    "referral_detail": POLICE | INTERVIEWER,
    "participant_referrals": POLICE | INTERVIEWER,
    "referral_offer": POLICE | INTERVIEWER,
    "service_list": ADMIN,
    "service_add": ADMIN,
    "service_change": ADMIN,
    "service_retire": ADMIN,
}
