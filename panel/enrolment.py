"""What came before any row of the data sets: stations up to the draw, and women up to enrolment.

It is frozen with a release, so that a report's flow begins where the study's does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from participants.recruitment import Flow


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Stations assessed, excluded for each set of reasons, eligible and drawn; what came of reports, by letter."""

    assessed: int
    excluded: tuple[tuple[tuple[str, ...], int], ...]
    eligible: int
    drawn: int
    reports: Mapping[str, Flow]


def as_json(found: Enrolment) -> dict[str, Any]:
    """Return it in plain values."""
    return {
        "assessed": found.assessed,
        "excluded": [[list(reasons), count] for reasons, count in found.excluded],
        "eligible": found.eligible,
        "drawn": found.drawn,
        "reports": {station: asdict(flow) for station, flow in found.reports.items()},
    }


def from_json(said: Mapping[str, Any]) -> Enrolment | None:
    """Return what `as_json` wrote; None of a release that was frozen before it was kept."""
    if not said:
        return None
    return Enrolment(
        assessed=said["assessed"],
        excluded=tuple((tuple(reasons), count) for reasons, count in said["excluded"]),
        eligible=said["eligible"],
        drawn=said["drawn"],
        reports={station: Flow(**flow) for station, flow in said["reports"].items()},
    )
