#!/usr/bin/env python3
"""Django's command line for the study."""

import os
import sys

# Only these change or read the schema as its owner; everything else runs as the plain role.
OWNER_COMMANDS = frozenset({"migrate", "makemigrations", "sqlmigrate", "showmigrations"})


def main() -> int:
    """Run the command in sys.argv; return 2 after one clear line if no database or queue can be had."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivp_study.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["IVP_DB_ROLE"] = "owner"
    try:
        import django  # noqa: PLC0415 (without .venv: one clear line)
        from django.core.management import execute_from_command_line  # noqa: PLC0415
        from django.utils import translation  # noqa: PLC0415

        from ivp_study.private_servers import EmbeddedError  # noqa: PLC0415
    except ImportError as error:
        print(f"manage.py: {error}: run make setup, then .venv/bin/python manage.py", file=sys.stderr)
        return 2
    try:
        django.setup()
        translation.activate("en")  # the command line speaks English, the pages Spanish first
        execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        print(f"manage.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
