"""The only writers of surveys."""

from surveys.services.answers import (
    AnswersIncomplete,
    InstrumentNotLoaded,
    SurveyClosed,
    SurveyNotOpen,
    SurveyOnHold,
    submit_survey,
)
from surveys.services.instruments import InstrumentVersionTaken, load_instrument
from surveys.services.interviewers import (
    AbsenceInvalid,
    AbsenceWithdrawn,
    AwayAlready,
    ChangeOvertaken,
    InterviewerBarred,
    InterviewerUnchanged,
    NoInterviewer,
    reassign_woman,
    record_interviewer_absence,
    set_interviewer_profile,
    share_out_women,
    undo_interviewer_change,
    withdraw_interviewer_absence,
)
from surveys.services.waves import follow_participant, mark_overdue, schedule_new_participants, schedule_waves

__all__ = [
    "AbsenceInvalid",
    "AbsenceWithdrawn",
    "AnswersIncomplete",
    "AwayAlready",
    "ChangeOvertaken",
    "InstrumentNotLoaded",
    "InstrumentVersionTaken",
    "InterviewerBarred",
    "InterviewerUnchanged",
    "NoInterviewer",
    "SurveyClosed",
    "SurveyNotOpen",
    "SurveyOnHold",
    "follow_participant",
    "load_instrument",
    "mark_overdue",
    "reassign_woman",
    "record_interviewer_absence",
    "schedule_new_participants",
    "schedule_waves",
    "set_interviewer_profile",
    "share_out_women",
    "submit_survey",
    "undo_interviewer_change",
    "withdraw_interviewer_absence",
]
