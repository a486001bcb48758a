"""`manage.py export_panel`: data sets and their codebooks as files, pseudonymous and blinded unless asked otherwise."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.permissions import Permission
from panel import queries, services
from panel.columns import DataSet
from panel.formats import Form, Written
from panel.tables import find
from panel.tables.wide import TooWide, widened

FORMATS = tuple(form.value for form in Form)
LANGUAGES = ("es", "en")


class Command(StudyCommand):
    """Exit 0 with DIR/<dataset>.<format> and DIR/<dataset>_codebook.csv written, 2 after one line of what is wrong."""

    help = "Export data sets with their codebooks."
    # They load every page of the site, which takes more memory than the rows.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dataset", required=True, metavar="NAME|all")
        parser.add_argument("--format", default="csv", metavar="|".join(FORMATS))
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")
        parser.add_argument("--language", default="es", metavar="|".join(LANGUAGES), help="of labels in .dta and .sav")
        parser.add_argument("--wide", action="store_true", help="one row a woman, a column for each wave or month")
        parser.add_argument("--with-arm", action="store_true", help="with the columns that tell the arm")

    def handle(self, *args: Any, **options: Any) -> None:
        file_format, folder = options["format"], options["out"]
        if file_format not in FORMATS:
            raise CommandError(f"{file_format}: not a format that exists; there are {', '.join(FORMATS)}", returncode=2)
        if options["language"] not in LANGUAGES:
            sentence = f"{options['language']}: not a language that exists; there are {', '.join(LANGUAGES)}"
            raise CommandError(sentence, returncode=2)
        permissions = {Permission.EXPORT_PANEL} | ({Permission.READ_ARM} if options["with_arm"] else set())
        actor = SystemActor("export_panel", frozenset(permissions))
        try:
            for dataset in _chosen(options["dataset"], with_arm=options["with_arm"]):
                written = _export(actor, dataset, Form(file_format), options["language"], folder, wide=options["wide"])
                self.stdout.write(f"{written.path}: {written.rows} rows")
        except (StudyError, TooWide) as error:
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


def _export(actor: SystemActor, dataset: DataSet, form: Form, language: str, folder: Path, *, wide: bool) -> Written:
    folder.mkdir(parents=True, exist_ok=True)
    shape = widened(dataset) if wide else dataset
    out = folder / f"{shape.name}.{form}"
    written = services.export_file(
        by=actor, dataset=dataset, form=form, language=language, out=out, now=timezone.now(), wide=wide
    )
    codebook = services.export_codebook(by=actor, dataset=shape)
    (folder / f"{shape.name}_codebook.csv").write_text(codebook, encoding="utf-8")
    return written
