"""`manage.py demo [--port 8000] [--empty] [--reset]`."""

import signal
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from accounts.commands import StudyCommand
from accounts.errors import StudyError
from simulation import demo, processes


class Command(StudyCommand):
    help = "Run the whole study with a synthetic year on this machine until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the pages are served (default 8000)")
        parser.add_argument("--empty", action="store_true", help="a second study without stations, to start from")
        parser.add_argument("--reset", action="store_true", help="throw this demonstration's data away first")

    def handle(self, *args: object, port: int, empty: bool, reset: bool, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("the demonstration does not run in production: its password is public", returncode=2)
        self._started = time.monotonic()
        try:
            processes.check_port_is_free(port)
            # Until there are children to stop, both signals interrupt what is under way.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            self._prepare(empty=empty, reset=reset)
            with processes.stop_requested() as received:
                self._serve(port, received, is_empty=empty)
        except KeyboardInterrupt:
            raise CommandError("stopped before it was ready", returncode=130) from None
        except (processes.PortTaken, demo.DemoFailed) as error:
            raise CommandError(str(error), returncode=2) from error
        except processes.ChildDied as error:
            raise CommandError(str(error), returncode=1) from error

    def _prepare(self, *, empty: bool, reset: bool) -> None:
        name = demo.EMPTY_DATABASE if empty else demo.FULL_DATABASE
        demo.choose_database(name)
        if reset and self._is_sure(name):
            self._say("dropping the data of the demonstration")
            demo.drop_and_create(name)
        demo.migrate(self._say)
        try:
            (demo.prepare_empty if empty else demo.prepare_full)(self._say)
        except StudyError as error:
            raise demo.DemoFailed(f"{error} Data of an earlier version: start over with make demo-reset.") from error
        connection.close()

    def _serve(self, port: int, received: list[int], *, is_empty: bool) -> None:
        self._say("starting web, worker and beat")
        log_folder = Path(settings.VAR_DIR) / "log" / connection.settings_dict["NAME"]
        children = demo.start_services(port, log_folder=log_folder)
        try:
            demo.wait_until_it_answers(port, children, received)
            if not received:
                self._say("ready")
                self.stdout.write("\n".join(demo.welcome(port, is_empty=is_empty)))
                self.stdout.flush()
            processes.watch_children(children, received)
        finally:
            self._say("stopping")
            processes.stop_children(children)

    def _is_sure(self, name: str) -> bool:
        """Ask on a terminal; elsewhere --reset was explicit enough."""
        if not sys.stdin.isatty():
            return True
        answer = input(f"Drop the database {name} with everything in it? Type yes: ")
        return answer.strip().lower() in ("yes", "sí", "si")

    def _say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self._started:5.1f} s] {text}")
        self.stdout.flush()
