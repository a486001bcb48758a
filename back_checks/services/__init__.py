"""The only writers of back-checks."""

from back_checks.services.asking import (
    AnswerUnknown,
    BackCheckOver,
    MomentInvalid,
    OutsideSafeTimes,
    TryWrittenAlready,
    answer_back_check,
    explain_missed_back_check,
    log_back_check_try,
    open_back_check_card,
)
from back_checks.services.choosing import Chosen, choose_back_checks

__all__ = [
    "AnswerUnknown",
    "BackCheckOver",
    "Chosen",
    "MomentInvalid",
    "OutsideSafeTimes",
    "TryWrittenAlready",
    "answer_back_check",
    "choose_back_checks",
    "explain_missed_back_check",
    "log_back_check_try",
    "open_back_check_card",
]
