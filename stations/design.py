"""The design of a draw as plain data, and the draw itself: from a frame and a seed to each station's arm."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from protocol.schema import StudyProtocol
from stations.allocation import allocate, allocate_in_blocks
from stations.constrained import Candidates, best_matched, draw_constrained, keep_best
from stations.eligibility import EligibilityRule
from stations.partitions import Covariates, PartitionSpace, Progress
from stations.sampling import CannotSample, Sample, pps_sample, simple_sample, stratified_sample
from stations.standardised import indicators, whole_covariates

Row = Mapping[str, Any]
DISTRICT_GROUP = "district_group"


class Part(BaseModel):
    """A part of the design: nothing unknown, nothing bent into shape, nothing changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ArmSettings(Part):
    """An arm and its two factors."""

    code: str
    training: bool
    risk_cadence: bool


class EligibilitySettings(Part):
    """The least staff of an eligible station."""

    min_officers: int
    min_family_violence_officers: int


class SamplingSettings(Part):
    """How stations are drawn."""

    method: Literal["simple", "stratified", "pps"]
    stations: int
    strata: dict[str, int]
    size_measure: str | None


class AllocationMethod(Part):
    """How drawn stations get their arms; weights are decimals as text."""

    method: Literal["simple", "stratified", "matched", "constrained"]
    candidate_pct: int
    covariates: list[str]
    weights: dict[str, str]


class Design(Part):
    """All that decides a draw besides the frame and the seed: what a commitment binds and a certificate shows."""

    arms: list[ArmSettings]
    eligibility: EligibilitySettings
    sampling: SamplingSettings
    allocation: AllocationMethod
    district_groups: dict[str, list[str]]

    @property
    def arm_codes(self) -> list[str]:
        return [arm.code for arm in self.arms]

    @property
    def factors(self) -> dict[str, dict[str, bool]]:
        """Return arm → factor → whether the arm has it."""
        return {arm.code: {"training": arm.training, "risk_cadence": arm.risk_cadence} for arm in self.arms}


@dataclass(frozen=True, slots=True)
class Draw:
    """What a frame and a seed give under a design: everything on the way, and each drawn station's arm.

    `columns` names the covariates of `covariates`, whose rows are the stations of the sample. `blocks` are strata or
    matched sets by name, `candidates` the assignments kept: each None where the method has none.
    """

    eligible: tuple[str, ...]
    sample: Sample
    columns: tuple[str, ...]
    covariates: Covariates
    blocks: Mapping[str, tuple[str, ...]] | None
    candidates: Candidates | None
    assignment: Mapping[str, str]


def design_of(protocol: StudyProtocol) -> Design:
    """Return what a protocol says of drawing and allocating."""
    sampling, allocation = protocol.sampling, protocol.allocation
    groups = [DISTRICT_GROUP] * allocation.balance_district_groups
    return Design(
        arms=[
            ArmSettings(code=arm.code, training=arm.training, risk_cadence=arm.risk_cadence) for arm in protocol.arms
        ],
        eligibility=EligibilitySettings(**sampling.eligibility.model_dump()),
        sampling=SamplingSettings(
            method=sampling.method,
            stations=sampling.stations,
            strata=dict(sampling.strata),
            size_measure=sampling.size_measure,
        ),
        allocation=AllocationMethod(
            method=allocation.method,
            candidate_pct=allocation.candidate_pct,
            covariates=[*allocation.balance_covariates, *groups],
            weights={name: str(weight) for name, weight in allocation.weights.items()},
        ),
        district_groups={group.code: sorted(group.ubigeos) for group in protocol.district_groups},
    )


def draw(design: Design, frame: Mapping[str, Sequence[Row]], *, seed: str, progress: Progress | None = None) -> Draw:
    """Draw stations from a frozen frame and give them arms. The same four things give the same for ever.

    `frame` has the rows of "stations" and "districts" as `frame_file.frame_content` writes them. Raises CannotSample,
    TooManyPartitions, and ValueError where the stations do not part into equal arms.
    """
    stations = {row["code"]: row for row in frame["stations"]}
    districts = {row["ubigeo"]: row for row in frame["districts"]}
    eligible = eligible_codes(design, stations.values())
    sample = _sampled(design, {code: stations[code] for code in eligible}, seed=seed)
    rows = {code: {**districts[stations[code]["ubigeo"]], **stations[code]} for code in sample.codes}
    columns = _columns(design, rows)
    weights = {name: Decimal(weight) for name, weight in design.allocation.weights.items()}
    covariates = whole_covariates(
        sample.codes, columns, {name: weights[key] for name in columns if (key := name.split("=")[0]) in weights}
    )
    space = _space(design, covariates)
    blocks = _blocks(design, rows, space)
    candidates = None
    if space is not None and blocks is None:
        pct = design.allocation.candidate_pct
        candidates = candidates_of(covariates, arms=len(design.arms), pct=pct, progress=progress)
        assignment = draw_constrained(space, candidates, sample.codes, design.arm_codes, seed=seed)
    elif blocks is not None:
        assignment = allocate_in_blocks(blocks, design.arm_codes, seed=seed)
    else:
        assignment = allocate(sample.codes, design.arm_codes, seed=seed)
    return Draw(eligible, sample, tuple(columns), covariates, blocks, candidates, assignment)


