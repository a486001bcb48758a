"""Measure what the study promises about speed; print JSON. `python scripts/bench.py [section …]`; all without one.

Works on servers of its own under var/bench, so that neither the demonstration nor the tests are touched. A figure that
another machine may see differently stands beside its ratio to a plain baseline of the same run.
"""

import json
import os
import platform
import sys
from datetime import datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BENCH_VAR = CHECKOUT / "var" / "bench"


def main(words: list[str]) -> int:
    """Run the sections named, in their order; return the exit status."""
    prepare_environment()
    import django  # noqa: PLC0415 - settings read the environment prepared above

    django.setup()
    from bench_sections import SECTIONS  # noqa: PLC0415 - models need the set-up above

    unknown = [word for word in words if word not in SECTIONS]
    if unknown:
        print(f"bench: no section {unknown[0]}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    results = {}
    for name, section in SECTIONS.items():
        if not words or name in words:
            print(f"bench: {name} …", file=sys.stderr, flush=True)
            results[name] = section()
    print(json.dumps({"machine": machine(), "sections": results}, indent=2))
    return 0


def prepare_environment() -> None:
    """Point everything at servers of the bench's own."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "IVP_DB_NAME"):
        os.environ.pop(name, None)
    os.environ["IVP_VAR"] = str(BENCH_VAR)
    os.environ["IVP_LOG_LEVEL"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "ivp_study.settings"
    sys.path.insert(0, str(CHECKOUT))


def machine() -> dict[str, object]:
    """Say what the figures were measured on, and how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.platform(),
        "on": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
