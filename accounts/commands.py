"""What the study's commands share: bad input is answered with one clear line and exit status 2."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class StudyCommand(BaseCommand):
    """A command whose wrong arguments cost one line, not a page of usage; `--help` still prints it all."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.print_usage = _print_nothing  # type: ignore[method-assign]
        return parser


def _print_nothing(file: object = None) -> None:
    """Stand in for argparse's usage, which it prints before the line that says what is wrong."""
