"""Who opens the pages of stations/."""

from accounts.access.groups import ADMIN, ARM_READERS

PAGES: dict[str, frozenset[str]] = {
    "frame": ARM_READERS,
    "frame_import": ADMIN,
    "frame_confirm": ADMIN,
    "frame_download": ARM_READERS,
    "power": ARM_READERS,
    "allocation_list": ARM_READERS,
    "allocation_detail": ARM_READERS,
    "allocation_approve": ARM_READERS,
    "allocation_discard": ADMIN,
    "commitment_create": ADMIN,
    "commitment_detail": ADMIN,
    "commitment_abandon": ADMIN,
    "redraw_script": ARM_READERS,
    "station_loss": ADMIN,
    "officer_list": ADMIN,
    "officer_register": ADMIN,
    "officer_detail": ADMIN,
    "officer_transfer": ADMIN,
    "officer_end": ADMIN,
    "officer_account": ADMIN,
    "officer_link": ADMIN,
    "officer_unlink": ADMIN,
    "posting_withdraw": ADMIN,
    "crossing_list": ARM_READERS,
    "allocation_certificate": ARM_READERS,
}
