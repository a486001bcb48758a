"""Drawing stations from the eligible ones, and how likely each was to be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from stations.stream import Stream, shuffled


class CannotSample(ValueError):
    """The stations do not allow the sample that is asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The drawn stations, sorted, and for every eligible station its probability of being drawn."""

    codes: tuple[str, ...]
    inclusion: Mapping[str, Fraction]


def simple_sample(eligible: Sequence[str], size: int, *, seed: str) -> Sample:
    """Draw `size` of the stations, each set of them equally likely. Raises CannotSample if there are too few."""
    if size > len(eligible):
        raise CannotSample(_("cannot draw %(size)s of %(count)s stations") % {"size": size, "count": len(eligible)})
    drawn = shuffled(eligible, seed=seed, purpose="sample")[:size]
    return Sample(tuple(sorted(drawn)), dict.fromkeys(sorted(eligible), Fraction(size, len(eligible))))


def stratified_sample(strata: Mapping[str, Sequence[str]], sizes: Mapping[str, int], *, seed: str) -> Sample:
    """Draw from each stratum its own number of stations, independently of the others.

    `strata` maps a stratum to its eligible stations, `sizes` to how many of them are drawn. Raises CannotSample.
    """
    drawn: list[str] = []
    inclusion: dict[str, Fraction] = {}
    for stratum, size in sorted(sizes.items()):
        eligible = strata.get(stratum, ())
        if size > len(eligible):
            words = {"stratum": stratum, "size": size, "count": len(eligible)}
            raise CannotSample(_("stratum %(stratum)s: cannot draw %(size)s of %(count)s stations") % words)
        drawn += shuffled(eligible, seed=seed, purpose=f"sample-{stratum}")[:size]
        inclusion |= dict.fromkeys(eligible, Fraction(size, len(eligible)) if eligible else Fraction(0))
    left_out = {code: Fraction(0) for codes in strata.values() for code in codes if code not in inclusion}
    return Sample(tuple(sorted(drawn)), dict(sorted((inclusion | left_out).items())))


def pps_sample(sizes: Mapping[str, int], size: int, *, seed: str) -> Sample:
    """Draw `size` stations with probability proportional to a measure, systematically in the order of their codes.

    `sizes` maps an eligible station to its measure (reports a year). A station so large that it would be drawn twice
    is drawn with certainty, and the rest is drawn from the others. All in whole numbers: with total T, one start u of
    0 … T − 1 is drawn, and station i is taken if one of u, u + T, u + 2T … falls into its part of the line, which is
    `size` times its measure long. So its probability is exactly size × measure / T. (Madow 1949.)
    Raises CannotSample if too few stations have a measure above 0.
    """
    remaining = {code: measure for code, measure in sorted(sizes.items()) if measure > 0}
    if size > len(remaining):
        words = {"size": size, "count": len(remaining)}
        raise CannotSample(_("cannot draw %(size)s of %(count)s stations with a measure above 0") % words)
    certain: list[str] = []
    while large := [code for code, measure in remaining.items() if _is_certain(measure, remaining, size, certain)]:
        certain += large
        remaining = {code: measure for code, measure in remaining.items() if code not in large}
    wanted, total = size - len(certain), sum(remaining.values())
    drawn = _systematic(remaining, wanted, total, seed=seed) if wanted else []
    inclusion = {code: Fraction(0) for code in sizes} | dict.fromkeys(certain, Fraction(1))
    inclusion |= {code: Fraction(wanted * measure, total) for code, measure in remaining.items()}
    return Sample(tuple(sorted([*certain, *drawn])), dict(sorted(inclusion.items())))


def _is_certain(measure: int, remaining: Mapping[str, int], size: int, certain: Sequence[str]) -> bool:
    wanted = size - len(certain)
    return wanted > 0 and wanted * measure >= sum(remaining.values())


def _systematic(measures: Mapping[str, int], wanted: int, total: int, *, seed: str) -> list[str]:
    point = Stream(seed=seed, purpose="sample").below(total)
    drawn, end = [], 0
    for code, measure in measures.items():
        end += wanted * measure
        if point < end:
            drawn.append(code)
            point += total
    return drawn
