"""Who opens the pages of training/."""

from accounts.access.groups import ADMIN, ARM_READERS

PAGES: dict[str, frozenset[str]] = {
    "training_list": ADMIN,
    "training_plan": ADMIN,
    "training_coverage": ARM_READERS,
    "training_session": ADMIN,
    "training_change": ADMIN,
    "training_withdraw": ADMIN,
    "training_attendance": ADMIN,
    "training_test": ADMIN,
    "training_sheet": ADMIN,
    "training_certificates": ADMIN,
    "training_certificate": ADMIN,
    "training_check": ADMIN,
    "training_roster": ADMIN,
    "training_import": ADMIN,
    "training_import_confirm": ADMIN,
}
