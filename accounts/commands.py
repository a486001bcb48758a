"""What the study's commands share: bad input is answered with one clear line and exit status 2."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser, OutputWrapper

BAR_WIDTH = 30


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


class ProgressBar:
    """How far long work has come: a bar that redraws itself on a terminal, a line each tenth otherwise."""

    def __init__(self, stream: OutputWrapper, unit: str) -> None:
        self._stream, self._unit, self._told = stream, unit, -1

    def show(self, done: int, total: int) -> None:
        """Tell how much of the work is done; nothing is written where nothing changed for the reader."""
        is_terminal = self._stream.isatty()
        step = done * (100 if is_terminal else 10) // max(total, 1)
        if step == self._told:
            return
        self._told = step
        share = done / max(total, 1)
        if is_terminal:
            bar = "#" * round(share * BAR_WIDTH)
            self._stream.write(f"\r[{bar:<{BAR_WIDTH}}] {share:4.0%} of {total:,} {self._unit}", ending="")
            return
        self._stream.write(f"{share:4.0%} of {total:,} {self._unit}")

    def close(self) -> None:
        """End the line that the bar stands on."""
        if self._told >= 0 and self._stream.isatty():
            self._stream.write("")
