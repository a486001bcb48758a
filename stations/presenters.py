"""How the pages of frame and allocation say things: labels in both languages for codes of data."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from protocol.queries import protocol_of
from stations.allocation import BalanceRow
from stations.eligibility import Exclusion
from stations.models import AllocatedStation, Allocation

EXCLUSIONS: dict[Exclusion, str | Promise] = {
    Exclusion.TOO_FEW_OFFICERS: _("Too few officers"),
    Exclusion.NO_FAMILY_VIOLENCE_OFFICERS: _("No officer for family matters"),
}
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
}


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A row of the balance table as shown."""

    label: str | Promise
    means: list[float]
    difference: float
    kind: str
    verdict: str | Promise


def balance_lines(rows: list[BalanceRow], arms: list[str], chance: tuple[float, float]) -> list[BalanceLine]:
    """Return the rows with labels and a verdict in words, not in colour alone.

    Even: no larger than in the middle draw; uneven: larger than in all but one draw of twenty.
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


def _verdict(difference: float, chance: tuple[float, float]) -> tuple[str, str | Promise]:
    middle, rare = chance
    if difference <= middle:
        return "good", _("Even")
    if difference <= rare:
        return "info", _("Within chance")
    return "warn", _("Uneven")


def arm_labels(allocation: Allocation) -> list[str]:
    """Return the arms of a draw by name, in the protocol's order."""
    protocol, language = protocol_of(allocation.protocol), get_language() or "es"
    return [protocol.arm(code).label.in_language(language) for code in allocation.certificate["arms"]]


def stations_by_arm(allocation: Allocation) -> list[tuple[str, list[AllocatedStation]]]:
    """Return each arm's name with its stations."""
    drawn = list(allocation.allocated.select_related("station__district").order_by("study_number"))
    arms = allocation.certificate["arms"]
    return [
        (label, [station for station in drawn if station.arm == arm])
        for arm, label in zip(arms, arm_labels(allocation), strict=True)
    ]
