"""The draw that the study runs on, as a report on its own releases needs it."""

from dataclasses import dataclass

import numpy as np

from panel.allocation_file import candidate_set
from panel.estimation_file import DataInvalid
from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import Bools
from stations.models import AllocatedStation
from stations.queries import locked_allocation


@dataclass(frozen=True, slots=True)
class Drawn:
    """The candidates of the locked draw, its stations by their letters, and what each letter was given."""

    candidates: CandidateSet
    names: dict[str, str]
    factors: dict[str, Bools]


def drawn_stations() -> Drawn:
    """Read the locked draw. Never for anybody's eyes: a report shuffles it. Raise DataInvalid where there is none."""
    allocation = locked_allocation()
    if allocation is None:
        raise DataInvalid("no draw is locked yet")
    candidates = candidate_set(allocation.certificate)
    rows = AllocatedStation.objects.filter(allocation=allocation).order_by("study_number")
    names = dict(rows.values_list("blinded_letter", "station__code"))
    arm = dict(zip(candidates.stations, candidates.actual, strict=True))
    factors = {letter: np.asarray(candidates.factors[arm[code]]) for letter, code in names.items()}
    return Drawn(candidates, names, factors)
