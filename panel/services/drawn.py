"""The draw that the study runs on, as a report on its own releases needs it."""

from dataclasses import dataclass, replace

import numpy as np

from panel.allocation_file import candidate_set
from panel.enrolment import Enrolment
from panel.estimation_file import DataInvalid
from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import Bools
from panel.reports.shuffling import arm_name
from participants.queries import recruitment_flow
from participants.recruitment import Flow
from stations.frame_listing import eligibility_flow
from stations.models import AllocatedStation
from stations.queries import frame_rows, locked_allocation, study_stations


@dataclass(frozen=True, slots=True)
class Drawn:
    """The candidates of the locked draw, its stations by their letters, and what each letter was given."""

    candidates: CandidateSet
    names: dict[str, str]
    factors: dict[str, Bools]


def drawn_stations() -> Drawn:
    """Read the locked draw. Never for anybody's eyes: a report shuffles it. Raise DataInvalid where there is none.

    Arms are called by what they are given, as the plan's columns are, and not by the protocol's names for them.
    """
    allocation = locked_allocation()
    if allocation is None:
        raise DataInvalid("no draw is locked yet")
    candidates = candidate_set(allocation.certificate)
    candidates = replace(candidates, arms=tuple(arm_name(given) for given in candidates.factors))
    rows = AllocatedStation.objects.filter(allocation=allocation).order_by("study_number")
    names = dict(rows.values_list("blinded_letter", "station__code"))
    arm = dict(zip(candidates.stations, candidates.actual, strict=True))
    factors = {letter: np.asarray(candidates.factors[arm[code]]) for letter, code in names.items()}
    return Drawn(candidates, names, factors)


def enrolment_so_far() -> Enrolment:
    """Count stations up to the draw, and women who reported at each drawn station up to enrolment, at this moment."""
    frame, drawn = eligibility_flow(frame_rows()), dict(study_stations().values_list("station", "blinded_letter"))
    reports = dict.fromkeys(drawn.values(), Flow())
    for cell in recruitment_flow():
        if letter := drawn.get(cell.station_id):
            reports[letter] += cell.flow
    excluded = tuple((tuple(map(str, reasons)), count) for reasons, count in frame.excluded.items())
    return Enrolment(frame.assessed, excluded, frame.eligible, len(drawn), reports)
