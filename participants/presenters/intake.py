"""Reports and screenings as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from participants.eligibility import Outcome
from participants.intake import Fate
from participants.models import IncidentReport, Screening
from participants.report_states import KINDS, WAITING, ReportState
from protocol.queries import current_protocol


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report of a list; `kind` marks its state (see components/status.html)."""

    report: IncidentReport
    masked_name: str
    state: ReportState
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A tab of the list of reports: those of one state, or all ("")."""

    value: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One screening in words."""

    screening: Screening
    words: str


def report_rows(reports: Iterable[IncidentReport], names: Mapping[int, str]) -> list[ReportRow]:
    """Return the rows of a list; `reports` carry their `state`."""
    rows = []
    for report in reports:
        state = ReportState(report.state)  # type: ignore[attr-defined]
        rows.append(ReportRow(report, names[report.pk], state, str(state.label), KINDS.get(state, "neutral")))
    return rows


def state_choices(counts: Mapping[str, int], chosen: str) -> list[StateChoice]:
    """Return the tabs: all, then what waits for the station, then the rest."""
    shown = [
        (str(state), str(state.label), counts[state]) for state in ReportState if state in WAITING or counts[state]
    ]
    shown.insert(0, ("", _("All"), sum(counts.values())))
    return [StateChoice(value, label, count, value == chosen) for value, label, count in shown]


def report_page(report: IncidentReport, *, language: str) -> dict[str, Any]:
    """Return what the page of a report shows of it, besides who made it; `report` carries its `state`."""
    rules = current_protocol().screening
    labels = {rule.code: rule.exclusion.in_language(language) for rule in rules.rules} if rules else {}
    (row,) = report_rows([report], {report.pk: ""})
    screenings = report.screenings.select_related("screened_by").order_by("-attempt")
    return {
        "report": report,
        "row": row,
        "attempts": [Attempt(screening, _words(screening, labels)) for screening in screenings],
        "further": report.further_reports.order_by("reported_on", "pk"),
        "may_enrol": row.state == ReportState.ELIGIBLE,
        "has_rules": rules is not None,
    }


def received_words(fate: Fate, code: str) -> str:
    """Say what became of a report that was typed."""
    words = {
        Fate.NEW: _("Saved as %(code)s."),
        Fate.SAME_WOMAN: _("Saved as %(code)s. She reported before: she is screened by her first report."),
        Fate.ENROLLED: _("Saved as %(code)s. She is enrolled: it counts as a further report of hers."),
        Fate.AGAIN: _("This report was here already, as %(code)s."),
    }
    return words[fate] % {"code": code}


def _words(screening: Screening, labels: Mapping[str, str]) -> str:
    words = [str(screening.get_outcome_display())]
    if screening.outcome == Outcome.NOT_ELIGIBLE:
        words.append("; ".join(labels.get(code, code) for code in screening.reasons))
    if screening.refusal:
        words.append(str(screening.get_refusal_display()))
    return ": ".join(words)
