"""How the pages of draws say things: labels in both languages for codes of data."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from protocol.queries import protocol_of
from stations.balance import BalanceRow
from stations.constrained import PairShare, balance_score, pair_shares
from stations.design import Design
from stations.models import AllocatedStation, Allocation
from stations.queries import constraint_of, design_of_draw, reach_of
from stations.reachable import Contrast

COVARIATES: dict[str, str | Promise] = {
    "officers": _("Officers"),
    "officers_women": _("Women officers"),
    "family_violence_officers": _("Officers for family matters"),
    "family_violence_officers_women": _("Women officers for family matters"),
    "area_km2": _("Area of the district (km²)"),
    "population_2020": _("Population of the district, 2020"),
    "poverty_pct_2018": _("Poverty in the district, 2018 (%)"),
    "extreme_poverty_pct_2018": _("Extreme poverty in the district, 2018 (%)"),
    "hdi_2019": _("Human development index, 2019"),
    "district_group": _("Part of the city"),
}
FACTORS: dict[str, str | Promise] = {
    "training": _("Training, in all stations"),
    "risk_cadence": _("Visits by level, in all stations"),
}


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A row of the balance table as shown."""

    label: str | Promise
    means: list[float]
    difference: float
    kind: str
    verdict: str | Promise


def balance_lines(rows: list[BalanceRow], arms: list[str], chance: tuple[float, float] | None) -> list[BalanceLine]:
    """Return the rows with labels and a verdict in words, not in colour alone.

    Even: no larger than in the middle draw; uneven: larger than in all but one draw of twenty. With one station an
    arm chance has no measure (None), and there is no verdict.
    """
    return [
        BalanceLine(
            COVARIATES.get(row.covariate, row.covariate),
            [row.means[arm] for arm in arms],
            row.largest_difference,
            *_verdict(row.largest_difference, chance),
        )
        for row in rows
    ]


def _verdict(difference: float, chance: tuple[float, float] | None) -> tuple[str, str | Promise]:
    if chance is None:
        return "neutral", _("No measure")
    middle, rare = chance
    if difference <= middle:
        return "good", _("Even")
    if difference <= rare:
        return "info", _("Within chance")
    return "warn", _("Uneven")


def arm_labels(allocation: Allocation) -> list[str]:
    """Return the arms of a draw by name, in the protocol's order."""
    protocol, language = protocol_of(allocation.protocol), get_language() or "es"
    return [protocol.arm(code).label.in_language(language) for code in design_of_draw(allocation).arm_codes]


