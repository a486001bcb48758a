"""What the study's commands share: bad input is answered with one clear line and exit status 2."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

BAR_WIDTH = 30


class StudyCommand(BaseCommand):
    """A command whose wrong arguments cost one line, not a page of usage; `--help` still prints it all."""

    _tenth_told = 0

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.print_usage = _print_nothing  # type: ignore[method-assign]
        return parser

    def show_progress(self, done: int, total: int, what: str) -> None:
        """Say how far long work has come: a bar on a terminal, plain lines at each tenth otherwise."""
        if self.stderr.isatty():
            bar = "#" * (BAR_WIDTH * done // max(total, 1))
            line = f"\r[{bar:<{BAR_WIDTH}}] {done:,}/{total:,} {what}"
            self.stderr.write(line, ending="\n" if done == total else "")
        elif (tenth := 10 * done // max(total, 1)) != self._tenth_told:
            self._tenth_told = tenth
            self.stderr.write(f"{done:,}/{total:,} {what}")


def _print_nothing(file: object = None) -> None:
    """Stand in for argparse's usage, which it prints before the line that says what is wrong."""
