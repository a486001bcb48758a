"""How well women hide among others in what is to be given out: k-anonymity and l-diversity.

A woman's rows are joined by her code, so what she shares with others is judged over all her rows and all data sets
together: two women are alike when every trait (quasi-identifier) has the same set of values for both. k is the size of
the smallest group of women who are alike (Sweeney 2002); l the fewest different answers that such a group gave in a
sensitive column (Machanavajjhala et al. 2007, distinct l-diversity; empty counts as none).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from panel.columns import Column, DataSet
from panel.generalising import WOMAN, is_trait

SMALLEST_GROUP = 5
FEWEST_ANSWERS = 2
_SENSITIVE_SOURCES = ("surveys.Submission", "risk.Assessment", "participants.PoliceReport")
_MOST_VALUES = 20
Cut = tuple[DataSet, pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Trait:
    """A column of the key by which women could be told apart: the report without it, and how many values it takes."""

    column: str
    values: int
    k_without: int
    women_small_without: int


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A column of what she answered: the fewest different answers in a group, and groups in which all are alike."""

    column: str
    fewest: int
    groups_alike: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a release would give away; without women in it, k and l are 0 and nothing is judged."""

    women: int
    groups: int
    k: int
    groups_small: int
    women_small: int
    fewest_answers: int
    traits: tuple[Trait, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()

    @property
    def has_small_groups(self) -> bool:
        """Say whether some woman shares her traits with too few."""
        return 0 < self.k < SMALLEST_GROUP

    @property
    def has_same_answers(self) -> bool:
        """Say whether knowing her traits is somewhere knowing her answer."""
        return bool(self.sensitive) and self.fewest_answers < FEWEST_ANSWERS

    def as_json(self) -> dict[str, Any]:
        """Return it in plain values."""
        return asdict(self)


def judge(cuts: Sequence[Cut]) -> Report:
    """Report on data sets that are given out together, each with its rows. Those without women tell of none."""
    of_women = [cut for cut in cuts if any(column.name == WOMAN for column in cut[0].columns)]
    if not of_women:
        return Report(0, 0, 0, 0, 0, 0)
    women = _women(of_women)
    traits = [name for name in women.columns if name != WOMAN]
    sizes = _sizes(women, traits)
    small = sizes.filter(pl.col("len") < SMALLEST_GROUP)
    sensitive = tuple(found for cut in of_women for found in _sensitive(cut, women, traits))
    return Report(
        women=women.height,
        groups=sizes.height,
        k=_smallest(sizes),
        groups_small=small.height,
        women_small=int(small["len"].sum()),
        fewest_answers=min((found.fewest for found in sensitive), default=0),
        traits=tuple(_without(women, traits, name) for name in traits),
        sensitive=sensitive,
    )


def worst_traits(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the traits of a report in plain values, first those without which the fewest women would stand out."""
    return sorted(report.get("traits", []), key=lambda trait: (trait["women_small_without"], trait["column"]))


def _women(cuts: Sequence[Cut]) -> pl.DataFrame:
    """Return one row a woman with a text for each trait: the set of its values over all rows of all data sets."""
    by_trait: dict[str, list[pl.LazyFrame]] = {}
    codes = []
    for dataset, rows in cuts:
        codes.append(rows.select(WOMAN).unique())
        for column in filter(is_trait, dataset.columns):
            values = rows.select(WOMAN, pl.col(column.name).cast(pl.String).fill_null("").alias("value"))
            by_trait.setdefault(column.name, []).append(values)
    women = pl.concat(codes).unique()
    for name, parts in by_trait.items():
        told = pl.concat(parts).unique().group_by(WOMAN).agg(pl.col("value").sort().str.join("|").alias(name))
        women = women.join(told, on=WOMAN, how="left")
    return women.sort(WOMAN).collect()


def _sizes(women: pl.DataFrame, traits: Sequence[str]) -> pl.DataFrame:
    if not traits:
        return pl.DataFrame({"len": [women.height] if women.height else []}, schema={"len": pl.UInt32})
    return women.group_by(traits).len()


def _smallest(sizes: pl.DataFrame) -> int:
    return int(sizes["len"].min()) if sizes.height else 0  # type: ignore[arg-type]


def _without(women: pl.DataFrame, traits: Sequence[str], name: str) -> Trait:
    sizes = _sizes(women, [trait for trait in traits if trait != name])
    small = sizes.filter(pl.col("len") < SMALLEST_GROUP)
    return Trait(name, women[name].n_unique(), _smallest(sizes), int(small["len"].sum()))


def _sensitive(cut: Cut, women: pl.DataFrame, traits: Sequence[str]) -> list[Sensitive]:
    dataset, rows = cut
    columns = [column.name for column in dataset.columns if _is_sensitive(column)]
    if not columns:
        return []
    key = pl.concat_str(traits, separator="\x1f") if traits else pl.lit("")
    groups = women.with_columns(key.alias("group"))
    joined = rows.select(WOMAN, *columns).join(groups.lazy().select(WOMAN, "group"), on=WOMAN)
    counts = joined.group_by("group").agg(pl.col(name).drop_nulls().n_unique() for name in columns).collect()
    answered = {name: counts.filter(pl.col(name) > 0)[name] for name in columns}
    return [
        Sensitive(f"{dataset.name}.{name}", int(found.min()), int((found < FEWEST_ANSWERS).sum()))  # type: ignore[arg-type]
        for name, found in answered.items()
        if len(found)
    ]


def _is_sensitive(column: Column) -> bool:
    return bool(column.values) and len(column.values) <= _MOST_VALUES and column.source.startswith(_SENSITIVE_SOURCES)
