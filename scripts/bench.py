"""Measure what the study promises about speed; print one JSON.

`python scripts/bench.py` measures every figure, `--only NAME …` some of them, `--list` names them. It works on servers
of its own under var/bench, so that neither the demonstration nor the tests are touched. Beside each figure stand its
promise, whether it holds, its ratio to a plain baseline of the same run, and how busy the machine was before and after.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
BENCH_VAR = CHECKOUT / "var" / "bench"
PROMISED = "promised_"


def main(words: list[str]) -> int:
    """Measure the figures asked for, in their order; return the exit status."""
    prepare_environment()
    import django  # noqa: PLC0415 - settings read the environment prepared above

    django.setup()
    from bench_sections import SECTIONS  # noqa: PLC0415 - models need the set-up above

    asked = parsed(words, list(SECTIONS))
    if asked.list:
        print("\n".join(SECTIONS))
        return 0
    figures = {}
    for name, measure in SECTIONS.items():
        if name in (asked.only or SECTIONS):
            print(f"bench: {name} …", file=sys.stderr, flush=True)
            figures[name] = measured(measure)
            # Said at once, too: should a later figure fail, this one is not lost.
            print(f"bench: {name}: {json.dumps(figures[name])}", file=sys.stderr, flush=True)
    print(json.dumps({"machine": machine(), "figures": figures}, indent=2))
    return 0


def parsed(words: list[str], names: list[str]) -> argparse.Namespace:
    """Return what was asked for; exit with status 2 after one clear line for a figure that there is not."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure what the study promises about speed.")
    parser.add_argument("--list", action="store_true", help="name the figures, measure nothing")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=names, help=f"of {', '.join(names)}")
    return parser.parse_args(words)


def measured(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Measure one figure; say whether every promise holds, and the load average before and after."""
    before = os.getloadavg()[0]
    figure = measure()
    return {**figure, "holds": holds(figure), "load": [round(before, 2), round(os.getloadavg()[0], 2)]}


def holds(figure: dict[str, Any]) -> bool | None:
    """Say whether each figure is at most what was promised under `promised_` and its name; None without a promise.

    Parts of a figure count too. Raise KeyError for a promise about nothing.
    """
    parts = [holds(part) for part in figure.values() if isinstance(part, dict)]
    kept = [figure[key.removeprefix(PROMISED)] <= most for key, most in figure.items() if key.startswith(PROMISED)]
    judged = [*kept, *(part for part in parts if part is not None)]
    return all(judged) if judged else None


def prepare_environment() -> None:
    """Point everything at servers of the bench's own."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "IVP_DB_NAME"):
        os.environ.pop(name, None)
    os.environ["IVP_VAR"] = str(BENCH_VAR)
    os.environ["IVP_LOG_LEVEL"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "ivp_study.settings"
    sys.path.insert(0, str(CHECKOUT))


def machine() -> dict[str, object]:
    """Say what the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "python": platform.python_version(),
        "system": platform.platform(),
        "on": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
