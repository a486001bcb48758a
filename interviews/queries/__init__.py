"""What pages and services read about interviews."""

from interviews.queries.meetings import (
    ProgressRow,
    arms_in_study,
    candidates,
    dropouts_to_replace,
    interviews_listed,
    interviews_of_selection,
    interviews_without_consent,
    progress_by_arm,
    progress_by_cell,
    selections_listed,
)

__all__ = [
    "ProgressRow",
    "arms_in_study",
    "candidates",
    "dropouts_to_replace",
    "interviews_listed",
    "interviews_of_selection",
    "interviews_without_consent",
    "progress_by_arm",
    "progress_by_cell",
    "selections_listed",
]
