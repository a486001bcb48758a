"""Reading the data sets, the plan of the analysis, and whether unblinding is recorded."""

from panel.queries.pictures import Pictures, pictures
from panel.queries.plans import (
    are_outcomes_locked,
    confirmed_plan,
    follow_up_until,
    group_labels,
    is_unblinded,
    last_plan,
    open_request,
    plan_standing,
    reads_arm,
    recorded_unblinding,
    request_to_approve,
)
from panel.queries.tables import (
    WaveCounts,
    column_summaries,
    datasets,
    parameters,
    response_points,
    rows_page,
    rows_sql,
    stable_pseudonym_key,
    wave_counts,
)

__all__ = [
    "Pictures",
    "WaveCounts",
    "are_outcomes_locked",
    "column_summaries",
    "confirmed_plan",
    "datasets",
    "follow_up_until",
    "group_labels",
    "is_unblinded",
    "last_plan",
    "open_request",
    "parameters",
    "pictures",
    "plan_standing",
    "reads_arm",
    "recorded_unblinding",
    "request_to_approve",
    "response_points",
    "rows_page",
    "rows_sql",
    "stable_pseudonym_key",
    "wave_counts",
]
