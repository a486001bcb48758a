"""The only writers of the frame, the draws and the officers' postings."""

from stations.services.draws import (
    AllocationAltered,
    AllocationLocked,
    AllocationNotADraft,
    AllocationOutdated,
    SeedNotANumber,
    TooFewEligible,
    allocate_stations,
    discard_allocation,
    lock_allocation,
    normalised_seed,
    record_certificate_download,
    record_dry_run,
)
from stations.services.frame import (
    FrameChangedMeanwhile,
    FrameLocked,
    freeze_frame,
    import_frame,
    record_frame_download,
)
from stations.services.officers import (
    PostingOverlaps,
    post_officer,
)

__all__ = [
    "AllocationAltered",
    "AllocationLocked",
    "AllocationNotADraft",
    "AllocationOutdated",
    "FrameChangedMeanwhile",
    "FrameLocked",
    "PostingOverlaps",
    "SeedNotANumber",
    "TooFewEligible",
    "allocate_stations",
    "discard_allocation",
    "freeze_frame",
    "import_frame",
    "lock_allocation",
    "normalised_seed",
    "post_officer",
    "record_certificate_download",
    "record_dry_run",
    "record_frame_download",
]
