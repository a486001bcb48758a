"""The only writers of plans and visits."""

from visits.log_content import VisitAnswers
from visits.services.assigning import AssignmentCounts, assign_week
from visits.services.conflicts import ConflictDecided, decide_conflict, open_conflict
from visits.services.day_sheet import print_day_sheet
from visits.services.escalation import escalate_missed, make_digests
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
from visits.services.moving import (
    ChangeNotUndoable,
    DayNotPossible,
    NotVisitedNow,
    OutsideSafeTimes,
    VisitNotMovable,
    WeekIsFull,
    agree_visit,
    move_visit,
    undo_change,
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
    "ChangeNotUndoable",
    "ConflictDecided",
    "DayNotPossible",
    "LogBeforeEnrolment",
    "LogFieldWrong",
    "LogIdTaken",
    "LogInFuture",
    "NotVisitedNow",
    "OfficerOutOfReach",
    "OutsideSafeTimes",
    "PlanCounts",
    "ShiftInvalid",
    "ShiftTimes",
    "VisitAnswers",
    "VisitLogConflict",
    "VisitNotDue",
    "VisitNotMissed",
    "VisitNotMovable",
    "VisitWasMoved",
    "WeekIsFull",
    "WeekIsOver",
    "agree_visit",
    "assign_week",
    "decide_conflict",
    "escalate_missed",
    "explain_missed_visit",
    "follow_participant",
    "log_visit",
    "make_digests",
    "mark_missed",
    "move_visit",
    "open_conflict",
    "plan_week",
    "print_day_sheet",
    "record_absence",
    "replan_participant",
    "set_shift",
    "sync_logs",
    "undo_change",
    "withdraw_absence",
]
