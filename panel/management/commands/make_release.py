"""`manage.py make_release`: a release from the command line, by the same rules as on its page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from accounts.models import User
from panel import queries, services, tasks
from panel.formats import Form
from panel.models import Release
from panel.shapes import Shape


class Command(StudyCommand):
    """Exit 0 with the archive in DIR, or with a line that says who must decide; 2 after one line of what is wrong."""

    help = "Freeze, judge and pack a release for somebody; give it out where nobody else has to say yes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="USERNAME", help="whose release it is")
        parser.add_argument("--purpose", default="", help="what for; it stands in every copy")
        parser.add_argument("--dataset", nargs="+", default=["all"], metavar="NAME|all")
        parser.add_argument("--format", nargs="+", default=["csv"], metavar="|".join(Form))
        parser.add_argument("--language", default="es", choices=("es", "en"))
        parser.add_argument("--shape", default=Shape.LONG.value, choices=Shape.values, help="of the panels")
        parser.add_argument("--generalise", nargs="+", default=[], metavar="RULE")
        parser.add_argument("--shift-days", action="store_true")
        parser.add_argument("--stable-codes", action="store_true", help="needs a second person's yes")
        parser.add_argument("--with-arm", action="store_true", help="needs a second person's yes")
        parser.add_argument("--number", type=int, help="fetch a release that was asked for before")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"{options['by']}: there is no such account", returncode=2)
        try:
            number = options["number"] or _asked(user, options)
            release = Release.objects.visible_to(user).get(pk=number)
            if release.state == Release.State.WAITING:
                self.stdout.write(f"release {number} waits for a second person: {', '.join(release.needs)}")
            else:
                self.stdout.write(str(_written(user, release, options["out"])))
        except Release.DoesNotExist as error:
            raise CommandError(f"{options['number']}: there is no such release", returncode=2) from error
        except StudyError as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error


def _asked(user: User, options: dict[str, Any]) -> int:
    names = tuple(options["dataset"])
    if names == ("all",):
        names = tuple(dataset.name for dataset in queries.datasets(reads_arm=options["with_arm"]))
    terms = services.Terms(
        datasets=names,
        forms=tuple(options["format"]),
        language=options["language"],
        shape=options["shape"],
        with_arm=options["with_arm"],
        stable_codes=options["stable_codes"],
        shift_days=options["shift_days"],
        generalised=tuple(options["generalise"]),
    )
    release = services.ask_release(by=user, terms=terms, purpose=options["purpose"], now=timezone.now())
    tasks.build_release(release_id=release.pk)
    return release.pk


def _written(user: User, release: Release, folder: Path) -> Path:
    opened = services.open_release(by=user, release=release, now=timezone.now())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / opened.name
    with path.open("wb") as out:
        out.writelines(opened.content)
    return path
