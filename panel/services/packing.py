"""Packing what was frozen into the archive that is given out, and taking rows out of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from panel.declarations import from_json
from panel.formats import Form
from panel.formats.parquet_file import row_count
from panel.formats.rewriting import rewrite
from panel.formats.wide_file import widen
from panel.generalising import WOMAN
from panel.models import Release, ReleaseFile, ReleaseRevision
from panel.release_files.archive import write_archive
from panel.release_files.contents import contents
from panel.release_files.facts import DataFile, Facts
from panel.services.cutting import Cut, women_by_code
from panel.services.release_store import bring_out
from panel.shapes import Shape
from panel.tables.wide import has_wide_form


def pack(
    release: Release, revision: ReleaseRevision, folder: Path, *, told: Callable[[float], None] | None = None
) -> tuple[Path, int]:
    """Write the archive of a revision into a folder; return where, and how many rows its data sets have together.

    It is the same byte for byte each time: it is made from what was frozen and from the release's own facts alone.
    `told` hears, after each file, what share of them is written.
    Raise ReleaseDamaged.
    """
    cuts = frozen_cuts(release, revision, folder)
    given = [shaped for cut in cuts for shaped in _shaped(cut, release.shape, folder)]
    wanted = [(cut, form) for cut in given for form in release.forms]
    files = []
    for cut, form in wanted:
        files.append(_written(cut, form, release.language, folder))
        if told is not None:
            told(len(files) / len(wanted))
    facts = facts_of(release, revision, tuple(files))
    archive = folder / f"{facts.folder}.zip"
    write_archive(archive, contents(facts, {cut.dataset.name: cut.path for cut in cuts}))
    return archive, sum(cut.rows for cut in cuts)


def frozen_cuts(release: Release, revision: ReleaseRevision, folder: Path) -> list[Cut]:
    """Bring the frozen rows of a revision out into a folder. Raise ReleaseDamaged."""
    kept = revision.files.filter(kind=ReleaseFile.Kind.CUT).order_by("name")
    return [
        Cut(
            from_json(file.declaration),
            file.declaration,
            bring_out(release, file, folder / f"{file.name}.frozen.parquet"),
            file.rows,
        )
        for file in kept
    ]


def taken_out(
    release: Release, revision: ReleaseRevision, participants: set[int], folder: Path
) -> tuple[list[Cut], int]:
    """Return the frozen cuts without the rows of these women, and how many rows those were."""
    codes = [code for code, pk in women_by_code(release).items() if pk in participants]
    left = [_without(cut, codes, folder) for cut in frozen_cuts(release, revision, folder)]
    return [cut for cut, _removed in left], sum(removed for _cut, removed in left)


def _shaped(cut: Cut, shape: str, folder: Path) -> list[Cut]:
    """Return a cut in the shapes in which it is given out: the wide one is made from what was frozen, each time."""
    if shape == Shape.LONG or not has_wide_form(cut.dataset):
        return [cut]
    path = folder / f"{cut.dataset.name}.wide.parquet"
    wide = replace(cut, dataset=widen(cut.path, cut.dataset, path), path=path, rows=row_count(path))
    return [wide] if shape == Shape.WIDE else [cut, wide]


def facts_of(release: Release, revision: ReleaseRevision, files: tuple[DataFile, ...]) -> Facts:
    """Return what the archive's files tell of a release; people by role and number."""
    return Facts(
        number=release.pk,
        revision=revision.number,
        rows_removed=revision.rows_removed,
        purpose=release.purpose,
        requested_by=_who(release.requested_by.role, release.requested_by_id),
        approved_by=_who(release.decided_by.role, release.decided_by_id or 0) if release.decided_by else "",
        as_of=release.as_of,
        language=release.language,
        shape=release.shape,
        protocol=str(release.protocol),
        protocol_sha256=release.protocol.sha256,
        code_version=release.code_version,
        with_arm=release.with_arm,
        stable_codes=release.stable_codes,
        shift_days=release.shift_days,
        generalised=tuple(release.generalised),
        smallest_group=release.report.get("k", 0),
        locks=tuple(release.locks),
        files=files,
    )


def _who(role: str, number: int) -> str:
    return f"{role}-{number}"


def _written(cut: Cut, form: str, language: str, folder: Path) -> DataFile:
    path = folder / f"{cut.dataset.name}.{form}"
    written = rewrite(cut.path, cut.dataset, form=Form(form), language=language, out=path)
    as_file = replace(cut.dataset, columns=cut.dataset.written(reads_arm=True))
    return DataFile(as_file, form, path, written.rows, written.columns, path.stat().st_size, written.sha256)


def _without(cut: Cut, codes: list[str], folder: Path) -> tuple[Cut, int]:
    if not any(column.name == WOMAN for column in cut.dataset.columns):
        return cut, 0
    path = folder / f"{cut.dataset.name}.left.parquet"
    pl.scan_parquet(cut.path).filter(~pl.col(WOMAN).is_in(codes)).sink_parquet(path)
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    return Cut(cut.dataset, cut.declaration, path, rows), cut.rows - rows
