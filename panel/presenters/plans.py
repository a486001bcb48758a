"""A plan in plain words, and the groups by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from panel import queries, services
from panel.analysis_plan import AnalysisPlan
from panel.models import PlanVersion, Unblinding
from panel.plan_states import PlanState
from protocol.schema import StudyProtocol

KINDS = {
    PlanState.DRAFT: "neutral",
    PlanState.PROPOSED: "warn",
    PlanState.LOCKED: "good",
    PlanState.REPLACED: "neutral",
}
MODELS: dict[str, str | Promise] = {
    "two-way": _("Each woman beside herself at other waves: effects of woman and of wave are taken out."),
    "ancova": _("After the baseline, beside her own answer at the baseline."),
    "post": _("After the baseline alone."),
    "event": _("Wave by wave."),
    "attrition": _("Who answered: whether groups differ in that."),
}
SOURCES: dict[str, str | Promise] = {"survey": _("asked in the survey"), "police": _("counted in records")}
ADJUSTMENTS: dict[str, str | Promise] = {
    "romano_wolf": _("Romano and Wolf, by resampling of stations"),
    "holm": _("Holm"),
    "benjamini_hochberg": _("Benjamini and Hochberg"),
}
SENSITIVITY: dict[str, str | Promise] = {
    "lee_bounds": _("Lee's bounds: the least and the most that an effect could be, whatever those not seen would say."),
    "response_weights": _("Weights by the chance to answer: who answered stands for those like her who did not."),
}


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """Outcomes that are adjusted together: by what, and each with where it comes from and its own model, if any."""

    code: str
    adjustment: str | Promise
    outcomes: Sequence[tuple[str, str, str | Promise, str | None]]


@dataclass(frozen=True, slots=True)
class ModelWords:
    """A model: its code, what it is, and the columns in it."""

    code: str
    what: str | Promise
    is_primary: bool
    treatments: Sequence[str]
    covariates: Sequence[str]
    by_time: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlanWords:
    """A plan as its page tells of it."""

    title: str
    plan: AnalysisPlan
    families: Sequence[FamilyWords]
    models: Sequence[ModelWords]
    subgroups: Sequence[tuple[str, str, str]]
    sensitivity: Sequence[tuple[str | Promise, Sequence[str]]]


def kind_of(plan: PlanVersion) -> str:
    """Return how a state looks."""
    return KINDS[PlanState(plan.state)]


def plan_words(plan: AnalysisPlan, language: str) -> PlanWords:
    """Return what a plan says, in words of the reader's language, the primary model first."""
    labels = {outcome.code: outcome.label.in_language(language) for outcome in plan.outcomes}
    outcomes = {outcome.code: outcome for outcome in plan.outcomes}
    return PlanWords(
        title=plan.title.in_language(language),
        plan=plan,
        families=[
            FamilyWords(
                family.code,
                ADJUSTMENTS[family.adjustment],
                [
                    (labels[code], code, SOURCES[outcomes[code].source], outcomes[code].model)
                    for code in family.outcomes
                ],
            )
            for family in plan.families
        ],
        models=[
            ModelWords(
                model.code, MODELS[model.kind], model.is_primary, model.treatments, model.covariates, model.by_time
            )
            for model in sorted(plan.models, key=lambda model: not model.is_primary)
        ],
        subgroups=[(group.label.in_language(language), group.column, group.model) for group in plan.subgroups],
        sensitivity=[(SENSITIVITY[part.kind], [labels[code] for code in part.outcomes]) for part in plan.sensitivity],
    )


def group_names(protocol: StudyProtocol, language: str) -> list[tuple[str, str]]:
    """Return each group's number with its name, once unblinding is recorded."""
    return [(number, label.in_language(language)) for number, label in queries.group_labels(protocol)]


def why_nobody_approves(waiting: Unblinding | None, plan: PlanVersion | None) -> str | Promise:
    """Return why a request that waits cannot be approved as it stands; "" where it can, or none waits."""
    if waiting is None:
        return ""
    if not waiting.is_still_asked:
        return services.AskerGone.message
    return "" if plan is not None and plan.pk == waiting.plan_id else services.PlanChangedSince.message