def stations_by_arm(allocation: Allocation) -> list[tuple[str, list[AllocatedStation]]]:
    """Return each arm's name with its stations."""
    drawn = list(allocation.allocated.select_related("station__district", "loss").order_by("study_number"))
    arms = design_of_draw(allocation).arm_codes
    return [
        (label, [station for station in drawn if station.arm == arm])
        for arm, label in zip(arms, arm_labels(allocation), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class ReachLine:
    """A comparison as shown: the smallest p that it can reach, and how many ways there are to give its arms again."""

    name: str
    label: str
    ways: int
    smallest_p: float
    is_out_of_reach: bool


def reach_lines(allocation: Allocation) -> list[ReachLine]:
    """Return every contrast with its name for people, main effects first."""
    labels = dict(zip(design_of_draw(allocation).arm_codes, arm_labels(allocation), strict=True))
    return [
        ReachLine(
            reach.contrast.name,
            _contrast_label(reach.contrast, labels),
            reach.ways,
            reach.smallest_p,
            reach.is_out_of_reach,
        )
        for reach in reach_of(allocation)
    ]


def _contrast_label(contrast: Contrast, labels: dict[str, str]) -> str:
    if contrast.name in FACTORS:
        return str(FACTORS[contrast.name])
    first, second = contrast.pairs[0]
    return str(_("%(second)s against %(first)s")) % {"second": labels[second], "first": labels[first]}


@dataclass(frozen=True, slots=True)
class ConstraintLines:
    """What the constrained method had to choose from, as shown."""

    assignments: int
    kept: int
    cutoff: float
    drawn: float
    least: float
    greatest: float
    bins: list[tuple[float, float, int]]
    never_together: list[str]
    always_together: list[str]
    smallest_share: float
    largest_share: float
    free_share: float
    matrix: list[tuple[str, list[float | None]]]


def constraint_lines(allocation: Allocation) -> ConstraintLines | None:
    """Return the score's distribution over all assignments and how freely chance decided; None for other methods."""
    constraint = constraint_of(allocation)
    if constraint is None:
        return None
    candidates, space = constraint.candidates, constraint.space
    spread = candidates.distribution
    edges = [balance_score(edge, space) for edge in (*spread.edges, spread.greatest)]
    pairs = pair_shares(candidates)
    names: dict[float, list[str]] = {0.0: [], 1.0: []}
    for pair in pairs:
        if pair.share in names:
            names[pair.share].append(f"{constraint.codes[pair.first]} – {constraint.codes[pair.second]}")
    return ConstraintLines(
        assignments=candidates.assignments,
        kept=candidates.kept,
        cutoff=balance_score(spread.cutoff, space),
        drawn=balance_score(constraint.drawn_score, space),
        least=balance_score(spread.least, space),
        greatest=balance_score(spread.greatest, space),
        bins=list(zip(edges, edges[1:], spread.counts, strict=False)),
        never_together=names[0.0],
        always_together=names[1.0],
        smallest_share=min(pair.share for pair in pairs),
        largest_share=max(pair.share for pair in pairs),
        free_share=(space.size - 1) / (space.stations - 1),
        matrix=_validity_matrix(constraint.codes, pairs),
    )


def _validity_matrix(codes: tuple[str, ...], pairs: list[PairShare]) -> list[tuple[str, list[float | None]]]:
    """Return a row for each station: in what share of the kept ways it has the same arm as each other; itself None."""
    shares: list[list[float | None]] = [[None] * len(codes) for _code in codes]
    for pair in pairs:
        shares[pair.first][pair.second] = shares[pair.second][pair.first] = pair.share
    return list(zip(codes, shares, strict=True))


METHODS: dict[str, str | Promise] = {
    "simple": _("Simple"),
    "stratified": _("Stratified"),
    "matched": _("Matched sets"),
    "constrained": _("Constrained by balance"),
}
SAMPLING: dict[str, str | Promise] = {
    "simple": _("Simple"),
    "stratified": _("Stratified by part of the city"),
    "pps": _("In proportion to size"),
}


def design_facts(design: Design) -> list[tuple[str | Promise, str]]:
    """Return what decides a draw, label and value."""
    sampling, allocation = design.sampling, design.allocation
    facts: list[tuple[str | Promise, str]] = [
        (_("Stations to draw"), str(sampling.stations)),
        (_("How they are drawn"), str(SAMPLING[sampling.method])),
        (_("How they get their arms"), str(METHODS[allocation.method])),
    ]
    if allocation.method == "constrained":
        facts.append((_("Assignments kept"), str(_("the best %(pct)s %%")) % {"pct": allocation.candidate_pct}))
    names = [str(COVARIATES.get(name, name)) for name in allocation.covariates]
    return [*facts, (_("Balanced on"), "; ".join(names))]


def shows_arms(allocation: Allocation) -> bool:
    """Say whether the page of a draw may show its arms: of a promised one only once two people have approved it."""
    return allocation.is_rehearsal or allocation.status == Allocation.Status.LOCKED


def approval_message(allocation: Allocation) -> str:
    """Say what an approval did."""
    if allocation.status == Allocation.Status.LOCKED:
        return str(_("The allocation is locked. Keep the certificate outside this system too."))
    return str(_("Your approval is recorded. A second person must approve."))
