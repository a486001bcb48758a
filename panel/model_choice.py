"""Which of the trial's models a file's panel is estimated by: the choices of `manage.py estimate` and of the plan."""

from enum import StrEnum

from panel.estimation_file import FilePanel, Model
from panel.estimators.clustered import DesignInvalid, PanelArrays
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

    Raise DesignInvalid for a base that no row has, and what the designs raise.
    """
    start = _base_code(read, base)
    panel = by_time(read.panel, model.by_time, read.traits, read.periods, base=start)
    if model.moderator is not None and read.moderator is not None:
        if kind is ModelKind.EVENT_STUDY:
            raise DesignInvalid(remark("moderator_by_wave", name=model.moderator))
        panel = by_moderator(panel, model.moderator, read.moderator, read.periods, base=start)
    if kind is ModelKind.ANCOVA:
        return ancova(panel, base=start)
    if kind in (ModelKind.AFTER_BASELINE, ModelKind.ATTRITION):
        return after_baseline(panel, base=start)
    if kind is ModelKind.EVENT_STUDY:
        return event_study(panel, read.periods, base=start)
    return panel


def _base_code(read: FilePanel, base: str | None) -> int:
    if base is None:
        return 0
    if base not in read.periods:
        raise DesignInvalid(remark("no_base", base=base, periods=", ".join(read.periods)))
    return read.periods.index(base)
