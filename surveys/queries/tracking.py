"""Where every wave stands: cases by wave, by who asks, by state, and by why they were missed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Count, F, Q, Value, When

from surveys.models import SurveyCase

Status = SurveyCase.Status
STATES = (
    "coming", "in_window", "not_private", "late", "on_hold", "partial", "done", "refused", "missed", "cancelled",
)  # fmt: skip
"""In the order of tables; `coming` is due with a window that has not begun, `in_window` is due and open."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """So many cases of one wave that one interviewer has (None: nobody), in one state, missed for one reason."""

    wave: int
    interviewer: int | None
    state: str
    reason: str
    cases: int


def tracked(today: date) -> list[Tracked]:
    """Return all cases counted, in one query; no arm and no station is read."""
    state = Case(
        When(Q(status=Status.DUE, window_from__gt=today), then=Value("coming")),
        When(status=Status.DUE, then=Value("in_window")),
        default=F("status"),
        output_field=CharField(),
    )
    rows = SurveyCase.objects.annotate(state=state).order_by()
    grouped = rows.values_list("wave_number", "participant__interviewer", "state", "missed_reason")
    found: Counter[tuple[int, int | None, str, str]] = Counter()
    for wave, interviewer, name, reason, cases in grouped.annotate(cases=Count("pk")):
        found[wave, interviewer, name, reason if name == "missed" else ""] += cases
    return [Tracked(*key, cases) for key, cases in sorted(found.items(), key=lambda item: (*map(str, item[0]),))]
