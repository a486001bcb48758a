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
