"""Reading the data sets as they are at one moment, into files that are frozen from then on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from panel import queries
from panel.columns import DataSet
from panel.declarations import as_json, from_json
from panel.formats import Form, write
from panel.generalising import WOMAN, generalised_columns, generalised_rows
from panel.models import Release
from panel.pseudonyms import pseudonym
from panel.release_keys import derived_key
from panel.release_terms import ReleaseTerms
from panel.services.release_store import secret_of
from participants.models import Participant


class DataSetGone(StudyError):
    """The protocol was changed since, or the reader may not have it."""

    code = "dataset_gone"
    message = _("A table that was asked for is not there any more.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Cut:
    """A data set's rows in a Parquet file, with the declaration that they were read by."""

    dataset: DataSet
    declaration: dict[str, Any]
    path: Path
    rows: int


def cut_release(release: Release, folder: Path) -> list[Cut]:
    """Read all data sets of a release at one moment into files of the folder. Raise DataSetGone."""
    declared = {dataset.name: dataset for dataset in queries.datasets(reads_arm=release.with_arm)}
    if missing := sorted(set(release.datasets) - set(declared)):
        raise DataSetGone(_("This table is not there any more: %s.") % ", ".join(missing))
    key = pseudonym_key(release)
    with _one_moment():
        return [_cut(release, declared[name], key, folder) for name in release.datasets]


def pseudonym_key(release: Release) -> bytes:
    """Return the key of the women's codes: the release's own, or that of all files with stable codes."""
    if release.stable_codes:
        return queries.stable_pseudonym_key()
    return derived_key(secret_of(release), "pseudonyms")


def women_by_code(release: Release) -> dict[str, int]:
    """Return every woman's id by the code that she has in this release."""
    key = pseudonym_key(release)
    return {pseudonym(code, key): pk for pk, code in Participant.objects.values_list("pk", "study_code").iterator()}


def codes_in(cuts: list[Cut]) -> set[str]:
    """Return the codes of the women who stand in these cuts."""
    found: set[str] = set()
    for cut in cuts:
        if any(column.name == WOMAN for column in cut.dataset.columns):
            found |= set(pl.scan_parquet(cut.path).select(WOMAN).unique().collect()[WOMAN])
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let every statement see the same rows: a woman who joins meanwhile is in all data sets or in none."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _cut(release: Release, dataset: DataSet, key: bytes, folder: Path) -> Cut:
    read, frozen = folder / f"{dataset.name}.read.parquet", folder / f"{dataset.name}.parquet"
    written = write(
        dataset,
        form=Form.PARQUET,
        language=release.language,
        today=release.as_of,
        reads_arm=release.with_arm,
        terms=ReleaseTerms(key, shift_days=release.shift_days),
        out=read,
    )
    visible = dataset.visible(reads_arm=release.with_arm)
    declaration = as_json(dataset, generalised_columns(visible, release.generalised))
    cut = Cut(from_json(declaration), declaration, frozen, written.rows)
    rows = generalised_rows(pl.scan_parquet(read), cut.dataset.written(reads_arm=True), release.generalised)
    rows.sink_parquet(frozen)
    read.unlink()
    return cut
