"""Arms given again at random, so that a whole analysis is proved before anybody sees what was found.

Nobody keeps the seed: who knew it could turn the arms of a shuffled report back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from panel.estimation_file import DataInvalid
from panel.estimators.candidates import CandidateSet, ways_to_give
from panel.estimators.clustered import Bools

TRAINING, RISK_SCALE, BOTH = "training", "risk_scale", "training_x_risk_scale"


def arm_name(factors: Sequence[bool] | Bools) -> str:
    """Call an arm by the factors that it has, in the order of the trial: training, then the risk scale."""
    return " + ".join(name for name, has in zip((TRAINING, RISK_SCALE), factors, strict=True) if has) or "–"


def shuffled_candidates(candidates: CandidateSet, rng: np.random.Generator) -> CandidateSet:
    """Return the same set, with another of its allocations for the study's own."""
    seed = int(rng.integers(2**32))
    ways = ways_to_give(candidates, [0] * len(candidates.arms), draws=1, seed=seed)
    place = int(rng.integers(ways.count)) if ways.is_exact else 1
    return replace(candidates, actual=ways.allocations[place])


def donors_within(
    candidates: CandidateSet, shuffled: CandidateSet, names: Mapping[str, str], stations: Sequence[str]
) -> dict[str, str]:
    """Say of each station of a file whose arm it gets under the shuffled allocation; `names` are those of the file.

    Raise DataInvalid for a station that the allocation does not know.
    """
    place = {code: number for number, code in enumerate(candidates.stations)}
    codes = {station: names.get(station, station) for station in stations}
    if unknown := sorted(station for station, code in codes.items() if code not in place):
        raise DataInvalid(f"the allocation has no station {', '.join(unknown[:3])}")
    first = {int(candidates.actual[place[code]]): station for station, code in reversed(list(codes.items()))}
    wanted = {station: int(shuffled.actual[place[code]]) for station, code in codes.items()}
    if gone := sorted({candidates.arms[arm] for arm in wanted.values() if arm not in first}):
        raise DataInvalid(f"the file has no station of the arm {', '.join(gone)}, so arms cannot be shuffled")
    return {station: first[arm] for station, arm in wanted.items()}


def donors_at_random(stations: Sequence[str], rng: np.random.Generator) -> dict[str, str]:
    """Say of each station whose arm it gets, where it is not known what the allocation was drawn from."""
    return dict(zip(stations, rng.permutation(list(stations)).tolist(), strict=True))


def with_arms_of(
    frame: pl.DataFrame,
    donors: Mapping[str, str],
    treatments: Sequence[str],
    arms: Mapping[str, int] | None = None,
    *,
    cluster: str,
    time: str,
) -> pl.DataFrame:
    """Give each station the treatments of its donor, period by period; `arms` say which stations have one arm.

    Where the file has no row of the donor, another station of its arm says what it would have been given: a gap that
    moved along with the arms would tell whose they are. Raise DataInvalid for a treatment that is not the same for all
    of a station in a period, and for a period of which no station like the donor has a row.
    """
    # No treatment's name begins so.
    given = arms_by_period(frame, treatments, cluster=cluster, time=time).rename({cluster: "_donor", time: "_time"})
    keys = frame.select(
        _donor=pl.col(cluster).cast(pl.String).str.strip_chars().replace_strict(dict(donors)),
        _time=pl.col(time).cast(pl.String).str.strip_chars(),
    )
    whole = _without_gaps(given, keys.unique(maintain_order=True).rows(), arms)
    found = keys.join(whole, on=["_donor", "_time"], how="left", maintain_order="left")
    return frame.with_columns(found.select(treatments))


def _without_gaps(
    given: pl.DataFrame, wanted: Sequence[tuple[str, str]], arms: Mapping[str, int] | None
) -> pl.DataFrame:
    """Add what is wanted (donor, period) and not there, as it was given to the station that is most like the donor."""
    told: dict[str, dict[str, tuple[object, ...]]] = {}
    for donor, period, *values in given.drop_nulls().rows():
        told.setdefault(donor, {})[period] = tuple(values)
    gaps = [(donor, period) for donor, period in wanted if period not in told.get(donor, {})]
    if not gaps:
        return given
    added = [(donor, period, *told[_most_like(told, donor, period, arms)][period]) for donor, period in gaps]
    return given.drop_nulls().vstack(pl.DataFrame(added, schema=given.schema, orient="row"))


def _most_like(
    told: Mapping[str, Mapping[str, tuple[object, ...]]], donor: str, period: str, arms: Mapping[str, int] | None
) -> str:
    """Return a station with rows of a period that has the donor's arm, or else was given the same in most periods."""
    own = told.get(donor, {})
    alike = {
        station: 1 + sum(one in own for one in others) if arms is not None else sum(one in own for one in others)
        for station, others in told.items()
        if period in others
        and (arms is None or arms[station] == arms[donor])
        and all(own[one] == others[one] for one in own.keys() & others.keys())
    }
    best = max(alike, key=lambda station: alike[station], default=None)
    if best is None or not alike[best]:
        raise DataInvalid(f"at {period} the rows of some stations are missing, and none tells what they are given then")
    return best


def arms_by_period(frame: pl.DataFrame, treatments: Sequence[str], *, cluster: str, time: str) -> pl.DataFrame:
    """Return the treatments by station and period, both as texts. Raise DataInvalid where they differ within one."""
    keys = [pl.col(name).cast(pl.String).str.strip_chars() for name in (cluster, time)]
    given = frame.select(*keys, *treatments).unique().sort(cluster, time)
    if twice := given.filter(pl.struct(cluster, time).is_duplicated()).rows():
        raise DataInvalid(f"station {twice[0][0]} has more than one treatment at {time} {twice[0][1]}")
    return given


def with_factors(
    frame: pl.DataFrame, factors: Mapping[str, Bools], *, cluster: str, time: str, base: str
) -> pl.DataFrame:
    """Add the columns of both factors and their product after the base, from what each station was given."""
    station = pl.col(cluster).cast(pl.String)
    after = (pl.col(time).cast(pl.String) != base).cast(pl.Int64)
    columns = [
        (station.replace_strict({name: int(given[place]) for name, given in factors.items()}) * after).alias(column)
        for place, column in enumerate((TRAINING, RISK_SCALE))
    ]
    return frame.with_columns(columns).with_columns((pl.col(TRAINING) * pl.col(RISK_SCALE)).alias(BOTH))
