"""Which of the trial's models a file's panel is estimated by: the choices of `manage.py estimate` and of the plan."""

from enum import StrEnum

import numpy as np

from panel.estimation_file import FilePanel, Model
from panel.estimators.clustered import DesignInvalid, Floats, Ints, PanelArrays
from panel.estimators.designs import after_baseline, ancova, by_moderator, by_time, event_study
from panel.estimators.remarks import remark


class ModelKind(StrEnum):
    """The models: with effects of woman and wave, those that show whether a finding hangs on them, and who answered."""

    TWO_WAY = "two-way"
    ANCOVA = "ancova"
    AFTER_BASELINE = "post"
    EVENT_STUDY = "event"
    ATTRITION = "attrition"


def chosen_model(read: FilePanel, model: Model, kind: ModelKind, *, base: str | None = None) -> PanelArrays:
    """Return the panel of the chosen model. `base` names the period before the allocation: the first, unless given.

    Raise DesignInvalid for a base that no row has, and what the designs raise. What is counted between periods has no
    value in the base, and is compared after it all the same.
    """
    start = _base_code(read, base, kind)
    panel = by_time(read.panel, model.by_time, read.traits, read.periods, base=start)
    if model.moderator is not None and read.moderator is not None:
        if kind is ModelKind.EVENT_STUDY:
            raise DesignInvalid(remark("moderator_by_wave", name=model.moderator))
        if _varies(read.moderator, read.panel.unit):
            raise DesignInvalid(remark("moderator_varies", name=model.moderator))
        panel = by_moderator(panel, model.moderator, read.moderator, read.periods, base=start)
    if kind is ModelKind.ANCOVA:
        return ancova(panel, base=start)
    if kind in (ModelKind.AFTER_BASELINE, ModelKind.ATTRITION):
        return after_baseline(panel, base=start)
    if kind is ModelKind.EVENT_STUDY:
        return event_study(panel, read.periods, base=start)
    return panel


def _varies(trait: Floats, unit: Ints) -> bool:
    """Say whether a trait (n) is not the same in all rows of a unit: treatment may have brought about what it is."""
    one_of_each = np.zeros(int(unit.max()) + 1)
    one_of_each[unit] = trait
    return bool((one_of_each[unit] != trait).any())


def _base_code(read: FilePanel, base: str | None, kind: ModelKind) -> int:
    """Return the base's code: one beyond all others where the model leaves out a base that has no value anyway."""
    named = read.every_period[0] if base is None else base
    if named in read.periods:
        return read.periods.index(named)
    if kind is ModelKind.AFTER_BASELINE and named in read.every_period:
        return len(read.periods)
    if kind is ModelKind.TWO_WAY and base is None:
        return 0
    raise DesignInvalid(remark("no_base", base=named, periods=", ".join(read.periods)))
