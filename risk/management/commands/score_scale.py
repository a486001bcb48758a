"""Score a CSV of answers with any scale."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.commands import StudyCommand
from risk.answers_file import AnswersFileInvalid, read_answers, write_scores
from risk.batch_scoring import score_forms
from risk.queries import scale_rules, version_in_force
from risk.scale_file import Scale
from risk.scale_parsing import ScaleFileInvalid
from risk.scale_source import SHIPPED, read_scale


class Command(StudyCommand):
    """`score_scale --scale CODE|FILE --answers FILE.csv --out FILE.csv`: exit 2 and nothing written on bad input."""

    help = "Score a CSV of answers: id, one column per item and per level override, holding si, no or nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", required=True, help="the code of a loaded or shipped scale, or a scale file")
        parser.add_argument("--answers", required=True, type=Path)
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        answers: Path = options["answers"]
        try:
            scale = self._scale(options["scale"])
            scores = score_forms(scale, read_answers(answers.read_bytes(), answers.name, scale))
            write_scores(scores, options["out"])
        except (ScaleFileInvalid, AnswersFileInvalid) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            message = f"{Path(error.filename or answers).name}: {error.strerror}"
            raise CommandError(message, returncode=2) from error
        incomplete = int((~scores["complete"]).sum())
        self.stdout.write(f"{scores.height} forms scored with {scale.code} {scale.version}, {incomplete} incomplete")

    def _scale(self, name: str) -> Scale:
        path = Path(name)
        if path.suffix or path.is_file():
            return read_scale(path)
        loaded = version_in_force(name, timezone.localdate())
        if loaded is not None:
            return scale_rules(loaded)
        if name not in SHIPPED:
            raise ScaleFileInvalid(name, ["no scale of this code is loaded, and no file has this name"])
        return read_scale(SHIPPED[name])
