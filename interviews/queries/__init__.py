"""What pages and services read about interviews."""

from interviews.queries.files import (
    bytes_held,
    file_bytes,
    files_of,
    files_visible,
    transcripts_of,
    unfinished_since,
    unfinished_upload,
)
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
    "bytes_held",
    "candidates",
    "dropouts_to_replace",
    "file_bytes",
    "files_of",
    "files_visible",
    "interviews_listed",
    "interviews_of_selection",
    "interviews_without_consent",
    "progress_by_arm",
    "progress_by_cell",
    "selections_listed",
    "transcripts_of",
    "unfinished_since",
    "unfinished_upload",
]
