"""What pages and services read about women."""

from participants.queries.people import (
    has_consent,
    hashed_alike,
    is_enrolled_already,
    is_study_station,
    is_within_reach,
    least_loaded_interviewer,
    masked_names,
    participants_listed,
    serving_station,
)
from participants.queries.vault import (
    KeyUse,
    SealedRow,
    keys_in_use,
    participants_to_rotate,
    participants_with_unfit_hashes,
    participants_without_card,
    sealed_rows,
    sealed_rows_count,
)

__all__ = [
    "KeyUse",
    "SealedRow",
    "has_consent",
    "hashed_alike",
    "is_enrolled_already",
    "is_study_station",
    "is_within_reach",
    "keys_in_use",
    "least_loaded_interviewer",
    "masked_names",
    "participants_listed",
    "participants_to_rotate",
    "participants_with_unfit_hashes",
    "participants_without_card",
    "sealed_rows",
    "sealed_rows_count",
    "serving_station",
]
