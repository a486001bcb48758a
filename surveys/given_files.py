"""The files that come with a workbook, as people give them: one by one, or packed in a ZIP archive.

An archive comes from outside, so nothing in it may decide how much memory it takes, nor where anything is put: a part
is unpacked as a stream up to a limit, and its path counts for nothing but the name at its end.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys.xforms.media import is_file_name, same_name, shown_name
from surveys.xforms.problems import Problem, XLSFormInvalid

MOST_FILES = 200
# An archive's list alone may be long: of more parts than this nothing is looked at.
_MOST_PARTS = 1_000
_CHUNK_BYTES = 2**16
_IS_ENCRYPTED = 0x1
_LEFT_BY_SYSTEMS = ("__MACOSX/", "__MACOSX\\")
_DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the files of one version may be, in bytes: each, and all together."""

    file_bytes: int
    whole_bytes: int


def given_files(given: Iterable[tuple[str, bytes]], *, limits: Limits) -> dict[str, bytes]:
    """Return files by name, those of archives (NAME.zip) unpacked. Raise XLSFormInvalid, with a sentence for each."""
    files, problems, whole = dict[str, bytes](), list[Problem](), 0
    for name, content in _one_by_one(given, problems, limits):
        whole += len(content)
        if whole > limits.whole_bytes or len(files) >= MOST_FILES:
            most = f"{MOST_FILES} files" if len(files) >= MOST_FILES else f"{limits.whole_bytes:,} bytes"
            problems.append(Problem(f"the files are too large together; expected at most {most}"))
            break
        if len(content) > limits.file_bytes:
            problems.append(Problem(_too_large(name, limits)))
        elif not is_file_name(name):
            problems.append(
                Problem(f"no file can be called “{shown_name(name)}”: use letters, digits, spaces, _ - . ( )")
            )
        elif same_name(name).casefold() in {same_name(known).casefold() for known in files}:
            problems.append(Problem(f"the file “{name}” was given twice"))
        else:
            files[name] = content
    if problems:
        raise XLSFormInvalid(problems)
    return files


def _one_by_one(
    given: Iterable[tuple[str, bytes]], problems: list[Problem], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    for name, content in given:
        if not name.lower().endswith(".zip"):
            yield name, content
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from _unpacked(name, archive, problems, limits)
        except _DAMAGED:
            problems.append(Problem(f"“{shown_name(name)}” is no ZIP archive that opens without a password"))


def _unpacked(
    name: str, archive: zipfile.ZipFile, problems: list[Problem], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        problems.append(Problem(f"the files are too large together; expected at most {MOST_FILES} files"))
        return
    for part in parts:
        own = part.filename.rpartition("/")[2]
        if part.is_dir() or part.filename.startswith(_LEFT_BY_SYSTEMS) or own in {".DS_Store", "Thumbs.db"}:
            continue
        if part.flag_bits & _IS_ENCRYPTED:
            raise zipfile.BadZipFile(name)
        if _leads_away(part.filename):
            problems.append(Problem(f"“{shown_name(part.filename)}” leads out of its archive"))
            continue
        content = _read(archive, part, limits.file_bytes)
        yield own, content


def _leads_away(path: str) -> bool:
    return path.startswith("/") or "\\" in path or ":" in path or "\0" in path or ".." in path.split("/")


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """Return a part, cut one byte behind what a file may have."""
    found = bytearray()
    with archive.open(part) as stream:
        while len(found) <= most and (chunk := stream.read(_CHUNK_BYTES)):
            found += chunk
    return bytes(found[: most + 1])


def _too_large(name: str, limits: Limits) -> str:
    return f"the file “{shown_name(name)}” is too large; expected at most {limits.file_bytes:,} bytes"
