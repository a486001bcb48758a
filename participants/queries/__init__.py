"""What pages and services read about women."""

from participants.queries.consents import consent_file, consent_text_in_force, consent_texts, lapse_days, text_before
from participants.queries.intake import further_reports_of, known_reports
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
from participants.queries.report_boxes import report_box_problems, reports_to_rotate, reports_with_box
from participants.queries.vault import (
    KeyUse,
    SealedRow,
    confirmed_destruction,
    erasure_subject,
    erasures_listed,
    keys_in_use,
    participants_to_erase,
    participants_to_rotate,
    participants_with_unfit_hashes,
    participants_without_card,
    sealed_rows,
    sealed_rows_count,
)

__all__ = [
    "KeyUse",
    "SealedRow",
    "confirmed_destruction",
    "consent_file",
    "consent_text_in_force",
    "consent_texts",
    "erasure_subject",
    "erasures_listed",
    "further_reports_of",
    "has_consent",
    "hashed_alike",
    "is_enrolled_already",
    "is_study_station",
    "is_within_reach",
    "keys_in_use",
    "known_reports",
    "lapse_days",
    "least_loaded_interviewer",
    "masked_names",
    "participants_listed",
    "participants_to_erase",
    "participants_to_rotate",
    "participants_with_unfit_hashes",
    "participants_without_card",
    "report_box_problems",
    "reports_to_rotate",
    "reports_with_box",
    "sealed_rows",
    "sealed_rows_count",
    "serving_station",
    "text_before",
]
