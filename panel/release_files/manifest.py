"""The manifest of a release: what it is, from when, for what, for whom, and the SHA-256 of every other file."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from panel.release_files.facts import Facts

NAME = "MANIFEST.json"


def manifest_json(facts: Facts, members: Iterable[tuple[str, bytes | Path]]) -> str:
    """Return the manifest over these members of the archive, given by name and content or file."""
    manifest = {
        "release": facts.number,
        "revision": facts.revision,
        "rows_removed_since_first_revision": facts.rows_removed,
        "as_of": facts.as_of.isoformat(),
        "purpose": facts.purpose,
        "requested_by": facts.requested_by,
        "approved_by": facts.approved_by,
        "protocol": facts.protocol,
        "protocol_sha256": facts.protocol_sha256,
        "code_version": facts.code_version,
        "data_locks": [dict(lock) for lock in facts.locks],
        "language": facts.language,
        "shape": facts.shape,
        "with_arm": facts.with_arm,
        "stable_codes": facts.stable_codes,
        "shift_days": facts.shift_days,
        "generalised": list(facts.generalised),
        "smallest_group": facts.smallest_group,
        "rows": {dataset.name: facts.rows_of(dataset) for dataset in facts.datasets},
        "sha256": {name: sha256_of(content) for name, content in sorted(members, key=lambda member: member[0])},
    }
    return json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def sha256_of(content: bytes | Path) -> str:
    """Return the SHA-256 of some content, or of a file, in hexadecimal."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
