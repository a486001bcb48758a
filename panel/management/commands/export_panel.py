"""`manage.py export_panel`: data sets and their codebooks as files, pseudonymous and blinded unless asked otherwise."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from panel import queries, services
from panel.columns import DataSet, Kind
from panel.tables import find

FORMATS = ("csv", "parquet")
_TYPES = {Kind.TEXT: pl.String(), Kind.INTEGER: pl.Int64(), Kind.NUMBER: pl.Float64()}


class Command(StudyCommand):
    """Exit 0 with DIR/<dataset>.<format> and DIR/<dataset>_codebook.csv written, 2 after one line of what is wrong."""

    help = "Export data sets with their codebooks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dataset", required=True, metavar="NAME|all")
        parser.add_argument("--format", default="csv", metavar="|".join(FORMATS))
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")
        parser.add_argument("--with-arm", action="store_true", help="with the columns that tell the arm")

    def handle(self, *args: Any, **options: Any) -> None:
        file_format, folder = options["format"], options["out"]
        if file_format not in FORMATS:
            raise CommandError(f"{file_format}: not a format that exists; there are {', '.join(FORMATS)}", returncode=2)
        permissions = {Permission.EXPORT_PANEL} | ({Permission.READ_ARM} if options["with_arm"] else set())
        actor = SystemActor("export_panel", frozenset(permissions))
        try:
            for dataset in _chosen(options["dataset"], with_arm=options["with_arm"]):
                rows = _export(actor, dataset, file_format, folder)
                self.stdout.write(f"{folder / dataset.name}.{file_format}: {rows} rows")
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}", returncode=2) from error


def _chosen(name: str, *, with_arm: bool) -> tuple[DataSet, ...]:
    datasets = queries.datasets(reads_arm=with_arm)
    if name == "all":
        return datasets
    dataset = find(datasets, name)
    if dataset is None and find(queries.datasets(reads_arm=True), name) is not None:
        raise CommandError(f"{name}: this data set tells the arm; it is exported --with-arm alone", returncode=2)
    if dataset is None:
        names = ", ".join(known.name for known in datasets)
        raise CommandError(f"{name}: no such data set; there is {names}", returncode=2)
    return (dataset,)


def _export(actor: SystemActor, dataset: DataSet, file_format: str, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    csv = folder / f"{dataset.name}.csv"
    with csv.open("wb") as out:
        rows = services.export_dataset(by=actor, dataset=dataset, out=out, now=timezone.now())
    (folder / f"{dataset.name}_codebook.csv").write_text(
        services.export_codebook(by=actor, dataset=dataset), encoding="utf-8"
    )
    if file_format == "parquet":
        reads_arm = actor.has(Permission.READ_ARM)
        schema = {column.name: _TYPES[column.kind] for column in dataset.visible(reads_arm=reads_arm)}
        pl.scan_csv(csv, schema=schema).sink_parquet(folder / f"{dataset.name}.parquet")
        csv.unlink()
    return rows
