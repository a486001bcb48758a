"""An archive that is the same, byte for byte, whenever and wherever it is made from the same files."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from shutil import copyfileobj

# The first moment that a zip archive can name; no clock goes in.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_UNIX = 3
_LEVEL = 6


def write_archive(out: Path, members: Iterable[tuple[str, bytes | Path]]) -> None:
    """Write members, given by name and content or file, in order of name. A file is never whole in memory."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, content in sorted(members, key=lambda member: member[0]):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _MODE
            entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 (it has no other way before Python 3.13)
            if isinstance(content, bytes):
                archive.writestr(entry, content)
            else:
                entry.file_size = content.stat().st_size
                with content.open("rb") as source, archive.open(entry, "w") as target:
                    copyfileobj(source, target)
