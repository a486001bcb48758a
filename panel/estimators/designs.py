"""The trial's models as panels of arrays: saturated and short, after baseline, ANCOVA, by wave, by baseline risk.

Each function takes a panel and returns another, so that they can be combined; estimation knows nothing of them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from panel.estimators.clustered import Bools, DesignInvalid, Effects, Floats, Ints, PanelArrays
from panel.estimators.remarks import remark

BASELINE = "baseline"
BASELINE_MISSING = "baseline_missing"


def saturated(panel: PanelArrays, first: str, second: str) -> PanelArrays:
    """Add the product of two treatments, after them: the model to read first (Muralidharan, Romero, Wüthrich 2025)."""
    product = column(panel, first) * column(panel, second)
    return with_treatments(panel, (f"{first}_x_{second}",), product[:, None])


def rows_of(panel: PanelArrays, keep: Bools) -> PanelArrays:
    """Return the panel of some of its rows, codes numbered anew. Raise DesignInvalid if none is left."""
    if not keep.any():
        raise DesignInvalid(remark("no_row"))
    there = np.unique(panel.cluster[keep])
    return replace(
        panel,
        outcome=panel.outcome[keep],
        regressors=panel.regressors[keep],
        unit=_renumbered(panel.unit[keep]),
        time=_renumbered(panel.time[keep]),
        cluster=_renumbered(panel.cluster[keep]),
        weights=None if panel.weights is None else panel.weights[keep],
        moderator=None if panel.moderator is None else panel.moderator[keep],
        cluster_names=tuple(panel.cluster_names[code] for code in there) if panel.cluster_names else (),
    )


def after_baseline(panel: PanelArrays, *, base: int = 0) -> PanelArrays:
    """Compare after the base period alone, with effects of time: the robustness model without any baseline.

    A base beyond all periods leaves out nothing: of what has no value before the allocation.
    """
    if base < panel.periods:
        _require_periods(panel)
    return replace(rows_of(panel, panel.time != base), effects=Effects.TIME)


def ancova(panel: PanelArrays, *, base: int = 0) -> PanelArrays:
    """Compare after the base period beside each unit's outcome then (McKenzie 2012).

    A unit without that outcome gets the mean of the others and a mark, so that nobody who was allocated is lost
    (White and Thompson 2005): the baseline was before the allocation's effect, so neither bends it.
    """
    at_base = np.full(int(panel.unit.max()) + 1, np.nan)
    there = panel.time == base
    at_base[panel.unit[there]] = panel.outcome[there]
    if np.isnan(at_base).all():
        raise DesignInvalid(remark("no_baseline"))
    missing = np.isnan(at_base)
    filled = np.where(missing, np.nanmean(at_base), at_base)
    found = after_baseline(
        _with_covariates(panel, (BASELINE, BASELINE_MISSING), np.column_stack([filled, missing])[panel.unit]), base=base
    )
    return found if found.regressors[:, -1].any() else _without_last_covariate(found)


def event_study(panel: PanelArrays, labels: Sequence[str], *, base: int = 0) -> PanelArrays:
    """Give each treatment a coefficient in each period but the base; `labels` name the periods in order.

    Periods before the allocation show whether the arms ran apart by themselves. A unit is of its treatment's arm
    wherever it ever was exposed. Names are "training@6".
    """
    _require_periods(panel)
    others = [period for period in range(panel.periods) if period != base]
    names, columns = [], []
    for j, name in enumerate(panel.names[: panel.treatments]):
        if not np.isin(panel.regressors[:, j], (0.0, 1.0)).all():
            raise DesignInvalid(remark("wave_binary", name=name))
        ever = np.zeros(int(panel.unit.max()) + 1)
        np.maximum.at(ever, panel.unit, panel.regressors[:, j])
        for period in others:
            names.append(f"{name}@{labels[period]}")
            columns.append(ever[panel.unit] * (panel.time == period))
    bare = replace(panel, names=panel.names[panel.treatments :], regressors=panel.regressors[:, panel.treatments :])
    return with_treatments(replace(bare, treatments=0), tuple(names), np.column_stack(columns))


def by_time(
    panel: PanelArrays, names: Sequence[str], traits: Floats, labels: Sequence[str], *, base: int = 0
) -> PanelArrays:
    """Add traits of unit or district (n × q) times each period but the base, which unit effects do not absorb."""
    periods = [period for period in range(panel.periods) if period != base]
    added = [(f"{name}@{labels[period]}", j, period) for j, name in enumerate(names) for period in periods]
    if not added:
        return panel
    columns = np.column_stack([traits[:, j] * (panel.time == period) for _, j, period in added])
    return _with_covariates(panel, tuple(name for name, _, _ in added), columns)


def by_moderator(
    panel: PanelArrays, name: str, moderator: Floats, labels: Sequence[str], *, base: int = 0
) -> PanelArrays:
    """Let the treatments' effects differ by a trait of before the allocation (n), such as the baseline risk.

    The trait is centred, so that a treatment's own coefficient is its effect at the trait's mean. It also enters by
    period, so that what high risk brings with time in every arm is no effect. Goes before `after_baseline` or `ancova`.
    """
    centred = (moderator - moderator.mean())[:, None]
    products = panel.regressors[:, : panel.treatments] * centred
    names = tuple(f"{treatment}:{name}" for treatment in panel.names[: panel.treatments])
    moderated = replace(with_treatments(panel, names, products), moderator=centred[:, 0])
    return by_time(moderated, (name,), centred, labels, base=base)


def column(panel: PanelArrays, name: str) -> Floats:
    """Return a regressor by its name. Raise DesignInvalid if there is none."""
    if name not in panel.names:
        raise DesignInvalid(remark("no_regressor", name=name, others=", ".join(panel.names)))
    return panel.regressors[:, panel.names.index(name)]


def with_treatments(panel: PanelArrays, names: tuple[str, ...], columns: Floats) -> PanelArrays:
    """Add columns (n × q) after the panel's treatments and before its covariates."""
    at = panel.treatments
    return replace(
        panel,
        names=(*panel.names[:at], *names, *panel.names[at:]),
        regressors=np.hstack([panel.regressors[:, :at], columns, panel.regressors[:, at:]]),
        treatments=at + len(names),
    )


def _with_covariates(panel: PanelArrays, names: tuple[str, ...], columns: Floats) -> PanelArrays:
    return replace(panel, names=(*panel.names, *names), regressors=np.hstack([panel.regressors, columns]))


def _without_last_covariate(panel: PanelArrays) -> PanelArrays:
    return replace(panel, names=panel.names[:-1], regressors=panel.regressors[:, :-1])


def _require_periods(panel: PanelArrays) -> None:
    if panel.periods < 2:  # noqa: PLR2004 (a base and what comes after it)
        raise DesignInvalid(remark("one_period"))


def _renumbered(codes: Ints) -> Ints:
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)