def eligible_codes(design: Design, stations: Iterable[Row]) -> tuple[str, ...]:
    """Return the codes of the stations that may be drawn, sorted."""
    rule = EligibilityRule(**design.eligibility.model_dump())
    return tuple(
        sorted(
            row["code"]
            for row in stations
            if not rule.exclusions(officers=row["officers"], family_violence_officers=row["family_violence_officers"])
        )
    )


def _sampled(design: Design, stations: Mapping[str, Row], *, seed: str) -> Sample:
    settings = design.sampling
    if settings.method == "stratified":
        strata: dict[str, list[str]] = {name: [] for name in settings.strata}
        for code, row in stations.items():
            strata.setdefault(_group(design, row), []).append(code)
        return stratified_sample(strata, settings.strata, seed=seed)
    if settings.method == "pps":
        measure = str(settings.size_measure)
        if unknown := [code for code, row in stations.items() if row.get(measure) is None]:
            words = {"measure": measure, "count": len(unknown), "first": unknown[0]}
            raise CannotSample(
                _("%(measure)s is not known of %(count)s eligible stations, the first is %(first)s") % words
            )
        return pps_sample({code: int(row[measure]) for code, row in stations.items()}, settings.stations, seed=seed)
    return simple_sample(list(stations), settings.stations, seed=seed)


def _columns(design: Design, rows: Mapping[str, Row]) -> dict[str, dict[str, Decimal]]:
    columns: dict[str, dict[str, Decimal]] = {}
    for name in design.allocation.covariates:
        if name == DISTRICT_GROUP:
            columns |= indicators(name, {code: _group(design, row) for code, row in rows.items()})
        else:
            columns[name] = {code: Decimal(str(row[name])) for code, row in rows.items()}
    return columns


def _group(design: Design, row: Row) -> str:
    """Return the district group of a station; those of no group are one of their own, "-"."""
    return next((name for name, ubigeos in design.district_groups.items() if row["ubigeo"] in ubigeos), "-")


def _space(design: Design, covariates: Covariates) -> PartitionSpace | None:
    stations, arms = len(covariates.values), len(design.arms)
    sets = {"constrained": arms, "matched": stations // arms}.get(design.allocation.method)
    return None if sets is None else PartitionSpace(covariates, sets=sets)


def _blocks(
    design: Design, rows: Mapping[str, Row], space: PartitionSpace | None
) -> Mapping[str, tuple[str, ...]] | None:
    blocks: dict[str, list[str]] = {}
    if design.allocation.method == "stratified":
        for code, row in rows.items():
            blocks.setdefault(_group(design, row), []).append(code)
    elif design.allocation.method == "matched" and space is not None:
        for code, number in zip(rows, best_matched(space), strict=True):
            blocks.setdefault(f"set-{number + 1:02d}", []).append(code)
    else:
        return None
    return {name: tuple(codes) for name, codes in sorted(blocks.items())}


def candidates_of(covariates: Covariates, *, arms: int, pct: int, progress: Progress | None = None) -> Candidates:
    """Return the assignments that the constrained method keeps; gone through once per process where nobody watches."""
    if progress is not None:
        return keep_best(PartitionSpace(covariates, sets=arms), pct=pct, progress=progress)
    values, weights = covariates.values, covariates.weights
    return _candidates_again(values.tobytes(), values.shape, weights.tobytes(), arms, pct)


@lru_cache(maxsize=8)
def _candidates_again(values: bytes, shape: tuple[int, ...], weights: bytes, arms: int, pct: int) -> Candidates:
    covariates = Covariates(np.frombuffer(values, np.int64).reshape(shape), np.frombuffer(weights, np.int64))
    return keep_best(PartitionSpace(covariates, sets=arms), pct=pct)
