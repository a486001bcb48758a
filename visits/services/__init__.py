"""The only writers of plans and visits."""

from visits.log_content import VisitAnswers
from visits.services.assigning import AssignmentCounts, assign_week
from visits.services.conflicts import ConflictDecided, decide_conflict, open_conflict
from visits.services.logs import (
    AlreadyLogged,
    LogBeforeEnrolment,
    LogFieldWrong,
    LogInFuture,
    VisitLogConflict,
    VisitNotDue,
    VisitNotMissed,
    VisitWasMoved,
    explain_missed_visit,
    log_visit,
    mark_missed,
)
from visits.services.participation import follow_participant
from visits.services.plan_writing import PlanCounts
from visits.services.planning import WeekIsOver, plan_week, replan_participant
from visits.services.shifts import (
    AbsenceInvalid,
    AbsenceWithdrawn,
    AwayAlready,
    OfficerOutOfReach,
    ShiftInvalid,
    ShiftTimes,
    record_absence,
    set_shift,
    withdraw_absence,
)
from visits.services.sync import LogIdTaken, sync_logs

__all__ = [
    "AbsenceInvalid",
    "AbsenceWithdrawn",
    "AlreadyLogged",
    "AssignmentCounts",
    "AwayAlready",
    "ConflictDecided",
    "LogBeforeEnrolment",
    "LogFieldWrong",
    "LogIdTaken",
    "LogInFuture",
    "OfficerOutOfReach",
    "PlanCounts",
    "ShiftInvalid",
    "ShiftTimes",
    "VisitAnswers",
    "VisitLogConflict",
    "VisitNotDue",
    "VisitNotMissed",
    "VisitWasMoved",
    "WeekIsOver",
    "assign_week",
    "decide_conflict",
    "explain_missed_visit",
    "follow_participant",
    "log_visit",
    "mark_missed",
    "open_conflict",
    "plan_week",
    "record_absence",
    "replan_participant",
    "set_shift",
    "sync_logs",
    "withdraw_absence",
]
