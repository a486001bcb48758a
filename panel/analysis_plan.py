"""The pre-analysis plan: a file that says before unblinding what will be estimated; all else is exploratory."""

import hashlib
import tomllib
from collections.abc import Collection, Iterable
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, ValidationError, model_validator

from accounts.errors import StudyError
from panel.estimation_file import Model
from panel.model_choice import ModelKind
from panel.plan_problems import line_of_toml, lines_of
from protocol.parts import Code, Label, Part
from stations.frame_file import canonical_json

ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class PlanFileError(StudyError):
    """The plan cannot be used; the message has one line for each problem."""

    code = "plan_file"
    http_status = 422


class Keys(Part):
    """The columns of woman, wave and station."""

    unit: ColumnName
    time: ColumnName
    cluster: ColumnName


class Outcome(Part):
    """What is measured, and by whom: the survey, or the police's own records.

    `model` is the one that it is read in: the primary one, unless the plan names another for what has no value before
    the allocation.
    """

    code: ColumnName
    source: Literal["survey", "police"]
    label: Label
    model: Code | None = None


class Family(Part):
    """Outcomes whose p-values are adjusted together."""

    code: Code
    outcomes: Annotated[list[ColumnName], Field(min_length=1)]
    adjustment: Literal["romano_wolf", "holm", "benjamini_hochberg"]


class PlannedModel(Part):
    """A model by its kind and columns; one of them is primary, the others show what it hangs on."""

    code: Code
    kind: Literal["two-way", "ancova", "post", "event", "attrition"]
    treatments: Annotated[list[ColumnName], Field(min_length=1)]
    covariates: list[ColumnName] = []
    by_time: list[ColumnName] = []
    is_primary: bool = False

    @property
    def model_kind(self) -> ModelKind:
        return ModelKind(self.kind)


class Subgroup(Part):
    """A trait of before the allocation by which effects may differ, and the model in which it is asked."""

    code: Code
    column: ColumnName
    model: Code
    label: Label


class Sensitivity(Part):
    """What shows how far women who were not seen could change an effect, for these outcomes.

    Whether arms answered alike is asked by a model of the kind attrition.
    """

    kind: Literal["lee_bounds", "response_weights"]
    outcomes: Annotated[list[ColumnName], Field(min_length=1)]


class AnalysisPlan(Part):
    """The whole file."""

    title: Label
    base: Annotated[str, Field(min_length=1)]
    alpha: Annotated[float, Field(gt=0, lt=0.5)]
    seed: Annotated[int, Field(ge=0)]
    ri_draws: Annotated[int, Field(ge=99, le=1_000_000)]
    columns: Keys
    outcomes: Annotated[list[Outcome], Field(min_length=1)]
    families: Annotated[list[Family], Field(min_length=1)]
    models: Annotated[list[PlannedModel], Field(min_length=1)]
    subgroups: list[Subgroup] = []
    sensitivity: list[Sensitivity] = []

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name, parts in (
            ("outcomes", self.outcomes),
            ("families", self.families),
            ("models", self.models),
            ("subgroups", self.subgroups),
        ):
            _refuse_twice(name, (part.code for part in parts))
        _refuse_twice("families: outcomes", (code for family in self.families for code in family.outcomes))
        self._check_families()
        self._check_sensitivity()
        primary = [model.code for model in self.models if model.is_primary]
        if len(primary) != 1:
            found = ", ".join(primary) or "–"
            raise ValueError(_("models: expected one with is_primary = true, found %(found)s") % {"found": found})
        self._check_outcomes()
        self._check_subgroups()
        return self

    def _check_outcomes(self) -> None:
        asked = [outcome.model for outcome in self.outcomes if outcome.model is not None]
        averages = [
            model.code
            for model in self.models
            if model.kind not in {"event", "attrition"} and model.treatments == self.primary.treatments
        ]
        _refuse_unknown("outcomes: model", asked, averages)

    def _check_subgroups(self) -> None:
        asked = [group.model for group in self.subgroups]
        _refuse_unknown("subgroups: model", asked, [model.code for model in self.models])
        if by_wave := [model.code for model in self.models if model.kind == "event" and model.code in asked]:
            expected = _("subgroups: expected a model that is not by wave, found %(found)s")
            raise ValueError(expected % {"found": ", ".join(by_wave)})

    def _check_families(self) -> None:
        sources = {outcome.code: outcome.source for outcome in self.outcomes}
        placed = {code for family in self.families for code in family.outcomes}
        _refuse_unknown("families: outcomes", placed, sources)
        if alone := set(sources) - placed:
            expected = _("outcomes: expected each in a family, which may be of one alone; found in none %(found)s")
            raise ValueError(expected % {"found": ", ".join(sorted(alone))})
        for family in self.families:
            if len({sources[code] for code in family.outcomes}) > 1:
                expected = _("families: expected outcomes of one source, found both in %(found)s")
                raise ValueError(expected % {"found": family.code})

    def _check_sensitivity(self) -> None:
        _refuse_twice("sensitivity", (part.kind for part in self.sensitivity))
        named = {code for part in self.sensitivity for code in part.outcomes}
        _refuse_unknown("sensitivity: outcomes", named, [outcome.code for outcome in self.outcomes])

    def foresees(self, kind: str, outcome: str) -> bool:
        """Say whether bounds or weights of that kind are planned for an outcome."""
        return any(part.kind == kind and outcome in part.outcomes for part in self.sensitivity)

    @property
    def primary(self) -> PlannedModel:
        return next(model for model in self.models if model.is_primary)

    def main_model(self, outcome: str) -> PlannedModel:
        """Return the model that an outcome is read in: its own, or else the primary one."""
        own = next((one.model for one in self.outcomes if one.code == outcome), None)
        return self.primary if own is None else next(model for model in self.models if model.code == own)


