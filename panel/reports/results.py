"""All results of a report as JSON, by which scripts outside are compared."""

from dataclasses import asdict
from typing import Any

from panel.estimators.remarks import Remark
from panel.reports.findings import Balance, Bounds, Effect, FamilyTest, Findings, Likeness
from panel.reports.trial_flow import TrialFlow


def as_json(found: Findings) -> dict[str, Any]:
    """Return everything that was found, with the plan and its hash. No number is not-a-number."""
    return {
        "plan": found.plan.model_dump(mode="json"),
        "plan_sha256": found.plan_sha256,
        "is_blinded": found.is_blinded,
        "plan_standing": found.standing.value,
        "effects": [_effect(effect) for effect in found.effects],
        "weighted": [_effect(effect) for effect in found.weighted],
        "families": [_plain(family) for family in found.families],
        "bounds": [_plain(one) for one in found.bounds],
        "likeness": [_plain(one) for one in found.likeness],
        "balance": [_plain(one) for one in found.balance],
        "flow": [asdict(one) for one in found.flow],
        "trial_flow": None if found.trial_flow is None else _trial_flow(found.trial_flow),
        "randomisation": [
            {
                "outcome": one.outcome,
                "treatment": one.treatment,
                "observed": float(one.coefficients[0]),
                "p": one.p,
                "ways": one.told.english,
            }
            for one in found.distributions
        ],
    }


def _trial_flow(flow: TrialFlow) -> dict[str, Any]:
    """Return the flow by arm; what a single station reported stays inside."""
    known = flow.enrolment
    stations = None
    if known is not None:
        excluded = [{"reasons": list(reasons), "stations": count} for reasons, count in known.excluded]
        stations = {
            "assessed": known.assessed, "excluded": excluded, "eligible": known.eligible, "drawn": known.drawn,
        }  # fmt: skip
    return {
        "stations": stations,
        "armless": flow.armless,
        "arms": [asdict(arm) for arm in flow.arms],
        "stages": [asdict(stage) for stage in flow.stages],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "outcome": effect.outcome,
        "model": effect.model.code,
        "kind": effect.model.kind,
        "subgroup": None if effect.subgroup is None else effect.subgroup.code,
        "is_planned": effect.is_planned,
        "estimate": None if effect.estimate is None else effect.estimate.as_json(),
        **_problem(effect.problem),
    }


def _plain(one: FamilyTest | Bounds | Likeness | Balance) -> dict[str, Any]:
    return {**asdict(one), **_problem(one.problem)}


def _problem(why: Remark | None) -> dict[str, str]:
    """Say in English, and by its code, why something was not found."""
    return {"problem": why.english if why else "", "problem_code": why.code if why else ""}
