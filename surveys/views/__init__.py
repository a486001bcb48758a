"""The pages of surveys."""

from surveys.views.attempts import survey_attempt, survey_missed, survey_missed_list
from surveys.views.cases import survey_done, survey_form, survey_list
from surveys.views.interviewers import (
    interviewer_absence_withdraw,
    interviewer_change_undo,
    interviewer_edit,
    interviewer_list,
    interviewer_reassign,
)

__all__ = [
    "interviewer_absence_withdraw",
    "interviewer_change_undo",
    "interviewer_edit",
    "interviewer_list",
    "interviewer_reassign",
    "survey_attempt",
    "survey_done",
    "survey_form",
    "survey_list",
    "survey_missed",
    "survey_missed_list",
]
