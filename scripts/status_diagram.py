"""Write docs/status.md: the diagrams of what may follow what, from the tables that the services ask.

With --check nothing is written, and the exit status is 1 if the file is stale.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TARGET = CHECKOUT / "docs" / "status.md"
sys.path.insert(0, str(CHECKOUT))

from participants import status  # noqa: E402 (the checkout must be on the path first)
from surveys import schedule  # noqa: E402

HEAD = """# What may follow what

This file is made by `scripts/status_diagram.py` from the tables in the code; do not edit it.
"""
WOMAN = """
## A woman's part in the study

Screening comes before; its rows say how it went. Every change is kept, with its reason, and no role can alter it
(`participants.StatusChange`). Withdrawal, death and the end of follow-up are final.
"""
SURVEY = """
## A survey case

On hold while she rests or has not signed a newer text; cancelled when she leaves or ends her consent to surveys, and
due again only if she agrees again within its window.
"""


def main(words: list[str]) -> int:
    """Write or check the file; return the exit status."""
    text = document()
    if words == ["--check"]:
        return 0 if TARGET.exists() and TARGET.read_text() == text else 1
    TARGET.write_text(text)
    return 0


def document() -> str:
    """Return the whole file."""
    woman = diagram({**status.ENTRY, **status.TRANSITIONS}, start="screened")
    reasons = "\n".join(f"| {name} | {', '.join(codes)} |" for name, codes in sorted(status.REASONS.items()))
    table = f"\n| becomes | reasons |\n|---|---|\n{reasons}\n"
    return HEAD + WOMAN + woman + table + SURVEY + diagram(schedule.TRANSITIONS, start="due")


def diagram(transitions: Mapping[str, frozenset[str]], *, start: str) -> str:
    """Return a Mermaid state diagram of a table; what nothing follows is an end."""
    lines = ["", "```mermaid", "stateDiagram-v2", f"    [*] --> {start}"]
    for before, following in transitions.items():
        lines += [f"    {before} --> {after}" for after in sorted(following)] or [f"    {before} --> [*]"]
    return "\n".join([*lines, "```", ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
