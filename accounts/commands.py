"""What the study's commands share: bad input is answered with one clear line and exit status 2."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class StudyCommand(BaseCommand):
    """A command whose wrong arguments cost one line, not a page of usage; `--help` still prints it all."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.print_usage = _print_nothing  # type: ignore[method-assign]
        return parser

    def show_progress(self, done: int, total: int, what: str) -> None:
        """Say how far long work has come: a bar on a terminal, plain lines at each tenth otherwise."""
        if self.stderr.isatty():
            bar = "#" * (30 * done // max(total, 1))
            self.stderr.write(f"\r[{bar:<30}] {done}/{total} {what}", ending="\n" if done == total else "")
        elif done == total or 10 * done // total > 10 * (done - 1) // total:
            self.stderr.write(f"{done}/{total} {what}")


def _print_nothing(file: object = None) -> None:
    """Stand in for argparse's usage, which it prints before the line that says what is wrong."""
