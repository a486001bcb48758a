"""Instruments, the waves each woman is due, who asks her, and what was answered."""

from surveys.models.attempts import (
    CallAttempt,
)
from surveys.models.cases import (
    Submission,
    SurveyCase,
    SurveyCaseQuerySet,
)
from surveys.models.checks import (
    DataQuery,
    DataQueryQuerySet,
)
from surveys.models.entries import (
    EntryDecision,
    PhoneEntry,
    PhoneEntryQuerySet,
)
from surveys.models.instruments import (
    Instrument,
    InstrumentFile,
    InstrumentQuerySet,
    WaveInstrument,
)
from surveys.models.interviewers import (
    InterviewerAbsence,
    InterviewerChange,
    InterviewerProfile,
)
from surveys.models.keys import (
    CollectKey,
)
from surveys.models.sittings import (
    SurveyDebrief,
    SurveySitting,
)
from surveys.models.versions import (
    PaperEntry,
    SubmissionVersion,
)

__all__ = [
    "CallAttempt",
    "CollectKey",
    "DataQuery",
    "DataQueryQuerySet",
    "EntryDecision",
    "Instrument",
    "InstrumentFile",
    "InstrumentQuerySet",
    "InterviewerAbsence",
    "InterviewerChange",
    "InterviewerProfile",
    "PaperEntry",
    "PhoneEntry",
    "PhoneEntryQuerySet",
    "Submission",
    "SubmissionVersion",
    "SurveyCase",
    "SurveyCaseQuerySet",
    "SurveyDebrief",
    "SurveySitting",
    "WaveInstrument",
]
