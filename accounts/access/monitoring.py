"""Who opens the pages of monitoring/."""

from accounts.access.groups import (
    ADMIN,
    ANALYSTS,
    ARM_READERS,
    BOARD,
    OFFICER,
    PUBLIC,
    SAFETY,
    SIGNED_IN,
    SUPERVISOR,
    WATCHERS,
)

PAGES: dict[str, frozenset[str]] = {
    "health": PUBLIC,
    # Asks for a key of its own.
    "metrics": PUBLIC,
    "study_overview": WATCHERS,
    "low_level_incidents": SUPERVISOR | SAFETY,
    "wave_tracking": ADMIN | ANALYSTS,
    "wave_tracking_file": ADMIN | ANALYSTS,
    "checkpoint_list": ADMIN | BOARD,
    "checkpoint_file": ADMIN | BOARD,
    "checkpoint_key": ADMIN | BOARD,
    "trial_flow": ADMIN | ANALYSTS | BOARD,
    "trial_flow_file": ADMIN | ANALYSTS | BOARD,
    "trial_flow_paper": ADMIN | ANALYSTS | BOARD,
    "trial_flow_list": ADMIN | ANALYSTS,
    "wave_attrition": ADMIN | ANALYSTS | BOARD,
    "wave_attrition_file": ADMIN | ANALYSTS | BOARD,
    # The visits are the officer's own first page, the week is the board's.
    "today": SIGNED_IN - OFFICER - BOARD,
    "board_page": ADMIN | BOARD,
    "board_page_paper": ADMIN | BOARD,
    "visit_dose": ADMIN | ANALYSTS | BOARD,
    "visit_dose_file": ADMIN | ANALYSTS | BOARD,
    "ledger": ARM_READERS | BOARD,
    "ledger_file": ARM_READERS | BOARD,
    "recruitment": ADMIN | BOARD,
    # A week of one station is a small cell, whatever is hidden of it.
    "station_weeks": ARM_READERS,
    "station_weeks_file": ARM_READERS,
}
