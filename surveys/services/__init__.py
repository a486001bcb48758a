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
from surveys.services.waves import follow_participant, mark_overdue, schedule_new_participants, schedule_waves

__all__ = [
    "AnswersIncomplete",
    "InstrumentNotLoaded",
    "InstrumentVersionTaken",
    "SurveyClosed",
    "SurveyNotOpen",
    "SurveyOnHold",
    "follow_participant",
    "load_instrument",
    "mark_overdue",
    "schedule_new_participants",
    "schedule_waves",
    "submit_survey",
]
