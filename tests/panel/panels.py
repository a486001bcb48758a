"""Panels of arrays for the estimators' tests."""

import numpy as np
import pandas as pd

from panel.estimators.clustered import PanelArrays


def arrays(frame, outcome, regressors, *, unit="woman", time="wave", cluster="station", **more):
    codes = {key: pd.factorize(frame[column])[0] for key, column in
             (("unit", unit), ("time", time), ("cluster", cluster))}  # fmt: skip
    return PanelArrays(
        outcome=frame[outcome].to_numpy(float),
        regressors=frame[list(regressors)].to_numpy(float),
        names=tuple(regressors),
        **codes,
        **more,
    )


def small_panel(seed=7, clusters=6, women=8, waves=3):
    """An unbalanced panel: units within clusters, some waves missing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        [(g, g * women + i, t) for g in range(clusters) for i in range(women) for t in range(waves)],
        columns=["station", "woman", "wave"],
    )
    frame["treated"] = ((frame.station % 2 == 0) & (frame.wave > 0)).astype(float)
    frame["x"] = rng.normal(size=len(frame))
    station_wave = rng.normal(size=(clusters, waves))[frame.station, frame.wave]
    frame["y"] = 0.4 * frame.treated + 0.2 * frame.x + 0.3 * station_wave + rng.normal(size=len(frame))
    return frame[rng.random(len(frame)) > 0.15].reset_index(drop=True)


def random_panel(seed, *, moves=False):
    """An unbalanced panel: 4 to 9 stations of 3 to 12 women at 2 to 5 waves, gaps, weights; some move to the next."""
    rng = np.random.default_rng(seed)
    clusters, waves = int(rng.integers(4, 10)), int(rng.integers(2, 6))
    station = np.repeat(np.arange(clusters), rng.integers(3, 13, clusters))
    frame = pd.DataFrame(
        {
            "woman": np.repeat(np.arange(len(station)), waves),
            "station": np.repeat(station, waves),
            "wave": np.tile(np.arange(waves), len(station)),
        }
    )
    frame["treated"] = ((frame.station % 2 == 0) & (frame.wave > 0)).astype(float)
    frame["x"] = rng.normal(size=len(frame))
    frame["weight"] = rng.uniform(0.5, 2, len(frame))
    shocks = rng.normal(size=(clusters, waves))[frame.station, frame.wave]
    frame["y"] = 0.4 * frame.treated + 0.2 * frame.x + 0.5 * shocks + rng.normal(size=len(frame))
    if moves:
        movers = rng.random(len(station)) < rng.uniform(0.1, 0.6)
        frame["station"] = (frame.station + (movers[frame.woman] & (frame.wave == waves - 1))) % clusters
    kept = frame[rng.random(len(frame)) > rng.uniform(0, 0.3)]
    # Waves in their order, so that the first that appears is the base.
    return kept.sort_values(["wave", "woman"]).reset_index(drop=True)
