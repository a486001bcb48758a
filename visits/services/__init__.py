"""The only writers of plans and visits."""

from visits.log_content import VisitAnswers
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

__all__ = [
    "AlreadyLogged",
    "LogBeforeEnrolment",
    "LogFieldWrong",
    "LogInFuture",
    "PlanCounts",
    "VisitAnswers",
    "VisitLogConflict",
    "VisitNotDue",
    "VisitNotMissed",
    "VisitWasMoved",
    "WeekIsOver",
    "explain_missed_visit",
    "follow_participant",
    "log_visit",
    "mark_missed",
    "plan_week",
    "replan_participant",
]
