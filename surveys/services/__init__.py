"""The only writers of surveys."""

from surveys.services.answers import (
    InstrumentNotLoaded,
    NotASurvey,
    SurveyClosed,
    SurveyNotOpen,
    SurveyOnHold,
    not_a_survey,
    submit_survey,
)
from surveys.services.attempts import (
    Attempt,
    AttemptOutsideSafeTimes,
    AttemptTimeInvalid,
    AttemptWrittenAlready,
    NextOutsideSafeTimes,
    SurveyNotMissed,
    explain_missed_survey,
    log_attempt,
)
from surveys.services.checks import (
    QuerySettled,
    close_query,
    explain_query,
)
from surveys.services.corrections import (
    NothingToCorrect,
    correct_survey,
)
from surveys.services.decisions import (
    EntryDecided,
    NothingToCount,
    Weighed,
    decide_entry,
    weigh_entry,
)
from surveys.services.entries import (
    sync_entries,
)
from surveys.services.holding import (
    AnswersKeptApart,
    EntryIdTaken,
    hold_tied_answers,
)
from surveys.services.instruments import (
    InstrumentInUse,
    InstrumentNotPublished,
    InstrumentRefused,
    InstrumentStatusFinal,
    InstrumentVersionTaken,
    WaveUnknown,
    load_instrument,
    pin_instrument,
    publish_instrument,
    retire_instrument,
)
from surveys.services.interviewers import (
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
from surveys.services.keys import (
    KEY_DAYS,
    end_with_sessions,
    make_collect_key,
    revoke_collect_key,
)
from surveys.services.papers import (
    DifferenceUndecided,
    EnteredAlready,
    NotToCompare,
    decide_paper,
    enter_paper,
)
from surveys.services.shipped import (
    SHIPPED,
    lay_questionnaires,
)
from surveys.services.sittings import (
    NoSitting,
    PinTooSimple,
    cover_sitting,
    debrief_survey,
    end_sittings,
    open_sitting,
    uncover_sitting,
)
from surveys.services.texts import (
    open_own_words,
)
from surveys.services.waves import (
    follow_participant,
    mark_overdue,
    schedule_new_participants,
    schedule_waves,
)

__all__ = [
    "KEY_DAYS",
    "SHIPPED",
    "AnswersKeptApart",
    "Attempt",
    "AttemptOutsideSafeTimes",
    "AttemptTimeInvalid",
    "AttemptWrittenAlready",
    "ChangeOvertaken",
    "DifferenceUndecided",
    "EnteredAlready",
    "EntryDecided",
    "EntryIdTaken",
    "InstrumentInUse",
    "InstrumentNotLoaded",
    "InstrumentNotPublished",
    "InstrumentRefused",
    "InstrumentStatusFinal",
    "InstrumentVersionTaken",
    "InterviewerBarred",
    "InterviewerUnchanged",
    "NextOutsideSafeTimes",
    "NoInterviewer",
    "NoSitting",
    "NotASurvey",
    "NotToCompare",
    "NothingToCorrect",
    "NothingToCount",
    "PinTooSimple",
    "QuerySettled",
    "SurveyClosed",
    "SurveyNotMissed",
    "SurveyNotOpen",
    "SurveyOnHold",
    "WaveUnknown",
    "Weighed",
    "close_query",
    "correct_survey",
    "cover_sitting",
    "debrief_survey",
    "decide_entry",
    "decide_paper",
    "end_sittings",
    "end_with_sessions",
    "enter_paper",
    "explain_missed_survey",
    "explain_query",
    "follow_participant",
    "hold_tied_answers",
    "lay_questionnaires",
    "load_instrument",
    "log_attempt",
    "make_collect_key",
    "mark_overdue",
    "not_a_survey",
    "open_own_words",
    "open_sitting",
    "pin_instrument",
    "publish_instrument",
    "reassign_woman",
    "record_interviewer_absence",
    "retire_instrument",
    "revoke_collect_key",
    "schedule_new_participants",
    "schedule_waves",
    "set_interviewer_profile",
    "share_out_women",
    "submit_survey",
    "sync_entries",
    "uncover_sitting",
    "undo_interviewer_change",
    "weigh_entry",
    "withdraw_interviewer_absence",
]
