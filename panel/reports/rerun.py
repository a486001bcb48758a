"""What the scripts that run a report again outside, in Python and in R, need beside its results.

Data do not come along: whoever runs them has the file. The arms of the report do, by station and period, so that a
blinded report is run again on the very groups that it shuffled; and the draws of stations that gave the bounds their
errors, so that both languages draw the same. The set that was drawn from comes along only where the file itself calls
stations by their codes: of a file with letters it would tell, by how stations are balanced against each other, which
letter is which station.
"""

import csv
import io
import json
from contextlib import suppress

import numpy as np

from panel.estimation_file import DataInvalid
from panel.estimators.attrition import BOOTSTRAP_DRAWS, drawn_stations
from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import DesignInvalid
from panel.reports.study import Study, everyone, last_wave


def candidates_json(candidates: CandidateSet) -> str:
    """Return the set that was drawn from, as the script reads it."""
    said = {
        "stations": list(candidates.stations),
        "arms": list(candidates.arms),
        "actual": candidates.actual.tolist(),
        "factors": candidates.factors.astype(int).tolist(),
        "blocks": candidates.blocks.tolist(),
        "values": candidates.values.tolist(),
        "weights": candidates.weights.tolist(),
        "cutoff": candidates.cutoff,
    }
    return json.dumps(said, indent=1) + "\n"


def draws_csv(study: Study) -> dict[str, str]:
    """Return, by the file's name, how often the bootstrap of each factor's bounds drew each station, a row a draw.

    Stations bear the names that the data file calls them by.
    """
    for outcome in study.plan.outcomes:
        with suppress(DataInvalid, DesignInvalid):
            there = everyone(study, outcome.code)
            break
    else:
        return {}
    last, found = last_wave(there), {}
    own = {code: name for name, code in study.station_names.items()}
    names = [own.get(name, name) for name in there.panel.cluster_names]
    present, cluster = np.unique(there.panel.cluster[last], return_inverse=True)
    for column in there.factors:
        treated = np.asarray(there.ever[last, column] > 0)
        drawn = drawn_stations(treated, cluster, BOOTSTRAP_DRAWS, np.random.default_rng(study.plan.seed))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([names[code] for code in present])
        writer.writerows(drawn.astype(int).tolist())
        found[f"draws_{there.panel.names[column]}.csv"] = out.getvalue()
    return found