def parse_plan(text: str, *, name: str) -> AnalysisPlan:
    """Read a plan (TOML 1.0). Raises PlanFileError, one line a problem: file, key, what was expected."""
    try:
        said = tomllib.loads(text)
    except RecursionError as error:
        told = _("%(name)s: expected TOML 1.0, found brackets within brackets too deep for a plan") % {"name": name}
        raise PlanFileError(told) from error
    except ValueError as error:
        # Not TOML, or a number of thousands of digits.
        raise PlanFileError(line_of_toml(error, name=name)) from error
    try:
        return AnalysisPlan.model_validate(said)
    except ValidationError as error:
        raise PlanFileError(lines_of(error, name=name)) from error


def require_columns(plan: AnalysisPlan, names: Collection[str], *, name: str, table: str) -> None:
    """Let a plan pass whose columns a table has all. Raise PlanFileError, one line a key."""
    asked: list[tuple[str, str]] = [(f"columns.{key}", column) for key, column in plan.columns.model_dump().items()]
    asked += [(f"outcomes[{place}].code", outcome.code) for place, outcome in enumerate(plan.outcomes, start=1)]
    for place, model in enumerate(plan.models, start=1):
        for key, columns in model.model_dump(include={"treatments", "covariates", "by_time"}).items():
            asked += [(f"models[{place}].{key}", column) for column in columns]
    asked += [(f"subgroups[{place}].column", group.column) for place, group in enumerate(plan.subgroups, start=1)]
    expected = _("%(name)s: %(key)s: expected a column of %(table)s, found %(column)s")
    told = [
        {"name": name, "key": key, "table": table, "column": column} for key, column in asked if column not in names
    ]
    if told:
        raise PlanFileError("\n".join(expected % one for one in told))


def require_estimable(plan: AnalysisPlan, periods: Collection[str], *, name: str) -> None:
    """Let a plan pass that can be estimated: its base is a period, and no model has a column twice, or as outcome too.

    Raise PlanFileError, one line a key: once it is locked, a slip would be found in the report alone.
    """
    told = []
    if plan.base not in periods:
        expected = _("%(name)s: base: expected one of %(known)s, found %(found)s")
        told.append(expected % {"name": name, "known": ", ".join(sorted(periods)), "found": plan.base})
    own = {outcome.code for outcome in plan.outcomes} | set(plan.columns.model_dump().values())
    columns = {f"models[{place}]": model for place, model in enumerate(plan.models, start=1)}
    asked = {key: [*model.treatments, *model.covariates, *model.by_time] for key, model in columns.items()}
    for place, group in enumerate(plan.subgroups, start=1):
        model = next(one for one in plan.models if one.code == group.model)
        asked[f"subgroups[{place}]"] = [*model.treatments, *model.covariates, *model.by_time, group.column]
    expected = _("%(name)s: %(key)s: expected each column once, and no outcome or key among them; found %(found)s")
    for key, names in asked.items():
        if wrong := sorted({column for column in names if names.count(column) > 1 or column in own}):
            told.append(expected % {"name": name, "key": key, "found": ", ".join(wrong)})
    if told:
        raise PlanFileError("\n".join(told))


def plan_sha256(plan: AnalysisPlan) -> str:
    """Return the hash that is published: of what the plan says, whatever its comments, spaces and order of keys.

    What a plan leaves out is not in it, so that a key that plans may have later changes no hash of before.
    """
    return hashlib.sha256(canonical_json(plan.model_dump(mode="json", exclude_defaults=True)).encode()).hexdigest()


def file_model(plan: AnalysisPlan, outcome: str, planned: PlannedModel, *, subgroup: Subgroup | None = None) -> Model:
    """Return which column of a data file is what, for one outcome in one planned model."""
    return Model(
        outcome=outcome,
        treatments=tuple(planned.treatments),
        unit=plan.columns.unit,
        time=plan.columns.time,
        cluster=plan.columns.cluster,
        covariates=tuple(planned.covariates),
        by_time=tuple(planned.by_time),
        moderator=None if subgroup is None else subgroup.column,
        asks_who_answered=planned.model_kind is ModelKind.ATTRITION,
    )


def is_planned(plan: AnalysisPlan, model: Model, kind: ModelKind) -> bool:
    """Say whether an estimate is one of the plan's; whatever is not is to be called exploratory."""
    every: list[tuple[Any, ModelKind]] = []
    for outcome in plan.outcomes:
        for planned in plan.models:
            every.append((file_model(plan, outcome.code, planned), planned.model_kind))
            every += [
                (file_model(plan, outcome.code, planned, subgroup=group), planned.model_kind)
                for group in plan.subgroups
                if group.model == planned.code
            ]
    return (model, kind) in every


def _refuse_twice(place: str, codes: Iterable[str]) -> None:
    listed = list(codes)
    if twice := sorted({code for code in listed if listed.count(code) > 1}):
        raise ValueError(
            _("%(place)s: expected each once, found twice %(found)s") % {"place": place, "found": ", ".join(twice)}
        )


def _refuse_unknown(place: str, codes: Iterable[str], known: Iterable[str]) -> None:
    if unknown := sorted(set(codes) - set(known)):
        told = {"place": place, "known": ", ".join(known), "found": ", ".join(unknown)}
        raise ValueError(_("%(place)s: expected one of %(known)s, found %(found)s") % told)
