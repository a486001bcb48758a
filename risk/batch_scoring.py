"""Scoring of many forms at once, column by column: equal to `scoring.score`, form by form."""

import polars as pl

from risk.scale_file import BY_HAND, Item, Scale
from risk.scoring import NothingToScore


def score_forms(scale: Scale, forms: pl.DataFrame) -> pl.DataFrame:
    """Score every form of a frame.

    `forms` has `id`, and a column of answers (text or categories, null for blank) for each item and override. Returns
    `id, score, level, complete` in the same order; `level` is "" where `score` says so. Raise scoring.NothingToScore.
    """
    if scale.kind == BY_HAND:
        raise NothingToScore
    skipped = _skipped(scale)
    scored = [item for item in scale.items if not item.info]
    asked = pl.sum_horizontal([(~skipped[item.id]).cast(pl.Int64) for item in scored])
    missing = pl.sum_horizontal([(~skipped[i.id] & pl.col(i.id).is_null()).cast(pl.Int64) for i in scored])
    total = pl.sum_horizontal([pl.when(skipped[item.id]).then(0).otherwise(_points(item)) for item in scored])
    counted = forms.select("id", *_raises(scale), asked=asked, missing=missing, total=total)
    total, prorated = _prorated(scale)
    rank = (_rank(scale, total) + pl.col("raise")).clip(upper_bound=len(scale.levels) - 1)
    known = (rank > 0) | prorated | (pl.col("missing") == 0)
    codes = [band.code for band in scale.levels]
    return counted.select(
        "id",
        score=total,
        level=pl.when(known)
        .then(rank.replace_strict(range(len(codes)), codes, return_dtype=pl.String))
        .otherwise(pl.lit("")),
        complete=pl.col("missing") == 0,
    )


def _skipped(scale: Scale) -> dict[str, pl.Expr]:
    """Say for each item when it is skipped; filters skip only later items, so one pass is enough."""
    skipped = {item.id: pl.lit(False) for item in scale.items}
    for item in scale.items:
        for answer, later in item.skips.items():
            active = (pl.col(item.id) == answer).fill_null(value=False) & ~skipped[item.id]
            for item_id in later:
                skipped[item_id] = skipped[item_id] | active
    return skipped


def _points(item: Item) -> pl.Expr:
    scores = {answer: points for answer, points in item.scores.items() if points}
    given = [pl.when(pl.col(item.id) == answer).then(points).otherwise(0) for answer, points in scores.items()]
    return pl.sum_horizontal([pl.lit(0, dtype=pl.Int64), *given]).cast(pl.Int64)


def _raises(scale: Scale) -> list[pl.Expr]:
    steps = [
        pl.when(pl.col(override.code) == "si").then(override.steps).otherwise(0).cast(pl.Int64)
        for override in scale.override
    ]
    return [pl.sum_horizontal([pl.lit(0, dtype=pl.Int64), *steps]).alias("raise")]


def _prorated(scale: Scale) -> tuple[pl.Expr, pl.Expr]:
    """Return the sum after prorating, and where it was prorated."""
    total, asked, missing = pl.col("total"), pl.col("asked"), pl.col("missing")
    if scale.prorating is None:
        return total, pl.lit(False)
    where = (missing > 0) & (missing <= scale.prorating.max_missing)
    if scale.prorating.table:
        return pl.when(where).then(_by_table(scale.prorating.table, total, missing)).otherwise(total), where
    answered = asked - missing
    proportional = (2 * total * asked + answered) // (2 * answered)
    scaled = pl.when(answered > 0).then(proportional.clip(*scale.attainable)).otherwise(0)
    return pl.when(where).then(scaled).otherwise(total), where


def _by_table(table: tuple[tuple[int, ...], ...], total: pl.Expr, missing: pl.Expr) -> pl.Expr:
    """Look sums up in the scale's own table, its rows laid end to end."""
    width = len(table[0])
    sums = [value for row in table for value in row]
    place = (missing - 1) * width + total
    return place.replace_strict(range(len(sums)), sums, default=0, return_dtype=pl.Int64)


def _rank(scale: Scale, total: pl.Expr) -> pl.Expr:
    return pl.sum_horizontal([(total > top).cast(pl.Int64) for top in scale.tops])
