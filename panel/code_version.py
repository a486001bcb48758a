"""Which code made a release: told by the code itself, so that it holds wherever and however it was installed."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_ROOM = Path(__file__).parent
# What writes the files beside this room's own code.
_LIBRARIES = ("polars", "pyreadstat")
_DIGITS = 12


@cache
def code_version() -> str:
    """Return the first digits of the SHA-256 over this room's modules, and the versions of what writes files."""
    digest = hashlib.sha256()
    for module in sorted(_ROOM.rglob("*.py")):
        digest.update(str(module.relative_to(_ROOM)).encode() + b"\0" + module.read_bytes() + b"\0")
    libraries = " ".join(f"{name}-{version(name)}" for name in _LIBRARIES)
    return f"{digest.hexdigest()[:_DIGITS]} {libraries}"
